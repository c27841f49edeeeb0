#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <base/token.hpp>
#include <cli/command.hpp>
#include <iostream>
#include <views/view.hpp>

namespace resident {

void Invocation::add_store_options(CLI::App& app) {
  app.add_option("--db", db, "The store: a file, or postgresql://… (a password belongs in PGPASSWORD or ~/.pgpass)")
      ->type_name("FILE|URL")
      ->envname("RESIDENT_DB")
      ->capture_default_str();
  app.add_option("--config", config_file,
                 "Configuration; without it ./resident.toml, then $XDG_CONFIG_HOME/resident/config.toml")
      ->type_name("FILE");
}

void Invocation::add_project_option(CLI::App& app) {
  app.add_option("--project", project, "The project; needed where the store holds several")->type_name("NAME");
}

void Invocation::add_result_options(CLI::App& app) {
  app.add_option("--as-of", as_of, "As it was at that moment; without it now, or where the data ends")
      ->type_name("DATE");
  std::vector<std::string> formats;
  for (const auto& view : views()) formats.push_back(view.name);
  app.add_option("--format", format, fmt::format("One of {}", fmt::join(formats, ", ")))->type_name("FORMAT");
  app.add_flag("--json{all}", json, "JSON; with =FIELDS (separated by commas) those columns alone");
}

std::unique_ptr<Database> Invocation::open(Access access) const {
  return Database::open(db, access);
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

void Invocation::print(const std::vector<Result>& results) const {
  RenderOptions options;
  options.color = color;
  options.width = width;
  std::string chosen = format.empty() ? "table" : format;
  if (!json.empty()) {
    chosen = "json";
    if (json != "all" && json != "true")
      for (const auto field : split(json, ',')) options.fields.emplace_back(trim(field));
  }
  out << find_view(chosen).render(results, options);
}

int print_analysis(const Invocation& invocation, const Analysis& analysis, const Arguments& arguments) {
  const auto database = invocation.open(Access::read);
  Context context = invocation.context(*database);
  context.arguments = arguments;
  invocation.print(analysis.run(context));
  return 0;
}

void declare_parameters(CLI::App& app, const Analysis& analysis, const std::shared_ptr<Arguments>& arguments,
                        const std::string& prefix) {
  for (const auto& parameter : analysis.parameters) {
    const std::string name(parameter.name), description = prefix + std::string(parameter.description);
    const auto set = [arguments, name](const std::string& value) { (*arguments)[name] = value; };
    if (parameter.argument.empty()) {
      app.add_flag_callback(
          "--" + name, [set] { set("yes"); }, description);
    } else {
      app.add_option_function<std::string>("--" + name, set, description)->type_name(std::string(parameter.argument));
    }
  }
}

std::function<int()> declare_analysis(CLI::App& app, Invocation& invocation, const char* analysis_name) {
  const Analysis& analysis = find_analysis(analysis_name);
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
  app.set_version_flag("--version", std::string("resident ") + RESIDENT_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Start with `./up`, or: resident add git CLONE --project NAME; resident today. The guide is in docs/guide.");
  for (const Command* command : commands()) {
    CLI::App* sub = app.add_subcommand(command->name, command->summary);
    sub->footer(command->description);
    sub->final_callback([&chosen, run = command->declare(*sub, invocation)] { chosen = run; });
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

}  // namespace

int run_command_line(const std::vector<std::string>& given, Invocation& invocation) {
  const std::vector<std::string> arguments = with_command_first(given);
  CLI::App app;
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const auto subcommands = app.get_subcommands();
    invocation.out << (subcommands.empty() ? app.help() : subcommands.back()->help("resident"));
    return 0;
  } catch (const CLI::CallForVersion& version) {
    invocation.out << version.what() << "\n";
    return 0;
  } catch (const CLI::ParseError& error) {
    std::vector<std::string> names;
    for (const Command* command : commands()) names.emplace_back(command->name);
    std::string hint = "`resident --help` lists the commands";
    const bool is_unknown_command = !arguments.empty() && !arguments.front().starts_with("-") &&
                                    std::find(names.begin(), names.end(), arguments.front()) == names.end();
    if (is_unknown_command) {
      const std::string nearest = near_miss(arguments.front(), names);
      print_error(invocation.err,
                  Error(ErrorKind::usage, fmt::format("there is no command called {}", arguments.front()),
                        nearest.empty() ? hint : fmt::format("did you mean {}?", nearest)));
      return 2;
    }
    const auto subcommands = app.get_subcommands();
    if (!subcommands.empty()) {
      hint = fmt::format("`resident {} --help` lists the options", subcommands.back()->get_name());
      std::vector<std::string> options;
      for (const auto* option : subcommands.back()->get_options())
        for (const auto& name : option->get_lnames()) options.push_back("--" + name);
      for (const auto& argument : arguments) {
        if (!argument.starts_with("--")) continue;
        const std::string name = argument.substr(0, argument.find('='));
        if (std::find(options.begin(), options.end(), name) != options.end()) continue;
        if (const std::string nearest = near_miss(name, options); !nearest.empty())
          hint = fmt::format("did you mean {}?", nearest);
      }
    }
    print_error(invocation.err, Error(ErrorKind::usage, error.what(), hint));
    return 2;
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
