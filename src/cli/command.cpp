#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/parts.hpp>
#include <cli/several_projects.hpp>
#include <cstdlib>
#include <iostream>
#include <net/token.hpp>
#include <store/version.hpp>
#include <views/view.hpp>

namespace resident {

void Invocation::add_store_options(OptionSet& app) {
  // Read here: the library's way of reading the environment lets it win over what was typed.
  if (const char* named = std::getenv("RESIDENT_DB"); named && *named) db = named;
  app.add_option("--db", db,
                 "The store: a file, or postgresql://… (a password belongs in PGPASSWORD or ~/.pgpass); without it "
                 "RESIDENT_DB of the environment, then resident.db")
      ->type_name("FILE|URL");
  app.add_option("--config", config_file,
                 "Configuration; without it ./resident.toml, then $XDG_CONFIG_HOME/resident/config.toml")
      ->type_name("FILE");
}

void Invocation::add_project_option(OptionSet& app) {
  app.add_option("--project", project, "The project; needed where the store holds several")->type_name("NAME");
}

void Invocation::add_result_options(OptionSet& app) {
  app.add_option("--as-of", as_of, "As it was at that moment; without it now, or where the data ends")
      ->type_name("DATE");
  add_format_options(app);
}

void Invocation::add_format_options(OptionSet& app) {
  std::vector<std::string> formats;
  for (const auto& view : views()) formats.push_back(view.name);
  takes_one_of(app.add_option("--format", format, "How it is printed; a table without it")->type_name("FORMAT"),
               formats);
  app.add_flag("--explain", explain, "With how each figure is defined and computed, and the queries behind it");
  app.add_option("--result", result, "One of several tables, by the name that it has in --json")->type_name("NAME");
  app.add_flag("--json{all}", json, "JSON; with =FIELDS (separated by commas) those columns alone");
}

std::unique_ptr<Database> Invocation::open(Access access) const {
  auto database = Database::open(db, access);
  if (const std::string newer = newer_store_text(*database); !newer.empty()) err << "warning: " << newer << "\n";
  return database;
}

std::optional<Timestamp> Invocation::as_of_time() const {
  if (as_of.empty()) return std::nullopt;
  auto time = parse_time(as_of);
  if (!time)
    throw Error(ErrorKind::usage, fmt::format("--as-of: {} is not a date", one_line(as_of)),
                "write it like 2024-01-31, or 2024-01-31T10:00:00Z");
  return time;
}

Context Invocation::context(Database& database) const {
  return open_context(database, load_config(), project, as_of_time(), clock.now());
}

Context Invocation::context_for(Database& database, const Analysis& analysis) const {
  if (!analysis.over_projects) return context(database);
  return open_store_context(database, load_config(), project, as_of_time(), clock.now());
}

namespace {

std::vector<std::string> names_of(const std::vector<Result>& results) {
  std::vector<std::string> names;
  for (const Result& result : results) names.push_back(result.name);
  return names;
}

void keep_only(const std::string& name, std::vector<Result>& results) {
  const std::vector<std::string> names = names_of(results);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    const std::string nearest = near_miss(name, names);
    throw Error(ErrorKind::usage, fmt::format("--result: no table is called {}", one_line(name)),
                nearest.empty() ? fmt::format("there is {}", fmt::join(names, ", "))
                                : fmt::format("did you mean {}?", nearest));
  }
  std::erase_if(results, [&](const Result& result) { return result.name != name; });
}

}  // namespace

void Invocation::print(std::vector<Result> results) const {
  if (!result.empty()) keep_only(result, results);
  for (Result& each : results) hide_emails(each);
  RenderOptions options;
  options.color = color;
  options.width = width;
  options.explain = explain;
  std::string chosen = format.empty() ? "table" : format;
  if (!json.empty()) {
    chosen = "json";
    if (json != "all" && json != "true")
      for (const auto field : split(json, ',')) options.fields.emplace_back(trim(field));
  }
  out << find_view(chosen).render(results, options);
  if (chosen == "csv" && results.size() > 1)
    err << fmt::format("note: {} tables with blank lines between them; one alone by --result: {}\n", results.size(),
                       fmt::join(names_of(results), ", "));
}

bool is_confirmed(const Invocation& invocation, bool yes, const std::string& question, const std::string& kept) {
  if (yes) return true;
  invocation.err << question;
  invocation.err.flush();
  if (invocation.in == nullptr || !invocation.out_is_terminal) {
    invocation.err << "\n";
    throw Error(ErrorKind::usage, "nobody can be asked here, so nothing was done",
                "the same command with --yes does it");
  }
  std::string answer;
  std::getline(*invocation.in, answer);
  if (trim(answer) == "yes") return true;
  invocation.err << kept << "\n";
  return false;
}

int print_analysis(const Invocation& invocation, const Analysis& analysis, const Arguments& arguments) {
  const auto database = invocation.open(Access::read);
  if (analysis.name == "today")
    if (const auto projects = several_projects(invocation, *database); !projects.empty()) {
      invocation.print(today_of_several(invocation, *database, projects, arguments));
      return 0;
    }
  Context context = invocation.context_for(*database, analysis);
  context.arguments = arguments;
  std::vector<Result> results = analysis.run(context);
  if (results.empty()) {  // a part of a page that is left out where it has nothing to say; a command says so
    results.push_back(
        context.result(std::string(analysis.name), std::string(analysis.title), std::string(analysis.question)));
    results.back().claim = "The store knows nothing that this could be said of.";
  }
  invocation.print(std::move(results));
  return 0;
}

void declare_parameters(OptionSet& app, const Analysis& analysis, const std::shared_ptr<Arguments>& arguments,
                        const std::string& prefix) {
  for (const auto& parameter : analysis.parameters) {
    const std::string name(parameter.name), description = prefix + std::string(parameter.description);
    const auto set = [arguments, name](const std::string& value) { (*arguments)[name] = value; };
    if (name == analysis.command.positional) {
      app.add_option_function(name, set, description)->required()->type_name(std::string(parameter.argument));
    } else if (parameter.argument.empty()) {
      app.add_flag_callback(
          "--" + name, [set] { set("yes"); }, description);
    } else {
      app.add_option_function("--" + name, set, description)->type_name(std::string(parameter.argument));
    }
  }
}

std::function<int()> declare_analysis(OptionSet& app, Invocation& invocation, const Analysis& analysis) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto arguments = std::make_shared<Arguments>();
  declare_parameters(app, analysis, arguments);
  return [&invocation, &analysis, arguments] { return print_analysis(invocation, analysis, *arguments); };
}

void declare_all(CLI::App& app, Invocation& invocation, std::function<int()>& chosen) {
  app.name("resident");
  app.description(
      "Resident: the Developer-in-Residence workbench. What needs you, and why; who knows what; how the project does.");
  app.set_version_flag("--version", version_text(false), "Which version this is; --verbose: with all its parts");
  const auto only_counted = [](std::int64_t) {};
  app.add_flag_function("--verbose", only_counted, "With --version: build ID, libraries and licences");
  app.add_flag_function("--json", only_counted, "With --version: the same as JSON");
  app.require_subcommand(1);
  app.footer("Start in a clone: resident init; resident sync; resident today. The guide is in docs/guide.");
  for (const auto& group : command_groups())
    for (const Command* command : group.commands) {
      CLI::App* sub = app.add_subcommand(command->name, command->summary);
      sub->group(std::string(group.name));
      sub->footer(command->description);
      OptionSet options(*sub);
      sub->final_callback([&chosen, run = command->declare(options, invocation)] { chosen = run; });
    }
}

namespace {

void print_error(std::ostream& err, const Error& error) {
  err << "resident: " << one_line(redact(error.what())) << "\n";
  if (!error.hint().empty()) err << "  " << one_line(redact(error.hint())) << "\n";
}

}  // namespace

namespace {

// `resident --db FILE today` means `resident today --db FILE`: options that many
// commands share may stand before the command.
std::vector<std::string> with_command_first(std::vector<std::string> arguments) {
  std::size_t length = 0;
  while (length < arguments.size()) {
    const std::string& each = arguments[length];
    const std::string name = each.substr(0, each.find('='));
    if (name != "--db" && name != "--config" && name != "--project") break;
    length += each == name ? 2 : 1;
  }
  if (length && length < arguments.size())
    std::rotate(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(length),
                arguments.begin() + static_cast<std::ptrdiff_t>(length) + 1);
  return arguments;
}

// An empty value is a variable that a script forgot; behind = the library would take the next word for it.
std::optional<Error> empty_value(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& each = arguments[i];
    const std::size_t equal = each.find('=');
    const bool is_empty =
        equal == std::string::npos ? i + 1 < arguments.size() && arguments[i + 1].empty() : equal + 1 == each.size();
    if (each.size() > 2 && each.starts_with("--") && is_empty)
      return Error(ErrorKind::usage, fmt::format("{}: nothing is given for it", one_line(each.substr(0, equal))),
                   "give a value, or leave the option out");
  }
  return std::nullopt;
}

}  // namespace

int run_command_line(const std::vector<std::string>& given, Invocation& invocation) {
  CLI::App app;
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  const std::vector<std::string> arguments = words_behind_dashes(app, with_command_first(given));
  if (const auto empty = empty_value(arguments)) {
    print_error(invocation.err, *empty);
    return empty->exit_code();
  }
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const auto subcommands = app.get_subcommands();
    invocation.out << (subcommands.empty() ? app.help() : subcommands.back()->help("resident"));
    return 0;
  } catch (const CLI::CallForVersion&) {
    invocation.out << (app.count("--json") ? version_json() : version_text(app.count("--verbose") > 0));
    return 0;
  } catch (const CLI::ParseError&) {
    print_error(invocation.err, usage_error(app, arguments));
    return 2;
  } catch (const Error& error) {
    print_error(invocation.err, slip_in(app, arguments).value_or(error));
    return error.exit_code();
  }
  try {
    return chosen ? chosen() : 2;
  } catch (const Error& error) {
    invocation.out.flush();
    print_error(invocation.err, error);
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    print_error(invocation.err,
                Error("there is not enough memory", "close other programs, or work on fewer projects at once"));
    return 1;
  } catch (const std::exception& error) {
    print_error(invocation.err, Error(fmt::format("this should not have happened: {}", error.what()),
                                      "please report it, with the command that led to it"));
    return 1;
  }
}

}  // namespace resident
