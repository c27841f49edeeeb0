// What is shown of a document that was found: its title and state, and the passage that
// has most of the words wanted, with who wrote it.
#pragma once

#include <analyses/search/match.hpp>
#include <analyses/search/query.hpp>
#include <framework/analysis.hpp>
#include <optional>
#include <string>
#include <unordered_map>

namespace resident {

struct SearchShown {
  std::int64_t number = 0;
  std::string title, state, author, url, excerpt, where;
  bool has_alone = true;  // each name with a digit that was asked for ("x86", "3.12") stands somewhere by itself
};

// Of one query; what it learns about words and people it keeps for the next document.
class SearchDescriber {
 public:
  SearchDescriber(const Context& context, const SearchQuery& query);
  SearchShown describe(const SearchHit& hit);
  // The names with a digit that are asked for: such a one may be the beginning of another ("x86-64", "3.12rc1").
  const std::vector<std::string>& names() const { return wanted_names_; }

 private:
  void look_for_names(std::string_view text);
  std::string person(const std::optional<std::int64_t>& identity);
  SearchShown commit(const SearchHit& hit);
  SearchShown thread(const SearchHit& hit);
  SearchShown documentation(const SearchHit& hit);
  SearchShown item(const SearchHit& hit);
  std::size_t worth(std::string_view word);  // to the one who asks
  // Keeps the passage that is worth most, the first of equals; where it begins, if it was kept.
  std::optional<std::size_t> consider(SearchShown& shown, std::string_view text,
                                      const std::optional<std::int64_t>& author, std::string_view where = {});

  const Context& context_;
  std::unordered_map<std::string, std::size_t> wanted_;
  std::vector<std::string> prefixes_;
  std::vector<std::string> wanted_names_;  // with a digit
  std::vector<bool> found_alone_;          // each of them, in the document that is looked at
  std::unordered_map<std::string, std::size_t> known_words_;
  std::unordered_map<std::int64_t, std::string> names_;
  std::size_t most_ = 0;
};

}  // namespace resident
