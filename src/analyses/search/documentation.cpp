#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/describe.hpp>
#include <analyses/search/documentation.hpp>
#include <analyses/search/index.hpp>
#include <analyses/search/match.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr std::size_t kShown = 3;

// Its words alone: what would be a filter or a mark in a search box is none in a question.
SearchQuery words_of(std::string_view question) {
  std::string words(question);
  for (char& c : words)
    if (c == ':' || c == '"' || c == '-' || c == '*') c = ' ';
  SearchQuery query = parse_search(words);
  query.is = {"doc"};
  return query;
}

}  // namespace

std::optional<Result> documentation_like(const Context& context, std::string_view question) {
  const auto [from, to] = document_range(context.project_id, "doc");
  if (!context.database.integer("SELECT document_id FROM search_document WHERE project_id = :project AND document_id "
                                ">= :from AND document_id < :to LIMIT 1",
                                {{"project", context.project_id}, {"from", from}, {"to", to}}))
    return std::nullopt;
  const SearchQuery query = words_of(question);
  std::vector<SearchHit> hits = SearchMatcher(context, query).some();
  if (hits.size() > kShown) hits.resize(kShown);
  Result result = context.result("documentation", "Documentation", "Where does the documentation speak of it?");
  result.columns = {{"path", "File", ColumnType::text, "", "", "url"},
                    {"where", "From", ColumnType::text},
                    {"passage", "Passage", ColumnType::text},
                    {"at", "Changed", ColumnType::date},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  SearchDescriber describer(context, query);
  for (const auto& hit : hits) {
    const SearchShown shown = describer.describe(hit);
    result.rows.push_back({shown.title, shown.where, shown.excerpt, hit.at, shown.url});
  }
  result.claim = hits.empty() ? "The documentation does not speak of it."
                              : fmt::format("{} of the documentation {} of it, as far as words tell.",
                                            plural(static_cast<long long>(hits.size()), "file"),
                                            hits.size() == 1 ? "speaks" : "speak");
  result.sample_size = static_cast<std::int64_t>(hits.size());
  result.definition =
      "Files of the documentation as they stand now, unless they changed after the moment of the question, with some "
      "of the question's words, the rarer ones counting more.";
  result.method = "docs/guide/search.md";
  return result;
}

}  // namespace resident
