#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/index.hpp>
#include <analyses/search/match.hpp>
#include <base/text.hpp>
#include <memory>
#include <optional>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::int64_t kMostScored = 5000;          // of one kind, or of titles: beyond, the newest are scored
constexpr std::int64_t kMostMatches = 5000;         // the same for PostgreSQL, of all kinds
constexpr std::size_t kMostListed = 20000;          // documents of a filter that are written out in a query
constexpr std::int64_t kMostSomeDocuments = 15000;  // of the words of which some are enough, together

// SQL conditions with their parameters, whose names it keeps.
class Filters {
 public:
  Filters(const Context& context, const SearchQuery& query) {
    parameters_.emplace_back("project", context.project_id);
    if (query.before) {
      where_ += " AND d.at < :before";
      parameters_.emplace_back("before", *query.before);
    }
    if (query.after) {
      where_ += " AND d.at >= :after";
      parameters_.emplace_back("after", *query.after);
    }
    for (const auto& is : query.is) add_state(is);
    for (const auto& label : query.labels)
      add_documents(
          "SELECT s.document_id FROM search_document s WHERE s.project_id = :project AND s.kind IN ('issue', 'pull') "
          "AND s.parent_key IN (SELECT CAST(l.item_id AS TEXT) FROM item_label l WHERE l.project_id = :project AND " +
          is_one_of({label}, "l.name") + ")");
    if (!query.channels.empty())
      add_documents(
          "SELECT s.document_id FROM search_document s WHERE s.project_id = :project AND s.kind = 'thread' AND "
          "s.parent_key IN (SELECT t.thread_key FROM thread t WHERE t.project_id = :project AND " +
          is_one_of(query.channels, "t.channel") + ")");
    if (!query.authors.empty()) add_authors(query.authors);
    add_moment(context);
  }

  // Reads small sets of documents once, so that the queries do not.
  void resolve(Database& database) {
    for (auto& set : documents_) {
      std::string list;
      std::size_t count = 0;
      for (const auto rows = database.query(fmt::format("{} LIMIT {}", set, kMostListed + 1), parameters_);
           rows->next() && count <= kMostListed; ++count)
        list += fmt::format("{}{}", list.empty() ? "" : ",", rows->integer(0));
      if (count <= kMostListed) set = list.empty() ? "-1" : list;
    }
  }

  // On search_document d, and item i and thread t where joins() has them.
  const std::string& where() const { return where_; }
  const Parameters& parameters() const { return parameters_; }
  std::string joins() const {
    std::string joins;
    if (where_.find("i.") != std::string::npos)
      joins +=
          " LEFT JOIN item i ON d.kind IN ('issue', 'pull') AND i.project_id = :project AND i.item_id = CASE WHEN "
          "d.kind IN ('issue', 'pull') THEN CAST(d.parent_key AS INTEGER) END";
    if (where_.find("t.") != std::string::npos)
      joins += " LEFT JOIN thread t ON d.kind = 'thread' AND t.project_id = :project AND t.thread_key = d.parent_key";
    return joins;
  }
  // Conditions "AND … IN (…)" on the number of a document, called `id` in the query.
  std::string documents(std::string_view id) const {
    std::string sql;
    for (const auto& each : documents_) sql += fmt::format(" AND {} IN ({})", id, each);
    return sql;
  }

 private:
  void add_state(const std::string& is) {
    // What the forge no longer has keeps the state it was last seen in, and is not open.
    constexpr std::string_view kGone =
        "EXISTS (SELECT 1 FROM item_tombstone o WHERE o.project_id = :project AND o.item_id = i.item_id)";
    if (is == "pr") where_ += " AND d.kind = 'pull'";
    if (is == "issue" || is == "thread" || is == "commit" || is == "doc")
      where_ += fmt::format(" AND d.kind = '{}'", is);
    if (is == "merged") where_ += " AND i.merged_at IS NOT NULL";
    if (is == "draft") where_ += fmt::format(" AND i.is_draft = 1 AND i.state = 'open' AND NOT {}", kGone);
    if (is == "open")
      where_ += fmt::format(
          " AND ((d.kind IN ('issue', 'pull') AND i.state = 'open' AND NOT {}) OR (d.kind = 'thread' AND t.closed_at "
          "IS NULL))",
          kGone);
    if (is == "closed")
      where_ += fmt::format(
          " AND ((d.kind IN ('issue', 'pull') AND (i.state = 'closed' OR {})) OR (d.kind = 'thread' AND t.closed_at IS "
          "NOT NULL))",
          kGone);
  }

  // What a file said before its last change is not kept, so in the past before it, it says nothing.
  void add_moment(const Context& context) {
    const auto [from, to] = document_range(context.project_id, "doc");
    const Parameters later{{"project", context.project_id}, {"from", from}, {"to", to}, {"as_of", context.as_of}};
    if (!context.database.integer("SELECT document_id FROM search_document WHERE project_id = :project AND document_id "
                                  ">= :from AND document_id < :to AND at > :as_of LIMIT 1",
                                  later))
      return;
    where_ += " AND (d.kind <> 'doc' OR d.at <= :as_of)";
    parameters_.emplace_back("as_of", context.as_of);
  }

  void add_authors(const std::vector<std::string>& authors) {
    const std::string identities =
        "(SELECT pi.identity_id FROM person p JOIN person_identity pi ON pi.project_id = p.project_id AND pi.person_id "
        "= p.person_id WHERE p.project_id = :project AND (" +
        is_one_of(authors, "p.login") + " OR " + is_one_of(authors, "p.name") + "))";
    const auto of_kind = [&](const char* kinds, const char* table, const char* key) {
      return fmt::format(
          "SELECT s.document_id FROM search_document s WHERE s.project_id = :project AND s.kind IN ({}) AND "
          "s.parent_key IN (SELECT {} FROM {} a WHERE a.project_id = :project AND a.author_id IN {})",
          kinds, key, table, identities);
    };
    add_documents(of_kind("'issue', 'pull'", "item", "CAST(a.item_id AS TEXT)") + " UNION ALL " +
                  of_kind("'thread'", "thread", "a.thread_key") + " UNION ALL " +
                  of_kind("'commit'", "git_commit", "a.sha"));
  }

  void add_documents(std::string sql) { documents_.push_back(std::move(sql)); }

  std::string is_one_of(const std::vector<std::string>& values, std::string_view column) {
    std::string condition;
    for (const auto& value : values) {
      names_.push_back(std::make_unique<std::string>(fmt::format("value{}", names_.size())));
      parameters_.emplace_back(*names_.back(), to_lower(value));
      condition += fmt::format("{}lower({}) = :{}", condition.empty() ? "" : " OR ", column, *names_.back());
    }
    return "(" + condition + ")";
  }

  std::string where_;
  std::vector<std::string> documents_;
  Parameters parameters_;
  std::vector<std::unique_ptr<std::string>> names_;  // parameters refer to them
};

using Range = std::pair<std::int64_t, std::int64_t>;  // of documents: from, to before

class Matcher {
 public:
  Matcher(const Context& context, const SearchQuery& query)
      : database_(context.database),
        project_id_(context.project_id),
        query_(query),
        filters_(context, query),
        is_postgres_(context.database.engine() == "postgresql") {
    filters_.resolve(database_);
    if (!is_postgres_) ranges_ = ranges();
  }

  std::vector<SearchHit> find(const SearchQuery& words, bool any) const {
    const std::string expression = is_postgres_ ? tsquery_expression(words, any) : fts5_expression(words, any);
    if (expression.empty()) return any ? std::vector<SearchHit>{} : newest();
    if (is_postgres_) return ranked_by_postgres(expression);
    bool is_cut = false;
    std::vector<SearchHit> hits = ranked_by_sqlite(expression, is_cut);
    if (!is_cut || !query_.in.empty()) return hits;
    // The score of a document found in both ways is that of all its fields.
    std::unordered_set<std::int64_t> there;
    for (const auto& hit : hits) there.insert(hit.document);
    for (auto& hit : ranked_by_sqlite(fmt::format("title : ({})", expression), is_cut))
      if (!there.contains(hit.document)) hits.push_back(std::move(hit));
    return best_of(std::move(hits));
  }

  // Documents of the project that have the term; counted up to `most`.
  std::int64_t frequency(const SearchTerm& term, std::int64_t most) const {
    SearchQuery one;
    one.terms = {term};
    Parameters parameters{
        {"most", most}, {"from", document_range(project_id_).first}, {"to", document_range(project_id_).second}};
    parameters.emplace_back("query", is_postgres_ ? tsquery_expression(one, true) : fts5_expression(one, true));
    return database_
        .integer(is_postgres_ ? "SELECT count(*) FROM (SELECT 1 FROM search_words WHERE words @@ CAST(:query AS "
                                "tsquery) AND document_id >= :from AND document_id < :to LIMIT :most) m"
                              : "SELECT count(*) FROM (SELECT 1 FROM search_words WHERE search_words MATCH :query AND "
                                "rowid >= :from AND rowid < :to LIMIT :most) m",
                 parameters)
        .value_or(0);
  }

 private:
  std::vector<SearchHit> read(const std::string& sql, const Parameters& parameters) const {
    std::vector<SearchHit> hits;
    for (const auto rows = database_.query(sql, parameters); rows->next();)
      hits.push_back({rows->integer(0), rows->string(1), rows->string(2), rows->integer(3), rows->number(4)});
    return hits;
  }

  std::vector<SearchHit> newest() const {
    Parameters parameters = filters_.parameters();
    parameters.emplace_back("candidates", kSearchCandidates);
    return read("SELECT d.document_id, d.kind, d.parent_key, d.at, 0.0 FROM search_document d" + filters_.joins() +
                    " WHERE d.project_id = :project" + filters_.where() + filters_.documents("d.document_id") +
                    // In order of time without sorting, but where only some documents are to be looked at.
                    (filters_.documents("").empty() ? " ORDER BY d.at" : " ORDER BY d.at + 0") +
                    " DESC LIMIT :candidates",
                parameters);
  }

  std::vector<SearchHit> ranked_by_postgres(const std::string& expression) const {
    Parameters parameters = filters_.parameters();
    parameters.emplace_back("query", expression);
    parameters.emplace_back("matches", kMostMatches);
    parameters.emplace_back("candidates", kSearchCandidates);
    // To the planner a phrase is as common as its words, so that it would look through all documents in order of time
    // for the first that have it; the index knows which have the words.
    const std::string in_time = expression.find(" <-> ") == std::string::npos ? "" : " + 0";
    // The newest matches alone are ranked: ranking reads each document.
    return read(
        "SELECT document_id, kind, parent_key, at, ts_rank('{0,0.17,0.33,1}', words, CAST(:query AS tsquery), 1) AS "
        "score FROM (SELECT d.document_id, d.kind, d.parent_key, d.at, w.words FROM search_words w JOIN "
        "search_document d ON d.document_id = w.document_id" +
            filters_.joins() + " WHERE d.project_id = :project AND w.words @@ CAST(:query AS tsquery)" +
            filters_.where() + filters_.documents("w.document_id") + " ORDER BY d.at" + in_time +
            " DESC LIMIT :matches) m ORDER BY score DESC LIMIT :candidates",
        parameters);
  }

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
  std::vector<SearchHit> ranked_by_sqlite(const std::string& expression, bool& is_cut) const {
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
      for (auto& hit :
           read("SELECT d.document_id, d.kind, d.parent_key, d.at, m.score FROM (SELECT search_words.rowid AS "
                "document_id, "
                "-bm25(search_words, 3.0, 1.0, 0.5) AS score" +
                    from +
                    " ORDER BY score DESC LIMIT :candidates) m JOIN search_document d ON d.project_id = :project AND "
                    "d.document_id = m.document_id",
                parameters))
        hits.push_back(std::move(hit));
    }
    return best_of(std::move(hits));
  }

  static std::vector<SearchHit> best_of(std::vector<SearchHit> hits) {
    std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
    if (hits.size() > kSearchCandidates) hits.resize(kSearchCandidates);
    return hits;
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
  const SearchQuery& query_;
  Filters filters_;
  bool is_postgres_;
  std::vector<Range> ranges_;
};

}  // namespace

std::vector<SearchHit> match_all(const Context& context, const SearchQuery& query) {
  return Matcher(context, query).find(query, false);
}

std::vector<SearchHit> match_some(const Context& context, const SearchQuery& query) {
  const Matcher matcher(context, query);
  SearchQuery words = query;
  words.terms.clear();
  std::vector<std::pair<std::int64_t, SearchTerm>> wanted;
  for (const auto& term : query.terms) {
    if (term.is_excluded) {
      words.terms.push_back(term);
      continue;
    }
    wanted.emplace_back(matcher.frequency(term, kMostSomeDocuments), term);
    // "fooBar" is also found by foo and by bar.
    if (term.is_phrase || term.is_prefix) continue;
    for (std::size_t i = 1; i < term.tokens.size(); ++i) {
      SearchTerm part;
      part.tokens = {term.tokens[i]};
      wanted.emplace_back(matcher.frequency(part, kMostSomeDocuments), std::move(part));
    }
  }
  std::stable_sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::int64_t documents = 0;
  for (auto& [frequency, term] : wanted) {
    if (frequency == 0) continue;
    if (documents > 0 && documents + frequency > kMostSomeDocuments) break;
    documents += frequency;
    words.terms.push_back(std::move(term));
  }
  return documents > 0 ? matcher.find(words, true) : std::vector<SearchHit>{};
}

}  // namespace resident
