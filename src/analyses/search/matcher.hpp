// The two ways of finding words and ranking what has them: FTS5, and our lists of postings on PostgreSQL. Both give the
// same documents in the same order, by FTS5's formula of BM25 (Robertson et al., Okapi at TREC-3; k1 1.2, b 0.75,
// fields weighted by how often a word counts). How rare a word is, is told of the store in SQLite, of the project on
// PostgreSQL.
#pragma once

#include <analyses/search/filters.hpp>
#include <analyses/search/match.hpp>

namespace resident {

inline constexpr std::int64_t kMostScored = 5000;  // of one kind, or of titles: beyond, the newest are scored
inline constexpr double kTitleWeight = 3, kBodyWeight = 1, kRepliesWeight = 0.5;

class Matcher {
 public:
  virtual ~Matcher() = default;
  // Of the words at least one that is not excluded. any: one of them is enough.
  virtual std::vector<SearchHit> find(const SearchQuery& words, bool any) = 0;
  // Documents of the project that have the term; counted up to `most`.
  virtual std::int64_t frequency(const SearchTerm& term, std::int64_t most) = 0;
  // Documents of the project that have any of the terms that are to be left out, in order.
  virtual std::vector<std::int64_t> excluded(const SearchQuery& words) = 0;
};

std::unique_ptr<Matcher> make_fts5_matcher(const Context& context, const SearchFilters& filters);
// query: all words that will be asked for, and the parts of their names.
std::unique_ptr<Matcher> make_posting_matcher(const Context& context, const SearchFilters& filters,
                                              const SearchQuery& query);

// Document, kind, key, moment, score.
std::vector<SearchHit> read_hits(Database& database, const std::string& sql, const Parameters& parameters);
// The best first, at most kSearchCandidates.
std::vector<SearchHit> best_of(std::vector<SearchHit> hits);

}  // namespace resident
