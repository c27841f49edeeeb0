// The summaries of a project (ADR 23): counted from nothing, or brought up to date by what has changed.
//
// Both run the same queries, metrics/kept/ of `kind: summary`. To count what has changed, tables of the connection's
// own hide the store's of the same names and hold a small part of their rows: the touched items as they stood before
// (from summary_before) and as they stand now, whose figures are taken off and added; or all that a person did in a
// month in which something changed, whose figures take the place of the old ones.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <framework/keep_in_store.hpp>
#include <framework/learnt.hpp>
#include <map>
#include <store/identities.hpp>
#include <store/summaries.hpp>

namespace resident {

namespace {

constexpr Timestamp kEndOfTime = 253402300799;  // 9999-12-31

// Complete statements in their order, and in `basis` their short hash.
struct Summaries {
  std::vector<std::string> tables, names;
  std::map<std::string, std::string> statements;
  std::string basis;
};

const Summaries& summaries() {
  static const Summaries all = [] {
    std::vector<Metric> list = built_in_metrics();
    for (auto& each : kept_metrics()) {
      const bool is_known =
          std::any_of(list.begin(), list.end(), [&](const Metric& other) { return other.name == each.name; });
      if (each.kind == MetricKind::summary || (each.kind == MetricKind::part && !is_known))
        list.push_back(std::move(each));
    }
    compose_metrics(list);
    std::erase_if(list, [](const Metric& each) { return each.kind != MetricKind::summary; });
    std::sort(list.begin(), list.end(), [](const Metric& a, const Metric& b) { return a.order < b.order; });
    Summaries made;
    std::string text;
    for (const Metric& each : list) {
      const std::string table = each.into.substr(0, each.into.find(' '));
      if (std::find(made.tables.begin(), made.tables.end(), table) == made.tables.end()) made.tables.push_back(table);
      made.names.push_back(each.name);
      text += made.statements[each.name] = fmt::format("INSERT INTO {} {}", each.into, each.sql);
    }
    made.basis = short_hash(text);
    return made;
  }();
  return all;
}

void count(Database& database, std::int64_t project, const std::string& name) {
  database.execute(summaries().statements.at(name), {{"project", project}, {"as_of", kEndOfTime}});
}

void count_summaries(Database& database, std::int64_t project) {
  for (const std::string& name : summaries().names) count(database, project, name);
}

// In a transaction that may write.
void clear_summaries(Database& database, std::int64_t project, const std::string& schema) {
  forget_summaries(database, project);
  for (const std::string& table : summaries().tables)
    database.execute(fmt::format("DELETE FROM {}{} WHERE project_id = :project", schema, table),
                     {{"project", project}});
}

void declare_whole(Database& database, std::int64_t project) {
  database.insert({"summary_state", {"project_id", "basis", "touched"}, {"project_id"}},
                  {{project, summaries().basis, std::int64_t{0}}});
}

// One process writes to a SQLite store at a time, and counting takes seconds: so it is done beside the store, in tables
// of the connection's own that hide those of the same names, as of the moment it begins. Only to bring the rows over is
// the right to write taken, which SQLite gives to nobody whose moment has passed: then somebody has written meanwhile.
void count_beside(Database& database, std::int64_t project) {
  const auto drop = [&] {
    for (const std::string& table : summaries().tables) database.execute_script("DROP TABLE IF EXISTS temp." + table);
  };
  database.execute_script("BEGIN");
  try {
    for (const std::string& table : summaries().tables)
      database.execute_script(fmt::format("CREATE TEMP TABLE {0} AS SELECT * FROM main.{0} LIMIT 0", table));
    count_summaries(database, project);
    clear_summaries(database, project, "main.");
    for (const std::string& table : summaries().tables)
      database.execute_script(fmt::format("INSERT INTO main.{0} SELECT * FROM temp.{0} ORDER BY 1, 2, 3", table));
    declare_whole(database, project);
    drop();
    database.commit();
  } catch (...) {
    database.rollback();
    throw;
  }
}

// In a transaction that may write. Brings summaries up to date by what summary_before says has been touched.
class SummaryUpdate {
 public:
  SummaryUpdate(Database& database, std::int64_t project)
      : database_(database),
        project_(project),
        parameters_{{"project", project}},
        store_(database.engine() == "postgresql"
                   ? database.text("SELECT quote_ident(current_schema())").value_or("public") + "."
                   : "main.") {}

  void run() {
    find_items();
    count_items();
    find_acts();
    count_people();
    count_years();
    count_reviewers();
    for (const std::string& table : own_) database_.execute_script("DROP TABLE " + table);
    execute("DELETE FROM summary_before WHERE project_id = :project");
    declare_whole(database_, project_);
  }

 private:
  // Of the project's parameters; {} stands for the store's schema.
  void execute(const std::string& sql) {
    std::string text = sql;
    for (std::size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}", at))
      text.replace(at, 2, store_);
    database_.execute(text, parameters_);
  }

  // An empty table of the connection's own with these columns of the store's; it hides that one if it has its name.
  void make(const std::string& name, const std::string& columns, const std::string& like) {
    if (std::find(own_.begin(), own_.end(), name) != own_.end()) {
      database_.execute_script("DROP TABLE " + name);
      std::erase(own_, name);
    }
    database_.execute_script(
        fmt::format("CREATE TEMP TABLE {} AS SELECT {} FROM {}{} LIMIT 0", name, columns, store_, like));
    own_.push_back(name);
  }
  void hide(const std::string& table, const std::string& columns = "*") { make(table, columns, table); }
  void show(const std::string& table) {
    database_.execute_script("DROP TABLE " + table);
    std::erase(own_, table);
  }

  // What was touched, and what says of it that it goes on as another item: those are read with it.
  void find_items() {
    make("touched_item", "item_id", "item");
    execute(
        "INSERT INTO touched_item SELECT item_id FROM summary_before WHERE project_id = :project AND kind IN ('item', "
        "'new')");
    make("world_item", "item_id", "item");
    execute("INSERT INTO world_item SELECT item_id FROM touched_item");
    // To where it began, which the summaries keep apart; and then to where those go on.
    execute(
        "INSERT INTO world_item SELECT DISTINCT first_item_id FROM item_move WHERE project_id = :project AND "
        "first_project_id = :project AND first_item_id NOT IN (SELECT item_id FROM world_item) AND item_id IN (SELECT "
        "item_id FROM touched_item)");
    const auto size = [&] { return database_.integer("SELECT count(*) FROM world_item").value_or(0); };
    for (std::int64_t before = -1, now = size(); before != now; before = now, now = size())
      execute(
          "INSERT INTO world_item SELECT item_id FROM item_move WHERE project_id = :project AND first_project_id = "
          ":project AND item_id NOT IN (SELECT item_id FROM world_item) AND first_item_id IN (SELECT item_id FROM "
          "world_item)");
  }

  // Takes off what the items made as they stood, counts them as they stand, and adds that.
  void count_items() {
    const std::string columns = "project_id, item_id, kind, number, created_at, author_id, merged_at, closed_at, state";
    const std::string of_world = " WHERE project_id = :project AND item_id IN (SELECT item_id FROM world_item)";
    hide("item", columns);
    hide("item_interval", "project_id, item_id, opened_at, closed_at");
    hide("item_summary");
    hide("summary_count");
    execute("INSERT INTO item_summary SELECT * FROM {}item_summary" + of_world);
    execute(
        "INSERT INTO item (project_id, item_id, created_at) SELECT project_id, item_id, at FROM summary_before WHERE "
        "project_id = :project AND kind = 'item'");
    execute("INSERT INTO item SELECT " + columns + " FROM {}item" + of_world +
            " AND item_id NOT IN (SELECT item_id FROM touched_item)");
    execute(
        "INSERT INTO item_interval SELECT project_id, item_id, at, until FROM summary_before WHERE project_id = "
        ":project AND kind = 'interval'");
    execute("INSERT INTO item_interval SELECT project_id, item_id, opened_at, closed_at FROM {}item_interval" +
            of_world + " AND item_id NOT IN (SELECT item_id FROM touched_item)");
    count(database_, project_, "item_counts");
    execute("UPDATE summary_count SET n = -n");
    remember_authors();

    for (const std::string_view table : {"item", "item_interval", "item_summary"})
      execute(fmt::format("DELETE FROM {}", table));
    execute("DELETE FROM {}item_summary" + of_world);
    execute("INSERT INTO item SELECT " + columns + " FROM {}item" + of_world);
    execute("INSERT INTO item_interval SELECT project_id, item_id, opened_at, closed_at FROM {}item_interval" +
            of_world);
    count(database_, project_, "item_summary");
    execute("INSERT INTO {}item_summary SELECT * FROM item_summary");
    remember_authors();
    count(database_, project_, "item_counts");
    execute(
        "INSERT INTO {}summary_count AS kept (project_id, series, at, n) SELECT project_id, series, at, sum(n) FROM "
        "summary_count WHERE true GROUP BY project_id, series, at HAVING sum(n) <> 0 ON CONFLICT (project_id, series, "
        "at) DO UPDATE SET n = kept.n + excluded.n");
    execute("DELETE FROM {}summary_count WHERE project_id = :project AND n = 0");
    for (const std::string_view table : {"item", "item_interval", "item_summary", "summary_count"})
      show(std::string(table));
  }

  // Whose first merged pull request may be another one.
  void remember_authors() {
    if (std::find(own_.begin(), own_.end(), "touched_author") == own_.end())
      make("touched_author", "person_id", "person_identity");
    execute(
        "INSERT INTO touched_author SELECT DISTINCT p.person_id FROM item_summary s JOIN person_identity p ON "
        "p.project_id = s.project_id AND p.identity_id = s.author_id WHERE s.project_id = :project AND p.person_id NOT "
        "IN (SELECT person_id FROM touched_author)");
  }

  // What was done on the touched items and is not there any more, or is new, or is another's: (person_id, kind, at).
  void find_acts() {
    make("touched_act", "p.person_id, b.kind, b.at",
         fmt::format("person_identity p CROSS JOIN {}summary_before b", store_));
    execute(
        "INSERT INTO touched_act SELECT DISTINCT p.person_id, a.kind, a.at FROM (SELECT kind, identity_id, at FROM ("
        "SELECT b.item_id, CASE WHEN b.kind <> 'item' THEN b.kind WHEN b.item_id % 2 = 1 THEN 'pull' ELSE 'issue' END "
        "AS kind, b.identity_id, b.at, -b.n AS n, o.identity_id AS of_author FROM summary_before b JOIN summary_before "
        "o ON o.project_id = b.project_id AND o.item_id = b.item_id AND o.kind = 'item' WHERE b.project_id = :project "
        "AND b.kind IN ('item', 'comment', 'inline', 'review') "
        "UNION ALL SELECT i.item_id, i.kind, COALESCE(i.author_id, 0), i.created_at, 1, COALESCE(i.author_id, 0) FROM "
        "touched_item t JOIN item i ON i.project_id = :project AND i.item_id = t.item_id "
        "UNION ALL SELECT i.item_id, CASE c.kind WHEN 'inline' THEN 'inline' ELSE 'comment' END, "
        "COALESCE(c.author_id, 0), c.created_at, 1, COALESCE(i.author_id, 0) FROM touched_item t JOIN item i ON "
        "i.project_id = :project AND i.item_id = t.item_id JOIN comment c ON c.project_id = i.project_id AND c.item_id "
        "= i.item_id "
        "UNION ALL SELECT i.item_id, 'review', COALESCE(r.author_id, 0), r.submitted_at, 1, COALESCE(i.author_id, 0) "
        "FROM touched_item t JOIN item i ON i.project_id = :project AND i.item_id = t.item_id JOIN review r ON "
        "r.project_id = i.project_id AND r.item_id = i.item_id AND r.submitted_at IS NOT NULL"
        ") AS both_sides GROUP BY item_id, kind, identity_id, at, of_author HAVING sum(n) <> 0 "
        "UNION ALL SELECT kind, identity_id, at FROM summary_before WHERE project_id = :project AND kind = 'commit') a "
        "JOIN person_identity p ON p.project_id = :project AND p.identity_id = a.identity_id");
  }

  // What a person did in a month in which something of it changed is counted anew, and who was new when.
  void count_people() {
    make("touched_month", "person_id, month, kind", "person_month");
    execute(
        "INSERT INTO touched_month SELECT DISTINCT person_id, month_start(at), CASE kind WHEN 'inline' THEN 'comment' "
        "ELSE kind END FROM touched_act");
    const auto done = [](std::string_view kind, std::string_view table, std::string_view columns, std::string_view at,
                         std::string_view more = "") {
      return fmt::format(
          "INSERT INTO {1} SELECT {2} FROM touched_month m JOIN person_identity p ON p.project_id = :project AND "
          "p.person_id = m.person_id JOIN {{}}{1} c ON c.project_id = p.project_id AND c.author_id = p.identity_id AND "
          "c.{3} >= m.month AND c.{3} < month_start(m.month + 32 * 86400){4} WHERE m.kind IN ({0})",
          kind, table, columns, at, more);
    };
    hide("git_commit", "project_id, author_id, committed_at, on_default, parent_count");
    execute(done("'commit'", "git_commit", "c.project_id, c.author_id, c.committed_at, c.on_default, c.parent_count",
                 "committed_at"));
    hide("item", "project_id, author_id, created_at, kind");
    execute(done("'issue', 'pull'", "item", "c.project_id, c.author_id, c.created_at, c.kind", "created_at",
                 " AND c.kind = m.kind"));
    hide("comment", "project_id, author_id, created_at, kind");
    execute(done("'comment'", "comment", "c.project_id, c.author_id, c.created_at, c.kind", "created_at"));
    hide("review", "project_id, author_id, submitted_at");
    execute(done("'review'", "review", "c.project_id, c.author_id, c.submitted_at", "submitted_at"));
    hide("item_summary");
    execute(
        "INSERT INTO item_summary SELECT s.* FROM {}item_summary s WHERE s.project_id = :project AND s.merged_at IS "
        "NOT "
        "NULL AND s.author_id IN (SELECT p.identity_id FROM touched_author a JOIN person_identity p ON p.project_id = "
        ":project AND p.person_id = a.person_id)");
    hide("person_month");
    count(database_, project_, "person_month");
    for (const std::string_view table : {"git_commit", "item", "comment", "review", "item_summary"})
      show(std::string(table));
    replace_months();
  }

  void replace_months() {
    // As they stood, of all whose first months may be others.
    make("touched_person", "person_id", "person_identity");
    execute(
        "INSERT INTO touched_person SELECT person_id FROM touched_month UNION SELECT person_id FROM touched_author");
    const std::string flags = "month, person_id, kind, is_first, is_first_of_kind",
                      of_touched =
                          " FROM {}person_month WHERE project_id = :project AND person_id IN (SELECT "
                          "person_id FROM touched_person)";
    make("month_before", flags, "person_month");
    execute("INSERT INTO month_before SELECT " + flags + of_touched);
    execute(
        "DELETE FROM {}person_month WHERE project_id = :project AND kind = 'merged' AND person_id IN (SELECT person_id "
        "FROM touched_author)");
    execute(
        "DELETE FROM {}person_month WHERE project_id = :project AND (month, person_id, kind) IN (SELECT month, "
        "person_id, kind FROM touched_month)");
    execute("INSERT INTO {}person_month SELECT * FROM person_month");
    show("person_month");
    make("first_month", "person_id, kind, month", "person_month");
    execute("INSERT INTO first_month SELECT person_id, kind, min(month)" + of_touched + " GROUP BY person_id, kind");
    execute(
        "UPDATE person_month SET is_first = CASE WHEN (person_id, month) IN (SELECT person_id, min(month) FROM "
        "first_month WHERE kind <> 'merged' GROUP BY person_id) THEN 1 ELSE 0 END, is_first_of_kind = CASE WHEN "
        "(person_id, kind, month) IN (SELECT person_id, kind, month FROM first_month) THEN 1 ELSE 0 END WHERE "
        "project_id = :project AND kind <> 'merged' AND person_id IN (SELECT person_id FROM touched_person)");
    make("month_after", flags, "person_month");
    execute("INSERT INTO month_after SELECT " + flags + of_touched);
    make("counted_month", "month", "person_month");
    execute(
        "INSERT INTO counted_month SELECT DISTINCT month FROM (SELECT * FROM (SELECT * FROM month_before EXCEPT SELECT "
        "* FROM month_after) AS gone UNION ALL SELECT * FROM (SELECT * FROM month_after EXCEPT SELECT * FROM "
        "month_before) AS come) AS differing");
    recount("people_counts", "month IN (SELECT month FROM counted_month)",
            "(series IN ('people', 'new') OR series LIKE 'people %' OR series LIKE 'new %') AND at IN (SELECT month "
            "FROM counted_month)");
  }

  void count_years() {
    make("counted_year", "month AS year", "person_month");
    execute(
        "INSERT INTO counted_year SELECT DISTINCT year_start(month) FROM touched_month WHERE kind IN ('commit', "
        "'comment', 'review')");
    recount("year_counts",
            "EXISTS (SELECT 1 FROM counted_year y WHERE month >= y.year AND month < year_start(y.year + 366 * 86400))",
            "series IN ('commits', 'commits people', 'commits half', 'said', 'said people', 'said half') AND at IN "
            "(SELECT year FROM counted_year)");
  }

  // Counts a summary of person_month over these months, in place of what stands there.
  void recount(const std::string& summary, const std::string& months, const std::string& stands) {
    hide("person_month");
    execute("INSERT INTO person_month SELECT * FROM {}person_month WHERE project_id = :project AND " + months);
    hide("summary_count");
    count(database_, project_, summary);
    execute("DELETE FROM {}summary_count WHERE project_id = :project AND " + stands);
    execute("INSERT INTO {}summary_count SELECT * FROM summary_count");
    show("summary_count"), show("person_month");
  }

  void count_reviewers() {
    make("touched_week", "person_id, week", "reviewer_week");
    execute(
        "INSERT INTO touched_week SELECT DISTINCT person_id, week_start(at) FROM touched_act WHERE kind IN ('inline', "
        "'review')");
    const auto given = [](std::string_view table, std::string_view columns, std::string_view at) {
      return fmt::format(
          "INSERT INTO {0} SELECT {1} FROM touched_week w JOIN person_identity p ON p.project_id = :project AND "
          "p.person_id = w.person_id JOIN {{}}{0} c ON c.project_id = p.project_id AND c.author_id = p.identity_id AND "
          "c.{2} >= w.week AND c.{2} < w.week + 604800",
          table, columns, at);
    };
    hide("review", "project_id, item_id, author_id, submitted_at");
    execute(given("review", "c.project_id, c.item_id, c.author_id, c.submitted_at", "submitted_at"));
    hide("comment", "project_id, item_id, author_id, created_at, kind");
    execute(given("comment", "c.project_id, c.item_id, c.author_id, c.created_at, c.kind", "created_at"));
    hide("reviewer_week");
    count(database_, project_, "reviewer_week");
    execute(
        "DELETE FROM {}reviewer_week WHERE project_id = :project AND (week, person_id) IN (SELECT week, person_id FROM "
        "touched_week)");
    execute("INSERT INTO {}reviewer_week SELECT * FROM reviewer_week");
  }

  Database& database_;
  std::int64_t project_;
  Parameters parameters_;
  std::string store_;             // the schema of the store's tables, with a dot
  std::vector<std::string> own_;  // tables that are there
};

bool has_many(const Context& context, std::int64_t at_least) {
  const auto some = [&](std::string_view table) {
    return context.database
        .integer(
            fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE project_id = :project LIMIT :most) e", table),
            {{"project", context.project_id}, {"most", at_least}})
        .value_or(0);
  };
  return some("item") >= at_least || some("git_commit") >= at_least;
}

bool can_be_updated(Database& database, std::int64_t project) {
  return database.text("SELECT basis FROM summary_state WHERE project_id = :project", {{"project", project}}) ==
         summaries().basis;
}

}  // namespace

bool are_summaries_kept(const Context& context) {
  return context.database.text("SELECT basis FROM summary_state WHERE project_id = :project AND touched = 0",
                               {{"project", context.project_id}}) == summaries().basis;
}

void keep_summaries(const Context& context, std::int64_t at_least) {
  const std::int64_t project = context.project_id;
  if (are_summaries_kept(context) || are_people_due(context.database, project) || !has_many(context, at_least)) return;
  if (can_be_updated(context.database, project)) {
    keep_in_store(context.database, [&](Database& database) {
      if (!may_count_summaries(database, project) || !can_be_updated(database, project)) return false;
      SummaryUpdate(database, project).run();
      return true;
    });
    if (are_summaries_kept(context)) return;
  }
  if (context.database.engine() == "sqlite") try {
      const auto own = context.database.open_writer();
      return count_beside(own ? *own : context.database, project);
    } catch (const Error&) {
      return;  // they are counted next time
    }
  keep_in_store(context.database, [&](Database& database) {
    if (!may_count_summaries(database, project)) return false;
    clear_summaries(database, project, "");
    count_summaries(database, project);
    declare_whole(database, project);
    return true;
  });
}

}  // namespace resident
