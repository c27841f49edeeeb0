// resident status: what the store holds of each project, and how fresh it is.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <base/url.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

struct Count {
  const char* name;
  const char* title;
  const char* sql;
};

constexpr Count kCounts[] = {
    {"commits", "Commits", "SELECT count(*) FROM git_commit WHERE project_id = :project AND in_history = 1"},
    {"issues", "Issues", "SELECT count(*) FROM item WHERE project_id = :project AND kind = 'issue'"},
    {"pulls", "PRs", "SELECT count(*) FROM item WHERE project_id = :project AND kind = 'pull'"},
    {"events", "Events", "SELECT count(*) FROM event WHERE project_id = :project AND is_derived = 0"},
    {"reviews", "Reviews", "SELECT count(*) FROM review WHERE project_id = :project"},
    {"comments", "Comments", "SELECT count(*) FROM comment WHERE project_id = :project AND kind = 'conversation'"},
    {"inline_comments", "Inline", "SELECT count(*) FROM comment WHERE project_id = :project AND kind = 'inline'"},
    {"people", "People", "SELECT count(*) FROM person WHERE project_id = :project"},
    {"quarantined", "Set aside", "SELECT COALESCE(sum(records), 0) FROM quarantine WHERE project_id = :project"},
    {"pull_commits", "PR commits", "SELECT count(*) FROM git_commit WHERE project_id = :project AND in_history = 0"},
    {"ci_runs", "CI runs", "SELECT count(*) FROM ci_run WHERE project_id = :project"},
    {"test_runs", "Test runs", "SELECT count(*) FROM test_run WHERE project_id = :project"},
    {"benchmark_results", "Benchmarks", "SELECT count(*) FROM benchmark_value WHERE project_id = :project"},
};

// Where the tracker's data end, as analyses have it; the clone's where there is nothing else.
constexpr const char* kDataUntil = "COALESCE(max(CASE WHEN kind <> 'git' THEN data_until END), max(data_until))";

std::string time_or_null(Rows& rows, std::size_t column) {
  return rows.is_null(column) ? std::string() : format_time(rows.integer(column));
}

nlohmann::ordered_json with_fields(const nlohmann::ordered_json& object, const std::string& fields) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  nlohmann::ordered_json kept;
  for (const auto& name : wanted_fields(fields, names)) kept[name] = object.at(name);
  return kept;
}

void print_json(const Invocation& invocation, Database& database) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const auto projects = database.query(
      "SELECT project_id, name, url, simulated FROM project WHERE :project = '' OR name = :project ORDER BY project_id",
      {{"project", invocation.project}});
  while (projects->next()) {
    const Parameters parameters{{"project", projects->integer(0)}};
    nlohmann::ordered_json project;
    project["project"] = projects->string(1);
    project["url"] = projects->is_null(2) ? nlohmann::ordered_json() : nlohmann::ordered_json(projects->string(2));
    project["simulated"] = projects->integer(3) == 1;
    for (const auto& count : kCounts) project[count.name] = database.integer(count.sql, parameters).value_or(0);
    nlohmann::ordered_json sources = nlohmann::ordered_json::array();
    std::optional<Timestamp> synced;
    const auto until =
        database.integer(fmt::format("SELECT {} FROM source WHERE project_id = :project", kDataUntil), parameters);
    const auto rows = database.query(
        "SELECT kind, location, state, message, synced_at, data_until FROM source WHERE project_id = :project ORDER BY "
        "source_id",
        parameters);
    while (rows->next()) {
      const auto text = [](const std::string& value) {
        return value.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
      };
      sources.push_back({{"kind", rows->string(0)},
                         {"location", blank_passwords(rows->text(1))},
                         {"state", rows->string(2)},
                         {"message", text(rows->string(3))},
                         {"synced_at", text(time_or_null(*rows, 4))},
                         {"data_until", text(time_or_null(*rows, 5))}});
      if (!rows->is_null(4) && (!synced || rows->integer(4) < *synced)) synced = rows->integer(4);
    }
    project["synced_at"] = synced ? nlohmann::ordered_json(format_time(*synced)) : nlohmann::ordered_json();
    project["data_until"] = until ? nlohmann::ordered_json(format_time(*until)) : nlohmann::ordered_json();
    project["sources"] = std::move(sources);
    list.push_back(with_fields(project, invocation.json));
  }
  invocation.out << list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

std::function<int()> declare_status(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_format_options(app);
  return [&invocation] {
    const auto database = invocation.open(Access::read);
    if (!invocation.project.empty()) invocation.context(*database);  // an unknown name is an error with the nearest
    if (invocation.wants_own_json()) {
      print_json(invocation, *database);
      return 0;
    }
    Result result;
    result.name = "status";
    result.title = "Status";
    result.as_of = invocation.clock.now();
    result.columns = {{"project", "Project"}};
    for (const auto& count : kCounts) result.columns.push_back({count.name, count.title, ColumnType::integer});
    result.columns.push_back(
        {"data_until", "Data until", ColumnType::time, "", "of the tracker; of the clone where there is none"});
    result.columns.push_back({"synced_at", "Synced", ColumnType::time});
    const auto projects = database->query(
        fmt::format("SELECT p.project_id, p.name, p.simulated, {}, min(s.synced_at) FROM project p LEFT JOIN source s "
                    "ON s.project_id = p.project_id WHERE :project = '' OR p.name = :project GROUP BY p.project_id, "
                    "p.name, p.simulated ORDER BY p.project_id",
                    kDataUntil),
        {{"project", invocation.project}});
    while (projects->next()) {
      std::vector<Cell> row{projects->string(1) + (projects->integer(2) ? " (simulated)" : "")};
      for (const auto& count : kCounts)
        row.emplace_back(database->integer(count.sql, {{"project", projects->integer(0)}}).value_or(0));
      row.push_back(projects->is_null(3) ? Cell() : Cell(projects->integer(3)));
      row.push_back(projects->is_null(4) ? Cell() : Cell(projects->integer(4)));
      result.rows.push_back(std::move(row));
    }
    result.claim = fmt::format("The store {} holds {}.", one_line(invocation.db),
                               plural(static_cast<long long>(result.rows.size()), "project"));
    invocation.print({result});
    return 0;
  };
}

}  // namespace

extern const Command status_command;
const Command status_command{"status", "What the store holds of each project, and how fresh it is",
                             "commits: reachable from a branch or tag; people: all identities that the ledger joins, "
                             "bots among them.\nExample: resident status --json",
                             declare_status};

}  // namespace resident
