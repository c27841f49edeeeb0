#include <algorithm>
#include <analyses/search/index.hpp>
#include <analyses/search/index_tables.hpp>
#include <analyses/search/match.hpp>
#include <analyses/search/matcher.hpp>
#include <iterator>

namespace resident {

namespace {

constexpr std::size_t kMostSomeWords = 64;          // of which some are enough
constexpr std::int64_t kMostSomeDocuments = 15000;  // of the words of which some are enough, together

}  // namespace

std::vector<SearchHit> read_hits(Database& database, const std::string& sql, const Parameters& parameters) {
  std::vector<SearchHit> hits;
  for (const auto rows = database.query(sql, parameters); rows->next();)
    hits.push_back({rows->integer(0), rows->string(1), rows->string(2), rows->integer(3), rows->number(4)});
  return hits;
}

std::vector<SearchHit> best_of(std::vector<SearchHit> hits) {
  std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  if (hits.size() > kSearchCandidates) hits.resize(kSearchCandidates);
  return hits;
}

SearchMatcher::SearchMatcher(const Context& context, const SearchQuery& query)
    : database_(context.database), query_(query) {
  renew_search_index(context.database, context.project_id);
  filters_ = std::make_unique<SearchFilters>(context, query);
  matcher_ = uses_postings(context.database) ? make_posting_matcher(context, *filters_, query)
                                             : make_fts5_matcher(context, *filters_);
}

SearchMatcher::~SearchMatcher() = default;

std::vector<SearchHit> SearchMatcher::all() {
  const bool has_words =
      std::any_of(query_.terms.begin(), query_.terms.end(), [](const auto& term) { return !term.is_excluded; });
  return has_words ? matcher_->find(query_, false) : newest();
}

std::vector<SearchHit> SearchMatcher::named_commits() const {
  std::vector<SearchHit> found;
  for (const std::string& hash : query_.hashes) {
    Parameters parameters = filters_->parameters();
    const std::string behind = hash + "g";  // no digit of a hash
    parameters.emplace_back("hash", hash);
    parameters.emplace_back("behind", behind);
    auto hits =
        read_hits(database_,
                  "SELECT d.document_id, d.kind, d.parent_key, d.at, 0.0 FROM search_document d" + filters_->joins() +
                      " WHERE d.project_id = :project AND d.kind = 'commit' AND d.parent_key IN (SELECT sha "
                      "FROM git_commit WHERE project_id = :project AND sha >= :hash AND sha < :behind)" +
                      filters_->where() + filters_->documents("d.document_id") +
                      " ORDER BY d.at DESC, d.document_id DESC LIMIT 20",
                  parameters);
    found.insert(found.end(), std::make_move_iterator(hits.begin()), std::make_move_iterator(hits.end()));
  }
  return found;
}

std::vector<SearchHit> SearchMatcher::newest() const {
  Parameters parameters = filters_->parameters();
  const std::vector<std::int64_t> excluded = matcher_->excluded(query_);
  const auto left_out = static_cast<std::int64_t>(excluded.size());
  parameters.emplace_back("candidates", kSearchCandidates + left_out);
  const std::string documents = filters_->documents("d.document_id");
  std::vector<SearchHit> hits = read_hits(
      database_,
      "SELECT d.document_id, d.kind, d.parent_key, d.at, 0.0 FROM search_document d" + filters_->joins() +
          " WHERE d.project_id = :project" + filters_->where() + documents +
          // In order of time without sorting, but where only some documents are to be looked at.
          (documents.empty() ? " ORDER BY d.at" : " ORDER BY d.at + 0") + " DESC, d.document_id DESC LIMIT :candidates",
      parameters);
  std::erase_if(
      hits, [&](const SearchHit& hit) { return std::binary_search(excluded.begin(), excluded.end(), hit.document); });
  if (hits.size() > kSearchCandidates) hits.resize(kSearchCandidates);
  return hits;
}

std::vector<SearchHit> SearchMatcher::some() {
  SearchQuery words = query_;
  words.terms.clear();
  std::vector<std::pair<std::int64_t, SearchTerm>> wanted;
  const auto add = [&](const std::string& token) {
    if (wanted.size() >= kMostSomeWords) return;
    SearchTerm part;
    part.tokens = {token};
    wanted.emplace_back(matcher_->frequency(part, kMostSomeDocuments), std::move(part));
  };
  for (const auto& term : query_.terms) {
    if (term.is_excluded) {
      words.terms.push_back(term);
      continue;
    }
    if (wanted.size() < kMostSomeWords) wanted.emplace_back(matcher_->frequency(term, kMostSomeDocuments), term);
    // "foo.bar" is also found by foo and by bar.
    for (const auto& word : term.words)
      for (const auto& token : word) add(token);
    // So is "fooBar".
    if (term.is_phrase || term.is_prefix) continue;
    for (std::size_t i = 1; i < term.tokens.size(); ++i) add(term.tokens[i]);
  }
  std::stable_sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::int64_t documents = 0;
  for (auto& [frequency, term] : wanted) {
    if (frequency == 0) continue;
    if (documents > 0 && documents + frequency > kMostSomeDocuments) break;
    documents += frequency;
    words.terms.push_back(std::move(term));
  }
  return documents > 0 ? matcher_->find(words, true) : std::vector<SearchHit>{};
}

}  // namespace resident
