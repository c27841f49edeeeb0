// resident remove: takes a project, or a source that brought nothing, out of the store again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/declare_source.hpp>
#include <net/token.hpp>
#include <sources/source.hpp>

namespace resident {

namespace {

struct Declared {
  std::int64_t id = 0;
  std::string kind, place;
  std::string shown() const { return one_line(redact(fmt::format("{} {}", kind, place))); }
};

std::vector<Declared> declared_sources(Database& database, std::int64_t project) {
  std::vector<Declared> list;
  for (const auto rows =
           database.query("SELECT source_id, kind, location FROM source WHERE project_id = :project ORDER BY source_id",
                          {{"project", project}});
       rows->next();)
    list.push_back({rows->integer(0), rows->string(1), rows->string(2)});
  return list;
}

// As it was typed for `resident add`, in one word or two, or as `resident status` shows it.
const Declared& find_declared(const std::vector<Declared>& list, const std::vector<std::string>& words) {
  std::string kind = words.front(), place = words.size() > 1 ? words[1] : std::string();
  if (const std::size_t colon = kind.find(':'); colon != std::string::npos && place.empty()) {
    place = kind.substr(colon + 1);
    kind.resize(colon);
  }
  std::vector<std::string> names;
  for (const Declared& each : list) {
    if (each.kind == kind && each.place == place) return each;
    names.push_back(each.shown());
  }
  if (!place.empty()) {
    const std::string normal = place_of(find_source_kind(kind), place);
    for (const Declared& each : list)
      if (each.kind == kind && each.place == normal) return each;
  }
  throw Error(ErrorKind::usage,
              fmt::format("the project has no source {}", one_line(redact(fmt::format("{} {}", kind, place)))),
              names.empty() ? "it has none" : fmt::format("its sources are {}", fmt::join(names, "; ")));
}

// What a project holds, in words.
std::string holdings(Database& database, std::int64_t project) {
  std::vector<std::string> parts;
  const auto count = [&](const char* sql, const char* one) {
    const std::int64_t n = database.integer(sql, {{"project", project}}).value_or(0);
    if (n > 0) parts.push_back(plural(n, one));
  };
  count("SELECT count(*) FROM source WHERE project_id = :project", "source");
  count("SELECT count(*) FROM git_commit WHERE project_id = :project", "commit");
  count("SELECT count(*) FROM item WHERE project_id = :project AND kind = 'issue'", "issue");
  count("SELECT count(*) FROM item WHERE project_id = :project AND kind = 'pull'", "pull request");
  count("SELECT count(*) FROM thread WHERE project_id = :project", "thread");
  count("SELECT count(*) FROM test_run WHERE project_id = :project", "test run");
  count("SELECT count(*) FROM benchmark_run WHERE project_id = :project", "benchmark run");
  count("SELECT count(*) FROM planned_action WHERE project_id = :project", "planned action");
  count("SELECT count(*) FROM item_move_decision WHERE project_id = :project", "decision on items that moved");
  return parts.empty() ? "nothing yet" : fmt::format("{}", fmt::join(parts, ", "));
}

std::function<int()> declare_remove(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  auto source = std::make_shared<std::vector<std::string>>();
  auto yes = std::make_shared<bool>(false);
  app.add_option("source", *source,
                 "A source that brought nothing, as `resident add` takes it: KIND LOCATION, or KIND:LOCATION; without "
                 "it, the whole project")
      ->type_name("SOURCE");
  app.add_flag("--yes", *yes, "Do not ask");
  return [&invocation, source, yes] {
    if (invocation.project.empty())
      throw Error(ErrorKind::usage, "which project?", "name it with --project NAME; `resident status` lists them");
    if (source->size() > 2)
      throw Error(ErrorKind::usage, "one source at a time", "resident remove --project NAME KIND LOCATION");
    const auto database = invocation.open(Access::write);
    const std::int64_t project = invocation.context(*database).project_id;  // throws, with the nearest name
    const std::string name = one_line(invocation.project), kept = "Nothing was removed.";
    if (source->empty()) {
      const std::string question = fmt::format(
          "Remove the project {}, with {}, from the store? Type yes to remove: ", name, holdings(*database, project));
      if (!is_confirmed(invocation, *yes, question, kept)) return 0;
      remove_project(*database, project);
      invocation.err << fmt::format("The project {} is removed.\n", name);
      return 0;
    }
    const std::vector<Declared> declared = declared_sources(*database, project);
    const Declared& found = find_declared(declared, *source);
    if (const std::int64_t rows = rows_of_source(*database, project, found.id); rows > 0)
      throw Error(ErrorKind::usage,
                  fmt::format("{} brought {}, which the figures of the project rest on: it cannot be taken out alone",
                              found.shown(), plural(rows, "row")),
                  "remove the project (without naming a source) and add its other sources again");
    const std::string question = fmt::format(
        "Remove the source {} of {}, with what was set aside of it? Type yes to remove: ", found.shown(), name);
    if (!is_confirmed(invocation, *yes, question, kept)) return 0;
    withdraw_source(*database, project, found.id);
    invocation.err << fmt::format("The source {} is removed.\n", found.shown());
    return 0;
  };
}

}  // namespace

extern const Command remove_command;
const Command remove_command{
    "remove", "Take a project, or a source that brought nothing, out of the store",
    "Says what goes, and asks; nothing at a forge or in a clone is touched. What several sources said of one item "
    "cannot be told apart, so a source that brought something goes with its project alone.\nExample: resident remove "
    "--project cpythn",
    declare_remove};

}  // namespace resident
