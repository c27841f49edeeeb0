#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <framework/analysis.hpp>
#include <framework/keep_in_store.hpp>
#include <store/identities.hpp>
#include <store/patch_book.hpp>

namespace resident {

std::string Context::argument(const std::string& name, const std::string& fallback) const {
  const auto found = arguments.find(name);
  return found == arguments.end() || found->second.empty() ? fallback : found->second;
}

std::string Context::choice(const std::string& name, const std::vector<std::string>& options) const {
  const std::string chosen = argument(name, options.front());
  if (std::find(options.begin(), options.end(), chosen) != options.end()) return chosen;
  const std::string nearest = near_miss(chosen, options);
  throw Error(ErrorKind::usage, fmt::format("--{}: there is no {}", name, one_line(chosen)),
              nearest.empty() ? fmt::format("it is one of {}", fmt::join(options, ", "))
                              : fmt::format("did you mean {}?", nearest));
}

std::int64_t Context::whole_number(const std::string& name, std::int64_t fallback, std::int64_t least,
                                   std::int64_t most) const {
  const std::string text = argument(name);
  if (text.empty()) return fallback;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= least && number <= most) return number;
  throw Error(ErrorKind::usage,
              fmt::format("--{}: {} is not a whole number from {} to {}", name, one_line(text), with_thousands(least),
                          with_thousands(most)),
              fallback < least ? "" : fmt::format("without it, {} is taken", fallback));
}

Parameters Context::parameters() const {
  return {{"project", project_id}, {"as_of", as_of}};
}

Context Context::through(Database& other) const {
  return {other, project_id, project,  url,       simulated,    config,
          as_of, data_until, coverage, arguments, people_shown, asked};
}

Result Context::result(std::string name, std::string title, std::string question) const {
  Result result;
  result.name = std::move(name);
  result.title = std::move(title);
  result.question = std::move(question);
  result.project = project;
  result.simulated = simulated;
  result.as_of = as_of;
  result.data_until = data_until;
  result.coverage = coverage;
  return result;
}

std::string Context::item_url(std::string_view kind, std::int64_t number) const {
  const bool is_pull = kind == "pull";
  if (url.empty() || (is_pull && is_series(number))) return {};
  // Tickets of another tracker, changes of a review system: what has no address there has none on the forge.
  const auto elsewhere = database.integer(
      fmt::format("SELECT 1 FROM source WHERE project_id = :project AND kind IN ({}) LIMIT 1",
                  is_pull ? "'gerrit'"
                          : "'trac', 'trac-db', 'redmine', 'bugzilla', 'jira', 'jira-export', 'debbugs', 'launchpad'"),
      {{"project", project_id}});
  if (elsewhere) return {};
  return fmt::format("{}/{}/{}", url, is_pull ? "pull" : "issues", number);
}

ReferenceRules Context::reference_rules() const {
  std::string address = url, kind;
  for (const auto rows = database.query("SELECT kind, location FROM source WHERE project_id = :project AND kind IN "
                                        "('github', 'gitlab', 'gitea') ORDER BY source_id",
                                        {{"project", project_id}});
       rows->next() && kind.empty();) {
    kind = rows->string(0);
    const std::string place = rows->string(1).substr(std::min(rows->text(1).size(), kind.size() + 1));
    if (address.empty()) address = place.find("://") == std::string::npos ? "https://github.com/" + place : place;
  }
  if (address.empty() || kind.empty()) {
    const auto item = database.text(
        "SELECT url FROM (SELECT url FROM item WHERE project_id = :project ORDER BY item_id DESC LIMIT 200) newest "
        "WHERE url IS NOT NULL LIMIT 1",
        {{"project", project_id}});
    ReferenceRules own, other;
    own.set_address(address);
    other.set_address(item.value_or(""));
    // An item's address tells the forge by its form, too.
    if (item && (address.empty() || (own.host == other.host && own.path == other.path))) address = *item;
  }
  return make_reference_rules(config.references, address, kind);
}

std::string Context::typed_number(const std::string& text) const {
  const Reference named = single_reference(text, reference_rules());
  return named.number != 0 && named.is_own() ? std::to_string(named.number) : text;
}
namespace {

// Whoever changed bots or not_bots sees it at the next command. False: the store may only be read, or somebody writes
// to it for long.
bool refresh_people(Database& database, std::int64_t project_id, const BotRules& bots) {
  if (are_people_current(database, project_id, bots)) return true;
  keep_in_store(database, [&](Database& writer) {
    compute_people_in(writer, project_id, bots);
    return true;
  });
  return are_people_current(database, project_id, bots);
}

// Whether the project began later: then there are no data that could reach to a moment.
bool is_before_all(const Context& context) {
  return context.database
             .integer(
                 "SELECT CASE WHEN EXISTS (SELECT 1 FROM item WHERE project_id = :project AND created_at <= :as_of) "
                 "OR EXISTS (SELECT 1 FROM git_commit WHERE project_id = :project AND committed_at <= :as_of) THEN "
                 "0 WHEN EXISTS (SELECT 1 FROM item WHERE project_id = :project) OR EXISTS (SELECT 1 FROM "
                 "git_commit WHERE project_id = :project) THEN 1 ELSE 0 END",
                 context.parameters())
             .value_or(0) == 1;
}

}  // namespace

std::vector<std::string> project_names(Database& database) {
  std::vector<std::string> names;
  for (const auto rows = database.query("SELECT name FROM project ORDER BY project_id"); rows->next();)
    names.push_back(rows->string(0));
  return names;
}

Context open_context(Database& database, const Config& config, const std::string& project,
                     std::optional<Timestamp> as_of, Timestamp now) {
  const auto names = project_names(database);
  if (names.empty())
    throw Error(ErrorKind::usage, "the store holds no project yet",
                "add one with `resident add git CLONE --project NAME`");
  if (project.empty() && names.size() > 1)
    throw Error(ErrorKind::usage, "the store holds several projects",
                fmt::format("say which with --project: {}", fmt::join(names, ", ")));
  const std::string name = project.empty() ? names.front() : project;
  const auto rows =
      database.query("SELECT project_id, url, simulated FROM project WHERE name = :name", {{"name", name}});
  if (!rows->next()) {
    const std::string nearest = near_miss(name, names);
    throw Error(ErrorKind::usage, fmt::format("there is no project called {}", one_line(name)),
                nearest.empty() ? fmt::format("the projects are {}", fmt::join(names, ", "))
                                : fmt::format("did you mean {}?", nearest));
  }
  Context context{database, rows->integer(0), name, rows->string(1), rows->integer(2) == 1, config.project(name)};
  if (!context.config.url.empty()) context.url = context.config.url;

  if (!refresh_people(database, context.project_id, context.config.bots))
    context.coverage =
        "who is a person and who a bot is as of before the settings changed: the store cannot be written";

  std::optional<Timestamp> tracker, code;
  const auto sources = database.query(
      "SELECT kind, data_until, state, message FROM source WHERE project_id = :project ORDER BY source_id",
      {{"project", context.project_id}});
  while (sources->next()) {
    const auto until = sources->optional_integer(1);
    auto& slot = sources->text(0) == "git" ? code : tracker;
    if (until && (!slot || *until > *slot)) slot = until;
    if (!sources->is_null(3))
      context.coverage +=
          fmt::format("{}{}: {}", context.coverage.empty() ? "" : "; ", sources->text(0), sources->text(3));
  }
  const std::optional<Timestamp> until = tracker ? tracker : code;
  // Nobody knows how it will be, and ten thousand years of waiting are no figure. Data may be ahead of a clock.
  const Timestamp newest = std::max({now, tracker.value_or(now), code.value_or(now)});
  if (as_of && *as_of > newest && *as_of - newest > kDay)
    throw Error(ErrorKind::usage, fmt::format("{} is later than now", format_date(*as_of)),
                fmt::format("give a moment up to {}", format_date(newest)));
  context.asked = as_of;
  context.as_of = as_of ? *as_of : until && *until < now - 2 * kDay ? *until : now;
  if (until && !(context.as_of < *until && is_before_all(context)))
    context.data_until = std::min(*until, context.as_of);
  return context;
}

std::vector<std::string> projects_meant(Database& database, const ProjectGroups& groups, const std::string& projects) {
  const auto names = project_names(database);
  if (projects.empty()) return names;
  const auto group = groups.find(projects);
  const bool is_project = std::find(names.begin(), names.end(), projects) != names.end();
  std::vector<std::string> wanted;
  if (group != groups.end() && !is_project) {
    wanted = group->second;
  } else if (is_project) {
    wanted = {projects};
  } else {
    for (const auto part : split(projects, ',')) wanted.emplace_back(trim(part));
  }
  std::vector<std::string> meant;
  for (const auto& name : wanted) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string nearest = near_miss(name, names);
      throw Error(ErrorKind::usage,
                  group == groups.end() ? fmt::format("there is no project called {}", one_line(name))
                                        : fmt::format("the group {} names {}, and there is no such project",
                                                      one_line(projects), one_line(name)),
                  !nearest.empty()     ? fmt::format("did you mean {}?", nearest)
                  : names.size() <= 50 ? fmt::format("the projects are {}", fmt::join(names, ", "))
                                       : "`resident status` lists them");
    }
    if (std::find(meant.begin(), meant.end(), name) == meant.end()) meant.push_back(name);
  }
  return meant;
}

Context open_store_context(Database& database, const Config& config, const std::string& projects,
                           std::optional<Timestamp> as_of, Timestamp now) {
  Context context{database, 0, projects, "", false, config.project("")};
  context.asked = as_of;
  context.as_of = as_of.value_or(now);
  if (as_of && *as_of > now + kDay)
    throw Error(ErrorKind::usage, fmt::format("{} is later than now", format_date(*as_of)),
                fmt::format("give a moment up to {}", format_date(now)));
  return context;
}

void fill_rows(Result& result, Database& database, std::string_view sql, const Parameters& parameters) {
  for (const auto rows = database.query(sql, parameters); rows->next();) {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < rows->column_count(); ++i) {
      const Value value = rows->value(i);
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        cells.emplace_back(*integer);
      } else if (const auto* number = std::get_if<double>(&value)) {
        cells.emplace_back(*number);
      } else if (const auto* text = std::get_if<std::string>(&value)) {
        cells.emplace_back(*text);
      } else {
        cells.emplace_back();
      }
    }
    result.rows.push_back(std::move(cells));
  }
}

}  // namespace resident
