#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/search/filters.hpp>
#include <analyses/search/index.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <text/fold.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostListed = 20000;  // documents of a filter that are written out in a query

// Those names of the store that are the one wanted, whatever their case and normal form, in every script. A name that
// is not there is a slip, not a search that finds nothing.
std::vector<std::string> stored_names(const Context& context, const char* what, const std::string& wanted,
                                      const char* sql) {
  const std::string folded = fold_name(wanted);
  std::vector<std::string> same, folds;
  for (const auto rows = context.database.query(sql, {{"project", context.project_id}}); rows->next();) {
    folds.push_back(fold_name(rows->text(0)));
    if (folds.back() == folded) same.push_back(rows->string(0));
  }
  if (!same.empty()) return same;
  const std::string nearest = near_miss(folded, folds);
  throw Error(ErrorKind::usage, fmt::format("there is no {} called {}", what, one_line(clean_text(wanted, 80))),
              nearest.empty() ? fmt::format("{}: takes a name as it stands in the project", what)
                              : fmt::format("did you mean {}:{}?", what, one_line(nearest)));
}

}  // namespace

SearchFilters::SearchFilters(const Context& context, const SearchQuery& query) {
  parameters_.emplace_back("project", context.project_id);
  parameters_.emplace_back("as_of", context.as_of);
  if (query.before) {
    where_ += " AND d.at < :before";
    parameters_.emplace_back("before", *query.before);
  }
  if (query.after) {
    where_ += " AND d.at >= :after";
    parameters_.emplace_back("after", *query.after);
  }
  for (const auto& is : query.is) where_ += " AND " + state_condition(is);
  // A condition on what a row is not joined with is null, and the row is no such one.
  for (const auto& is : query.excluded.is)
    where_ += fmt::format(" AND CASE WHEN {} THEN 0 ELSE 1 END = 1", state_condition(is));
  for (auto& set : sets_of(context, query)) add_set(std::move(set));
  for (const auto& set : sets_of(context, query.excluded)) where_ += fmt::format(" AND d.document_id NOT IN ({})", set);
  add_moment(context);
  resolve(context.database);
}

std::vector<std::string> SearchFilters::sets_of(const Context& context, const SearchMarks& marks) {
  std::vector<std::string> sets;
  const auto stored = [&](const char* what, const std::string& wanted, const char* sql) {
    return stored_names(context, what, wanted, sql);
  };
  for (const auto& label : marks.labels)
    sets.push_back(
        "SELECT s.document_id FROM search_document s WHERE s.project_id = :project AND s.kind IN ('issue', 'pull') "
        "AND s.parent_key IN (SELECT CAST(l.item_id AS TEXT) FROM item_label l WHERE l.project_id = :project AND " +
        is_one_of(
            stored("label", label,
                   "SELECT DISTINCT name FROM item_label WHERE project_id = :project UNION SELECT name FROM label "
                   "WHERE project_id = :project"),
            "l.name") +
        ")");
  if (!marks.channels.empty()) {
    std::vector<std::string> channels;
    for (const auto& channel : marks.channels)
      for (auto& name : stored("channel", channel, "SELECT DISTINCT channel FROM thread WHERE project_id = :project"))
        channels.push_back(std::move(name));
    sets.push_back(
        "SELECT s.document_id FROM search_document s WHERE s.project_id = :project AND s.kind = 'thread' AND "
        "s.parent_key IN (SELECT t.thread_key FROM thread t WHERE t.project_id = :project AND " +
        is_one_of(channels, "t.channel") + ")");
  }
  if (!marks.authors.empty()) {
    std::vector<std::string> authors;
    for (const auto& author : marks.authors)
      for (auto& name :
           stored("author", author,
                  "SELECT login FROM person WHERE project_id = :project AND login IS NOT NULL UNION SELECT "
                  "name FROM person WHERE project_id = :project"))
        authors.push_back(std::move(name));
    sets.push_back(documents_by(authors));
  }
  return sets;
}

std::string SearchFilters::joins() const {
  std::string joins;
  if (where_.find("i.") != std::string::npos)
    joins +=
        " LEFT JOIN item i ON d.kind IN ('issue', 'pull') AND i.project_id = :project AND i.item_id = CASE WHEN "
        "d.kind IN ('issue', 'pull') THEN CAST(d.parent_key AS INTEGER) END";
  if (where_.find("t.") != std::string::npos)
    joins += " LEFT JOIN thread t ON d.kind = 'thread' AND t.project_id = :project AND t.thread_key = d.parent_key";
  return joins;
}

std::string SearchFilters::documents(std::string_view id) const {
  std::string sql;
  for (const auto& set : sets_) {
    const std::string list = set.numbers ? fmt::format("{}", fmt::join(*set.numbers, ",")) : set.sql;
    sql += fmt::format(" AND {} IN ({})", id, list.empty() ? "-1" : list);
  }
  return sql;
}

std::string SearchFilters::large_sets(std::string_view id) const {
  std::string sql;
  for (const auto& set : sets_)
    if (!set.numbers) sql += fmt::format(" AND {} IN ({})", id, set.sql);
  return sql;
}

std::vector<const std::vector<std::int64_t>*> SearchFilters::sets() const {
  std::vector<const std::vector<std::int64_t>*> sets;
  for (const auto& set : sets_)
    if (set.numbers) sets.push_back(&*set.numbers);
  return sets;
}

void SearchFilters::add_set(std::string sql) {
  sets_.push_back({std::move(sql), std::nullopt});
}

void SearchFilters::resolve(Database& database) {
  for (auto& set : sets_) {
    std::vector<std::int64_t> numbers;
    for (const auto rows = database.query(fmt::format("{} LIMIT {}", set.sql, kMostListed + 1), parameters_);
         rows->next() && numbers.size() <= kMostListed;)
      numbers.push_back(rows->integer(0));
    if (numbers.size() > kMostListed) continue;
    std::sort(numbers.begin(), numbers.end());
    set.numbers = std::move(numbers);
  }
}

std::string SearchFilters::state_condition(const std::string& is) {
  // As it stood at the moment.
  constexpr std::string_view kOpen =
      "EXISTS (SELECT 1 FROM item_interval v WHERE v.project_id = :project AND v.item_id = i.item_id AND v.opened_at "
      "<= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of))";
  if (is == "pr") return "d.kind = 'pull'";
  if (is == "merged") return "i.merged_at <= :as_of";
  if (is == "draft") return fmt::format("(i.is_draft = 1 AND {})", kOpen);
  if (is == "open")
    return fmt::format(
        "((d.kind IN ('issue', 'pull') AND {}) OR (d.kind = 'thread' AND (t.closed_at IS NULL OR t.closed_at > "
        ":as_of)))",
        kOpen);
  if (is == "closed")
    return fmt::format("((d.kind IN ('issue', 'pull') AND NOT {}) OR (d.kind = 'thread' AND t.closed_at <= :as_of))",
                       kOpen);
  return fmt::format("d.kind = '{}'", is);  // issue, thread, commit, doc
}

// Nothing that came later is found. What a file said before its last change is not kept, so in the past before it, it
// says nothing.
void SearchFilters::add_moment(const Context& context) {
  if (context.database.integer("SELECT 1 FROM search_document WHERE project_id = :project AND at > :as_of LIMIT 1",
                               context.parameters()))
    where_ += " AND d.at <= :as_of";
}

std::string SearchFilters::documents_by(const std::vector<std::string>& authors) {
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
  return of_kind("'issue', 'pull'", "item", "CAST(a.item_id AS TEXT)") + " UNION ALL " +
         of_kind("'thread'", "thread", "a.thread_key") + " UNION ALL " + of_kind("'commit'", "git_commit", "a.sha");
}

std::string SearchFilters::is_one_of(const std::vector<std::string>& values, std::string_view column) {
  std::string condition;
  for (const auto& value : values) {
    names_.push_back(std::make_unique<std::string>(fmt::format("value{}", names_.size())));
    parameters_.emplace_back(*names_.back(), value);
    condition += fmt::format("{}{} = :{}", condition.empty() ? "" : " OR ", column, *names_.back());
  }
  return "(" + condition + ")";
}

}  // namespace resident
