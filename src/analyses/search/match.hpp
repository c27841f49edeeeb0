// What the engine finds for a query: the documents that pass the filters and have the
// words, each with the engine's score. Bounded whatever is asked: of a word that stands
// nearly everywhere, those documents are scored that have it in the title, and the newest
// of each kind.
#pragma once

#include <analyses/analysis.hpp>
#include <analyses/search/query.hpp>
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

// With all the words; at most kSearchCandidates, the best first.
std::vector<SearchHit> match_all(const Context& context, const SearchQuery& query);
// With some of the words, the rarest of them; parts of names count too.
std::vector<SearchHit> match_some(const Context& context, const SearchQuery& query);

}  // namespace resident
