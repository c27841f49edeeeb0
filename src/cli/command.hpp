// A command is a verb of the command line: one file in commands/, one line in
// commands/list.cpp, and a test; one that prints an analysis is declared by that alone. Help, the man page and shell
// completion come from one walk over what the commands declare here, so none can be forgotten.
#pragma once

#include <cli/option_set.hpp>
#include <config/config.hpp>
#include <framework/analysis.hpp>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

// What every command is given: the options that all share, the streams and the clock.
struct Invocation {
  std::ostream& out;  // data
  std::ostream& err;  // messages
  const Clock& clock;
  bool out_is_terminal = false;
  std::size_t width = 0;  // of the terminal, 0 when it is none
  bool color = false;
  std::istream* in = nullptr;  // of answers, where the input is a terminal; null: nobody can be asked

  std::string db = "resident.db";
  std::optional<std::string> config_file = std::nullopt;
  std::string project = {};
  std::string as_of = {};
  std::string format = {};  // "" is table
  std::string json = {};    // fields, or "all"
  std::string result = {};  // name of the one result to print; "": all
  bool explain = false;     // also how each figure is defined and computed

  // Options that many commands share; each command declares those it takes.
  void add_store_options(OptionSet& app);
  void add_project_option(OptionSet& app);
  void add_result_options(OptionSet& app);  // --as-of, and how it is printed
  void add_format_options(
      OptionSet& app);  // --format, --json, --result, --explain, of what knows no other moment than now

  std::unique_ptr<Database> open(Access access) const;
  Config load_config() const { return Config::load(config_file); }
  std::optional<Timestamp> as_of_time() const;
  Context context(Database& database) const;
  Context context_for(Database& database, const Analysis& analysis) const;  // of the store where it is over projects
  bool wants_json() const { return !json.empty() || format == "json"; }
  // Of a command whose JSON has a form of its own: a table asked for by --result has that of a Result all the same.
  bool wants_own_json() const { return wants_json() && result.empty(); }
  void print(std::vector<Result> results) const;  // without e-mail addresses
};

struct Command {
  std::string name;
  std::string summary;      // one line
  std::string description;  // what it does, what it needs, an example
  // Declares options on app and returns what runs when they are parsed.
  std::function<std::function<int()>(OptionSet& app, Invocation& invocation)> declare;
};

// Commands under their heading in the help (groups:: of framework/analysis.hpp).
struct CommandGroup {
  std::string_view name;
  std::vector<const Command*> commands;
};
// All: those of commands/list.cpp, and one for each analysis that declares its command.
const std::vector<CommandGroup>& command_groups();
std::vector<const Command*> commands();

// The whole program: parses, runs, prints errors to err; returns the exit code.
int run_command_line(const std::vector<std::string>& arguments, Invocation& invocation);
// The whole tree, for help's sake: man page and completion walk over it.
void declare_all(CLI::App& app, Invocation& invocation, std::function<int()>& chosen);

using Arguments = std::map<std::string, std::string>;
// One option for each parameter that the analysis declares; what is given goes into `arguments`. prefix: before each
// description, where a command has those of several analyses.
void declare_parameters(OptionSet& app, const Analysis& analysis, const std::shared_ptr<Arguments>& arguments,
                        const std::string& prefix = {});
// Asks a person; only the word yes is one. `yes`: it was said in the command. Where nobody can be asked, an
// Error{usage}. kept: what is said of the answer no.
bool is_confirmed(const Invocation& invocation, bool yes, const std::string& question, const std::string& kept);
// For commands that print the Results of one analysis.
int print_analysis(const Invocation& invocation, const Analysis& analysis, const Arguments& arguments);
std::function<int()> declare_analysis(OptionSet& app, Invocation& invocation, const Analysis& analysis);

}  // namespace resident
