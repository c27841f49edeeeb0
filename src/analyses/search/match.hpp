// What the engine finds for a query: the documents that pass the filters and have the
// words, each with the engine's score. Bounded whatever is asked: of a word that stands
// nearly everywhere, those documents are scored that have it in the title, and the newest
// of each kind.
#pragma once

#include <analyses/search/query.hpp>
#include <framework/analysis.hpp>
#include <memory>
#include <string>
#include <vector>

namespace resident {

struct SearchHit {
  std::int64_t document = 0;
  std::string kind, key;
  Timestamp at = 0;
  double score = 0;
};

inline constexpr std::int64_t kSearchCandidates = 400;  // that the engine gives at most

class Matcher;
class SearchFilters;

// Refers to the query.
class SearchMatcher {
 public:
  SearchMatcher(const Context& context, const SearchQuery& query);
  ~SearchMatcher();
  // With all the words; at most kSearchCandidates, the best first.
  std::vector<SearchHit> all();
  // The commits that are named by seven digits of their hash or more, as people paste them; by time, the newest first.
  std::vector<SearchHit> named_commits() const;
  // With some of the words, the rarest of them; parts of names count too.
  std::vector<SearchHit> some();

 private:
  std::vector<SearchHit> newest() const;

  Database& database_;
  const SearchQuery& query_;
  std::unique_ptr<SearchFilters> filters_;
  std::unique_ptr<Matcher> matcher_;
};

}  // namespace resident
