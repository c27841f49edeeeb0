#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/index.hpp>
#include <analyses/search/matcher.hpp>
#include <unordered_set>

namespace resident {

namespace {

using Range = std::pair<std::int64_t, std::int64_t>;  // of documents: from, to before

class Fts5Matcher : public Matcher {
 public:
  Fts5Matcher(const Context& context, const SearchFilters& filters)
      : database_(context.database), project_id_(context.project_id), filters_(filters), ranges_(ranges()) {}

  std::vector<SearchHit> find(const SearchQuery& words, bool any) override {
    const std::string expression = fts5_expression(words, any);
    if (expression.empty()) return {};
    bool is_cut = false;
    std::vector<SearchHit> hits = ranked(expression, is_cut);
    if (!is_cut || !words.in.empty()) return hits;
    // The score of a document found in both ways is that of all its fields.
    std::unordered_set<std::int64_t> there;
    for (const auto& hit : hits) there.insert(hit.document);
    for (auto& hit : ranked(fmt::format("title : ({})", expression), is_cut))
      if (!there.contains(hit.document)) hits.push_back(std::move(hit));
    return best_of(std::move(hits));
  }

  std::int64_t frequency(const SearchTerm& term, std::int64_t most) override {
    SearchQuery one;
    one.terms = {term};
    const auto [from, to] = document_range(project_id_);
    return database_
        .integer(
            "SELECT count(*) FROM (SELECT 1 FROM search_words WHERE search_words MATCH :query AND rowid >= :from AND "
            "rowid < :to LIMIT :most) m",
            {{"most", most}, {"from", from}, {"to", to}, {"query", fts5_expression(one, true)}})
        .value_or(0);
  }

  std::vector<std::int64_t> excluded(const SearchQuery& words) override {
    std::vector<std::int64_t> numbers;
    const std::string expression = fts5_excluded(words);
    if (expression.empty()) return numbers;
    const auto [from, to] = document_range(project_id_);
    for (const auto rows = database_.query("SELECT rowid FROM search_words WHERE search_words MATCH :query AND rowid "
                                           ">= :from AND rowid < :to ORDER BY rowid",
                                           {{"query", expression}, {"from", from}, {"to", to}});
         rows->next();)
      numbers.push_back(rows->integer(0));
    return numbers;
  }

 private:
  // FTS5 gives documents in order of their numbers; the words decide first, then the filters.
  std::string from_fts5() const {
    std::string sql = " FROM search_words";
    if (!filters_.where().empty())
      sql += " CROSS JOIN search_document d ON d.project_id = :project AND d.document_id = search_words.rowid" +
             filters_.joins();
    return sql + " WHERE search_words MATCH :query AND search_words.rowid >= :from AND search_words.rowid < :to " +
           filters_.documents("+search_words.rowid") + filters_.where();
  }

  // Of each kind the newest kMostScored that match; is_cut: there are more.
  std::vector<SearchHit> ranked(const std::string& expression, bool& is_cut) const {
    is_cut = false;
    const std::string from = from_fts5();
    std::vector<SearchHit> hits;
    for (const Range& range : ranges_) {
      Parameters parameters = filters_.parameters();
      parameters.emplace_back("query", expression);
      parameters.emplace_back("to", range.second);
      parameters.emplace_back("from", range.first);
      Parameters counting = parameters;
      counting.emplace_back("skip", kMostScored - 1);
      const auto oldest = database_.integer(
          "SELECT search_words.rowid" + from + " ORDER BY search_words.rowid DESC LIMIT 1 OFFSET :skip", counting);
      is_cut = is_cut || oldest;
      parameters.back().second = oldest.value_or(range.first);
      parameters.emplace_back("candidates", kSearchCandidates);
      for (auto& hit : read_hits(database_,
                                 "SELECT d.document_id, d.kind, d.parent_key, d.at, m.score FROM (SELECT "
                                 "search_words.rowid AS document_id, -bm25(search_words, 3.0, 1.0, 0.5) AS score" +
                                     from +
                                     " ORDER BY score DESC LIMIT :candidates) m JOIN search_document d ON d.project_id "
                                     "= :project AND d.document_id = m.document_id",
                                 parameters))
        hits.push_back(std::move(hit));
    }
    return best_of(std::move(hits));
  }

  // Of the kinds of which there is anything.
  std::vector<Range> ranges() const {
    std::vector<Range> ranges;
    for (const std::string_view kind : kSearchKinds) {
      const Range range = document_range(project_id_, kind);
      if (database_.integer("SELECT document_id FROM search_document WHERE project_id = :project AND document_id >= "
                            ":from AND document_id < :to LIMIT 1",
                            {{"project", project_id_}, {"from", range.first}, {"to", range.second}}))
        ranges.push_back(range);
    }
    return ranges;
  }

  Database& database_;
  std::int64_t project_id_;
  const SearchFilters& filters_;
  std::vector<Range> ranges_;
};

}  // namespace

std::unique_ptr<Matcher> make_fts5_matcher(const Context& context, const SearchFilters& filters) {
  return std::make_unique<Fts5Matcher>(context, filters);
}

}  // namespace resident
