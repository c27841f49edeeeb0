// resident search: full-text search over items with all that was said in them, threads
// of channels, and commits.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/queues/thread.hpp>
#include <analyses/search/index.hpp>
#include <analyses/search/query.hpp>
#include <analyses/text/tokens.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>

namespace resident {

namespace {

constexpr std::int64_t kCandidates = 400;     // ranked by the engine, then by us
constexpr std::int64_t kMostMatches = 20000;  // newest of a PostgreSQL search that are ranked at all
constexpr double kRecencyWeight = 0.15;       // of the score, for what began today; halves in two years
constexpr double kHalfLife = 2 * kMeanYear;
constexpr std::size_t kExcerptBefore = 50, kExcerptLength = 200;
constexpr int kWindow = 25;  // words in which an excerpt's hits are counted

struct Hit {
  std::int64_t document = 0;
  std::string kind, key;
  Timestamp at = 0;
  double score = 0;
};

struct Shown {
  std::int64_t number = 0;
  std::string title, state, author, url, excerpt, where;
};

std::string in_list(const std::vector<std::string>& values, const std::string& column, const std::string& name,
                    Parameters& parameters, std::vector<std::string>& names) {
  std::string condition;
  for (const auto& value : values) {
    names.push_back(fmt::format("{}{}", name, names.size()));
    parameters.emplace_back(std::string_view(), to_lower(value));
    condition += fmt::format("{}lower({}) = :{}", condition.empty() ? "" : " OR ", column, names.back());
  }
  return "(" + condition + ")";
}

// Conditions of the filters, over search_document d, with item and thread joined where they are needed.
std::string conditions_of(const SearchQuery& query, Parameters& parameters, std::vector<std::string>& names) {
  // What the forge no longer has keeps the state it was last seen in, and is not open.
  constexpr std::string_view kGone =
      "EXISTS (SELECT 1 FROM item_tombstone o WHERE o.project_id = d.project_id AND o.item_id = i.item_id)";
  std::string sql;
  if (query.before) {
    sql += " AND d.at < :before";
    parameters.emplace_back("before", *query.before);
  }
  if (query.after) {
    sql += " AND d.at >= :after";
    parameters.emplace_back("after", *query.after);
  }
  for (const auto& is : query.is) {
    if (is == "pr") sql += " AND d.kind = 'pull'";
    if (is == "issue" || is == "thread" || is == "commit") sql += fmt::format(" AND d.kind = '{}'", is);
    if (is == "merged") sql += " AND i.merged_at IS NOT NULL";
    if (is == "draft") sql += fmt::format(" AND i.is_draft = 1 AND i.state = 'open' AND NOT {}", kGone);
    if (is == "open")
      sql += fmt::format(
          " AND ((d.kind IN ('issue', 'pull') AND i.state = 'open' AND NOT {}) OR (d.kind = 'thread' AND t.closed_at "
          "IS NULL))",
          kGone);
    if (is == "closed")
      sql += fmt::format(
          " AND ((d.kind IN ('issue', 'pull') AND (i.state = 'closed' OR {})) OR (d.kind = 'thread' AND t.closed_at IS "
          "NOT NULL))",
          kGone);
  }
  for (const auto& label : query.labels)
    sql += " AND EXISTS (SELECT 1 FROM item_label l WHERE l.project_id = d.project_id AND l.item_id = i.item_id AND " +
           in_list({label}, "l.name", "label", parameters, names) + ")";
  if (!query.channels.empty()) sql += " AND " + in_list(query.channels, "t.channel", "channel", parameters, names);
  if (!query.authors.empty())
    sql +=
        " AND COALESCE(i.author_id, t.author_id, g.author_id) IN (SELECT pi.identity_id FROM person p JOIN "
        "person_identity pi ON pi.project_id = p.project_id AND pi.person_id = p.person_id WHERE p.project_id = "
        "d.project_id AND (" +
        in_list(query.authors, "p.login", "author", parameters, names) + " OR " +
        in_list(query.authors, "p.name", "author", parameters, names) + "))";
  return sql;
}

std::vector<Hit> match(const Context& context, const SearchQuery& query, bool any) {
  Database& database = context.database;
  const bool is_postgres = database.engine() == "postgresql";
  const std::string expression = is_postgres ? tsquery_expression(query, any) : fts5_expression(query, any);
  Parameters parameters{{"project", context.project_id}, {"candidates", kCandidates}};
  std::vector<std::string> names;
  names.reserve(64);  // names are referred to
  const std::size_t fixed = parameters.size();
  std::string conditions = conditions_of(query, parameters, names);
  std::size_t next = 0;
  for (std::size_t i = fixed; i < parameters.size(); ++i)
    if (parameters[i].first.empty()) parameters[i].first = names[next++];
  const bool needs_item = conditions.find("i.") != std::string::npos;
  const bool needs_thread = conditions.find("t.") != std::string::npos;
  const bool needs_commit = conditions.find("g.") != std::string::npos;
  std::string joins;
  if (needs_item || needs_commit)
    joins +=
        " LEFT JOIN item i ON d.kind IN ('issue', 'pull') AND i.project_id = d.project_id AND i.item_id = CASE WHEN "
        "d.kind IN ('issue', 'pull') THEN CAST(d.parent_key AS INTEGER) END";
  if (needs_thread)
    joins += " LEFT JOIN thread t ON d.kind = 'thread' AND t.project_id = d.project_id AND t.thread_key = d.parent_key";
  if (needs_commit)
    joins += " LEFT JOIN git_commit g ON d.kind = 'commit' AND g.project_id = d.project_id AND g.sha = d.parent_key";
  std::string sql;
  if (expression.empty()) {
    sql = "SELECT d.document_id, d.kind, d.parent_key, d.at, 0.0 FROM search_document d" + joins +
          " WHERE d.project_id = :project" + conditions + " ORDER BY d.at DESC LIMIT :candidates";
  } else if (is_postgres) {
    parameters.emplace_back("query", expression);
    parameters.emplace_back("matches", kMostMatches);
    // The newest matches alone are ranked: ranking reads each document.
    sql =
        "SELECT document_id, kind, parent_key, at, ts_rank('{0,0.17,0.33,1}', words, CAST(:query AS tsquery), 1) AS "
        "score "
        "FROM (SELECT d.document_id, d.kind, d.parent_key, d.at, w.words FROM search_words w JOIN search_document d ON "
        "d.document_id = w.document_id" +
        joins + " WHERE d.project_id = :project AND w.words @@ CAST(:query AS tsquery)" + conditions +
        " ORDER BY d.at DESC LIMIT :matches) m ORDER BY score DESC LIMIT :candidates";
  } else {
    parameters.emplace_back("query", expression);
    sql =
        "SELECT d.document_id, d.kind, d.parent_key, d.at, -bm25(search_words, 3.0, 1.0, 0.5) AS score FROM "
        "search_words "
        "JOIN search_document d ON d.project_id = :project AND d.document_id = search_words.rowid" +
        joins + " WHERE search_words MATCH :query" + conditions + " ORDER BY score DESC LIMIT :candidates";
  }
  std::vector<Hit> hits;
  for (const auto rows = database.query(sql, parameters); rows->next();)
    hits.push_back({rows->integer(0), rows->string(1), rows->string(2), rows->integer(3), rows->number(4)});
  return hits;
}

// The engine's score, and a little for what is recent.
void rank(std::vector<Hit>& hits, Timestamp now) {
  double best = 0;
  for (const auto& hit : hits) best = std::max(best, hit.score);
  for (auto& hit : hits) {
    const double age = std::max(0.0, static_cast<double>(now - hit.at));
    hit.score = (best > 0 ? hit.score / best : 0) + kRecencyWeight * std::exp2(-age / kHalfLife);
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score > b.score; });
}

// What has only some of the words stands after what has all.
void add_partial(std::vector<Hit>& hits, std::vector<Hit> partial, Timestamp now) {
  rank(partial, now);
  const std::size_t with_all = hits.size();
  for (auto& hit : hits) hit.score += 2;  // above any partial score
  for (const auto& hit : partial) {
    const auto end = hits.begin() + static_cast<std::ptrdiff_t>(with_all);
    if (std::none_of(hits.begin(), end, [&](const Hit& each) { return each.document == hit.document; }))
      hits.push_back(hit);
  }
}

// The place with most of the words wanted, within a few words of each other.
std::string excerpt_of(std::string_view text, const SearchQuery& query, std::size_t* found_words) {
  std::vector<std::string> wanted;
  for (const auto& term : query.terms)
    if (!term.is_excluded) wanted.insert(wanted.end(), term.tokens.begin(), term.tokens.end());
  const auto is_wanted = [&](std::string_view word) {
    std::vector<std::string> tokens;
    add_word_tokens(word, tokens);
    return std::any_of(tokens.begin(), tokens.end(), [&](const auto& token) {
      return std::find(wanted.begin(), wanted.end(), token) != wanted.end();
    });
  };
  const auto places = word_places(text);
  std::vector<std::size_t> hits;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (is_wanted(text.substr(places[i].begin, places[i].end - places[i].begin))) hits.push_back(i);
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0, j = 0; i < hits.size(); ++i) {
    while (hits[i] - hits[j] > kWindow) ++j;
    if (i - j + 1 > most) most = i - j + 1, best = hits[j];
  }
  if (found_words) *found_words = most;
  const std::size_t at = places.empty() ? 0 : places[best].begin;
  std::size_t begin = at > kExcerptBefore ? at - kExcerptBefore : 0;
  while (begin > 0 && begin < text.size() && text[begin] != ' ' && text[begin] != '\n' &&
         at - begin < 2 * kExcerptBefore)
    --begin;
  return fit_width(one_line(clean_text(text.substr(begin, kExcerptLength + 100))), kExcerptLength);
}

class Describer {
 public:
  Describer(const Context& context, const SearchQuery& query)
      : context_(context), query_(query), people_(load_people(context)) {}

  Shown describe(const Hit& hit) const {
    Shown shown;
    Parameters parameters{{"project", context_.project_id}};
    if (hit.kind == "commit") {
      parameters.emplace_back("sha", hit.key);
      const auto rows = context_.database.query(
          "SELECT subject, body, author_id FROM git_commit WHERE project_id = :project AND sha = :sha", parameters);
      if (!rows->next()) return shown;
      shown.title = rows->string(0);
      shown.author = people_.name(people_.person(rows->optional_integer(2)));
      shown.state = hit.key.substr(0, 10);
      consider(shown, rows->string(1), "message");
      if (!context_.url.empty()) shown.url = context_.url + "/commit/" + hit.key;
      return shown;
    }
    if (hit.kind == "thread") {
      parameters.emplace_back("thread", hit.key);
      const auto rows = context_.database.query(
          "SELECT title, channel, author_id, url FROM thread WHERE project_id = :project AND thread_key = :thread",
          parameters);
      if (!rows->next()) return shown;
      shown.title = rows->string(0);
      shown.state = rows->string(1);
      shown.author = people_.name(people_.person(rows->optional_integer(2)));
      shown.url = rows->string(3);
      for (const auto posts = context_.database.query("SELECT body, author_id FROM post WHERE project_id = :project "
                                                      "AND thread_key = :thread ORDER BY position",
                                                      parameters);
           posts->next();)
        consider(shown, posts->string(0), "by " + people_.name(people_.person(posts->optional_integer(1))));
      return shown;
    }
    parameters.emplace_back("item", static_cast<std::int64_t>(std::stoll(hit.key)));
    {
      const auto rows = context_.database.query(
          "SELECT number, title, state, merged_at, author_id, url, body FROM item WHERE project_id = :project AND "
          "item_id = :item",
          parameters);
      if (!rows->next()) return shown;
      shown.number = rows->integer(0);
      shown.title = rows->string(1);
      shown.state = rows->is_null(3) ? rows->string(2) : "merged";
      shown.author = people_.name(people_.person(rows->optional_integer(4)));
      shown.url = rows->is_null(5) ? context_.item_url(hit.kind, shown.number) : rows->string(5);
      consider(shown, rows->string(6), "description");
    }
    for (const char* table : {"comment", "review"})
      for (const auto rows = context_.database.query(fmt::format("SELECT body, author_id FROM {} WHERE project_id = "
                                                                 ":project AND item_id = :item AND body IS NOT NULL",
                                                                 table),
                                                     parameters);
           rows->next();)
        consider(shown, rows->string(0), "by " + people_.name(people_.person(rows->optional_integer(1))));
    return shown;
  }

 private:
  // Keeps the passage with most of the words; the first of equals.
  void consider(Shown& shown, const std::string& text, const std::string& where) const {
    if (trim(text).empty()) return;
    std::size_t words = 0;
    std::string excerpt = excerpt_of(text, query_, &words);
    if (!shown.excerpt.empty() && words <= most_) return;
    most_ = shown.excerpt.empty() ? words : std::max(most_, words);
    shown.excerpt = std::move(excerpt);
    shown.where = where;
  }

  const Context& context_;
  const SearchQuery& query_;
  People people_;
  mutable std::size_t most_ = 0;
};

std::vector<Result> run(const Context& context) {
  const std::string text = context.argument("query");
  const std::int64_t limit = context.whole_number("limit", 20, 1, kCandidates);
  const SearchQuery query = parse_search(text);
  Result result = context.result("search", "Search", "Where does the project speak of it?");
  const bool has_index =
      context.database
          .integer("SELECT count(*) FROM search_state WHERE project_id = :project", {{"project", context.project_id}})
          .value_or(0) > 0;
  if (!has_index)
    throw Error("the project has not been indexed yet", "run `resident search` with a store that can be written to");
  std::vector<Hit> hits = match(context, query, false);
  rank(hits, context.as_of);
  const std::size_t with_all = hits.size();
  if (with_all < static_cast<std::size_t>(limit) && query.terms.size() > 1)
    add_partial(hits, match(context, query, true), context.as_of);
  const std::size_t found = hits.size();
  if (found > static_cast<std::size_t>(limit)) hits.resize(static_cast<std::size_t>(limit));
  result.columns = {{"rank", "#", ColumnType::integer},
                    {"kind", "Kind", ColumnType::text},
                    {"number", "Item", ColumnType::item, "", "", "url"},
                    {"title", "Title", ColumnType::text},
                    {"state", "State", ColumnType::text, "", "of an item; the channel of a thread; the commit"},
                    {"excerpt", "Passage", ColumnType::text},
                    {"where", "From", ColumnType::text},
                    {"author", "Author", ColumnType::text},
                    {"at", "Began", ColumnType::date},
                    {"score", "Score", ColumnType::number, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  std::int64_t place = 0;
  for (const auto& hit : hits) {
    const Shown shown = Describer(context, query).describe(hit);
    result.rows.push_back({++place, hit.kind, shown.number ? Cell(shown.number) : Cell(), shown.title, shown.state,
                           shown.excerpt, shown.where, shown.author, hit.at, std::round(hit.score * 1000) / 1000,
                           shown.url});
  }
  const std::string amount =
      found == static_cast<std::size_t>(kCandidates) ? fmt::format("{} or more", found) : std::to_string(found);
  result.claim = found == 0 ? fmt::format("Nothing speaks of {}.", fit_width(one_line(text), 80))
                            : fmt::format("{} found, {} of them with all the words; the first {} are shown.", amount,
                                          with_all, hits.size());
  result.sample_size = static_cast<std::int64_t>(found);
  result.definition =
      "Issues and pull requests with all that was said in them, threads of channels, and commits that have all the "
      "words, then "
      "those that have some. Words are stemmed; identifiers are found whole and by their parts. Rank: BM25 over title "
      "(3), text (1) and replies (0.5), plus up to 0.15 for what is recent (half in two years).";
  result.method = "docs/guide/search.md; measured in docs/accuracy.md and docs/performance.md";
  return {result};
}

}  // namespace

extern const Analysis search_analysis;
const Analysis search_analysis{
    "search",
    "Search",
    "Where does the project speak of it?",
    {{"query", "WORDS", "words, \"phrases\", -not, prefix*, is: label: author: in: before: after: channel:"},
     {"limit", "N", "how many to show (20)"}},
    run};

}  // namespace resident
