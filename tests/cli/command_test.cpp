#include <gtest/gtest.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cli/command.hpp>
#include <cli/exported_tables.hpp>
#include <cli/options.hpp>
#include <cli/parts.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace resident {
namespace {

TEST(Commands, AreAllDocumented) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  CLI::App app;
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  for (const Command* command : commands()) {
    CLI::App* sub = app.get_subcommand(command->name);
    EXPECT_FALSE(sub->get_description().empty()) << command->name;
    EXPECT_NE(sub->get_footer().find("Example: "), std::string::npos) << command->name << " shows no example";
    for (const auto* option : sub->get_options())
      EXPECT_FALSE(option->get_description().empty()) << command->name << " " << option->get_name();
  }
}

std::string said(const std::vector<std::string>& arguments, int code = 2) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  EXPECT_EQ(run_command_line(arguments, invocation), code) << err.str();
  return err.str();
}

std::string printed(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  EXPECT_EQ(run_command_line(arguments, invocation), 0) << err.str();
  return out.str();
}

TEST(Commands, StandInTheManualAndInCompletion) {
  using Words = std::vector<std::string>;
  for (const Words& line : {Words{"man"}, {"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}}) {
    std::string text = printed(line);
    std::erase(text, '\\');  // roff's, before dashes
    for (const Command* command : commands())
      EXPECT_NE(text.find(command->name), std::string::npos) << line.back() << " lacks " << command->name;
  }
}

TEST(Commands, EachHasAManualPageOfItsOwn) {
  for (const Command* command : commands()) {
    std::string text = printed({"man", command->name});
    std::erase(text, '\\');
    EXPECT_NE(text.find("resident-" + command->name + " - " + command->summary), std::string::npos) << command->name;
    EXPECT_NE(text.find(".SH OPTIONS\n.TP\n"), std::string::npos) << command->name;
  }
}

TEST(Commands, VersionTellsTheParts) {
  EXPECT_EQ(printed({"--version"}).find('\n'), printed({"--version"}).size() - 1) << "one line";
  const std::string text = printed({"--version", "--verbose"});
  for (const char* part : {"SQLite ", "libcurl ", "OpenSSL ", "Eigen ", "d3-array ", "@observablehq/plot "})
    EXPECT_NE(text.find(part), std::string::npos) << part;
  std::set<std::string> names;
  for (const Part& part : parts()) {
    EXPECT_FALSE(part.licence.empty()) << part.name;
    EXPECT_TRUE(part.origin.starts_with("debian:") || part.origin.starts_with("npm:")) << part.name;
    EXPECT_TRUE(names.insert(part.name).second) << part.name << " is there twice";
    EXPECT_TRUE(!part.origin.starts_with("npm:") || !part.built_with.empty()) << part.name;
    EXPECT_TRUE(part.name != "SQLite" || part.runs_with == sqlite3_libversion()) << part.runs_with;
  }
  EXPECT_NE(printed({"--version", "--json"}).find("\"origin\": \"debian:libsqlite3-dev\""), std::string::npos);
  EXPECT_EQ(said({"--verbose"}),
            "resident: there is no option --verbose before the command\n  options stand "
            "behind the command: resident COMMAND --project NAME\n");
}

TEST(Commands, TheManualNamesEveryOption) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  ASSERT_EQ(run_command_line({"man"}, invocation), 0);
  const std::string text = out.str();
  EXPECT_EQ(text.find(".B \n"), std::string::npos) << "a heading without a name";
  EXPECT_NE(text.find(".B \\-\\-db FILE|URL\n"), std::string::npos);
  EXPECT_NE(text.find(".B \\-h, \\-\\-help\n"), std::string::npos);
  EXPECT_NE(text.find(".B WORDS…\n"), std::string::npos);
  CLI::App app;
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  for (const Command* command : commands())
    for (const auto* option : app.get_subcommand(command->name)->get_options())
      for (const auto& name : option->get_lnames()) {
        std::string dashed = "\\-\\-";
        for (const char c : name) dashed += c == '-' ? "\\-" : std::string(1, c);
        EXPECT_NE(text.find(dashed), std::string::npos) << command->name << " --" << name;
      }
}

// What is said is ours, the same with every version of the library that reads the line.
TEST(Commands, SlipsAreSaidInOurWords) {
  EXPECT_EQ(said({"status", "--projct", "x"}),
            "resident: `resident status` has no option --projct\n  did you mean --project?\n");
  EXPECT_EQ(said({"search"}),
            "resident: `resident search` needs WORDS…\n  Words, \"phrases\", prefix*, is:open, "
            "label:bug, author:ada, in:title, before:2024-01-31, …; `resident search --help` lists the "
            "options\n");
  EXPECT_EQ(said({"search", "x", "--limit", "0"}), "resident: --limit: 0 is not a whole number from 1 to 400\n");
  EXPECT_EQ(said({"search", "x", "--limit", "-1"}), "resident: --limit: -1 is not a whole number from 1 to 400\n");
  EXPECT_EQ(said({"search", "x", "--limit", "many"}), "resident: --limit: many is not a whole number from 1 to 400\n");
  EXPECT_EQ(said({"search", "x", "--limit"}), "resident: --limit needs a value\n  as in --limit N\n");
  EXPECT_EQ(said({"review", "--limit", "-1"}),
            "resident: `resident review` has no option --limit\n  `resident review --help` lists the options\n");
  EXPECT_EQ(said({"review", "nxet"}), "resident: there is no action called nxet\n  did you mean next?\n");
  EXPECT_EQ(said({"review", "--format", "xml"}),
            "resident: --format: there is no xml\n  it is one of table, json, csv, md, html\n");
  EXPECT_EQ(said({"review", "show", "1", "2"}),
            "resident: 2 is one word too many\n  `resident review --help` lists the options\n");
  EXPECT_EQ(said({"man", "--db=x"}),
            "resident: `resident man` has no option --db\n  `resident man --help` lists the "
            "options\n");
  for (const char* option : {"--project", "--as-of", "--db"}) {
    const std::string name = option;
    const std::string empty =
        "resident: " + name + ": nothing is given for it\n  give a value, or leave the option out\n";
    EXPECT_EQ(said({"today", name + "=", "--no-sync"}), empty);
    EXPECT_EQ(said({"today", name, ""}), empty);
  }
  EXPECT_EQ(said({"sync", "--no-lines=yes=no"}).find("CLI"), std::string::npos);
  EXPECT_EQ(said({"sync", "--items", "1", "--since", "2024-01-01"}).substr(0, 10), "resident: ");
  EXPECT_EQ(said({"man", "tody"}), "resident: there is no command called tody\n  did you mean today?\n");
  EXPECT_EQ(said({"completion", "fisch"}), "resident: there is no shell called fisch\n  did you mean fish?\n");
  EXPECT_EQ(said({"tody"}), "resident: there is no command called tody\n  did you mean today?\n");
  EXPECT_EQ(said({}), "resident: a command is missing\n  `resident --help` lists the commands\n");
  EXPECT_EQ(said({"--colour", "today"}),
            "resident: there is no option --colour before the command\n  options stand "
            "behind the command: resident COMMAND --project NAME\n");
}

TEST(Commands, WordsMayBeginWithADash) {
  CLI::App app;
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  using Words = std::vector<std::string>;
  const auto behind = [&](Words words) { return words_behind_dashes(app, std::move(words)); };
  EXPECT_EQ(behind({"search", "--dry-run", "--limit", "5"}), (Words{"search", "--limit", "5", "--", "--dry-run"}));
  EXPECT_EQ(behind({"search", "build", "-Werror", "--json"}), (Words{"search", "--json", "--", "build", "-Werror"}));
  EXPECT_EQ(behind({"search", "x", "--limt", "5"}), (Words{"search", "x", "--limt", "5"})) << "a slip stays one";
  EXPECT_EQ(behind({"search", "--", "--limit"}), (Words{"search", "--", "--limit"}));
  EXPECT_EQ(behind({"status", "--dry-run"}), (Words{"status", "--dry-run"}));
  EXPECT_NE(said({"search", "x", "--limt", "5"})
                .find("did you mean --limit? To look for the word: resident search -- "
                      "--limt"),
            std::string::npos);
}

// A flag goes before the environment.
TEST(Commands, AFlagGoesBeforeTheEnvironment) {
  setenv("RESIDENT_DB", "/nowhere/of-the-environment.db", 1);
  EXPECT_NE(said({"status"}, 1).find("/nowhere/of-the-environment.db"), std::string::npos);
  EXPECT_NE(said({"status", "--db", "/nowhere/of-the-flag.db"}, 1).find("/nowhere/of-the-flag.db"), std::string::npos);
  EXPECT_NE(said({"--db", "/nowhere/of-the-flag.db", "status"}, 1).find("/nowhere/of-the-flag.db"), std::string::npos);
  setenv("RESIDENT_DB", "", 1);
  EXPECT_NE(said({"status", "--db", "/nowhere/x.db"}, 1).find("/nowhere/x.db"), std::string::npos);
  unsetenv("RESIDENT_DB");
}

// Every table that a store has is exported, or named with the reason why not; and what is named is there.
TEST(Export, EveryTableIsExportedOrHasAReason) {
  std::vector<std::string> locations{":memory:"};
  if (const char* server = std::getenv("RESIDENT_TEST_POSTGRES")) {
    open_postgres(server, Access::write)
        ->execute_script("DROP SCHEMA IF EXISTS export_test CASCADE; CREATE SCHEMA export_test");
    const std::string url = server;
    locations.push_back(url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3Dexport_test");
  }
  std::vector<std::vector<std::string>> exported;
  for (const auto& location : locations) {
    const auto database = Database::open(location);
    // The tables that everybody sees are those that the program makes: the schema's, and what is made of them later.
    const auto tables = exported_tables(*database);
    for (const char* name :
         {"item", "event", "line_owner", "line_death", "head_file", "planned_action", "triage_mark", "accuracy_figure"})
      EXPECT_NE(std::find(tables.begin(), tables.end(), name), tables.end()) << name;
    for (const auto& each : kNotExported) {
      EXPECT_EQ(std::find(tables.begin(), tables.end(), each.table), tables.end()) << each.table;
      EXPECT_FALSE(each.reason.empty());
    }
    for (const auto& name : tables)
      EXPECT_NO_THROW(database->query("SELECT * FROM " + name + " WHERE project_id = 1")) << name;
    // A name that the store does not know is a reason for nothing; the index's own tables come with the first search.
    const auto stored = stored_tables(*database);
    for (const auto& each : kNotExported)
      if (!each.table.starts_with("search_")) {
        EXPECT_NE(std::find(stored.begin(), stored.end(), each.table), stored.end()) << each.table;
      }
    EXPECT_EQ(stored.size(), tables.size() + static_cast<std::size_t>(std::count_if(
                                                 kNotExported.begin(), kNotExported.end(), [&](const auto& each) {
                                                   return std::find(stored.begin(), stored.end(), each.table) !=
                                                          stored.end();
                                                 })));
    // Who reads the store by SQL finds each table in the guide.
    std::ifstream file(std::string(RESIDENT_SOURCE_DIR) + "/docs/guide/schema.md");
    const std::string guide{std::istreambuf_iterator<char>(file), {}};
    for (const auto& name : stored)
      EXPECT_NE(guide.find("`" + name + "`"), std::string::npos) << name << " is not in docs/guide/schema.md";
    // What is exported can be read: no packed bytes, no addresses.
    if (database->engine() == "sqlite")
      for (const auto& name : tables)
        for (const auto rows = database->query("SELECT name, type FROM pragma_table_info('" + name + "')");
             rows->next();) {
          EXPECT_NE(rows->text(1), "BLOB") << name << "." << rows->text(0);
          EXPECT_EQ(rows->text(0).find("email"), std::string_view::npos) << name << "." << rows->text(0);
        }
    exported.push_back(tables);
  }
  EXPECT_EQ(exported.front(), exported.back());
  if (const char* server = std::getenv("RESIDENT_TEST_POSTGRES"))
    open_postgres(server, Access::write)->execute_script("DROP SCHEMA IF EXISTS export_test CASCADE");
}

TEST(Commands, ErrorsHaveTheirExitCode) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  EXPECT_EQ(run_command_line({"nonsense"}, invocation), 2);
  EXPECT_EQ(run_command_line({}, invocation), 2);
  EXPECT_EQ(run_command_line({"status", "--db", "/nowhere/x.db"}, invocation), 1);
  EXPECT_EQ(run_command_line({"--help"}, invocation), 0);
}

std::string said_of(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  EXPECT_EQ(run_command_line(arguments, invocation), 2);
  EXPECT_EQ(out.str(), "");
  return err.str();
}

// The parser's own texts differ between its releases.
TEST(Commands, SayInTheirOwnWordsWhatIsWrong) {
  const auto says = [](const std::vector<std::string>& arguments, const std::string& first, const std::string& then) {
    EXPECT_EQ(said_of(arguments), "resident: " + first + "\n  " + then + "\n");
  };
  says({}, "a command is missing", "`resident --help` lists the commands");
  says({"tody"}, "there is no command called tody", "did you mean today?");
  says({"today", "--projct", "x"}, "`resident today` has no option --projct", "did you mean --project?");
  says({"today", "--qqqqqqqq=3"}, "`resident today` has no option --qqqqqqqq",
       "`resident today --help` lists the options");
  says({"today", "more"}, "more is one word too many",
       "`resident today` takes options alone; `resident today --help` lists the options");
  EXPECT_EQ(said_of({"serve", "--port", "99999"}), "resident: --port: 99999 is not a whole number from 0 to 65,535\n");
  says({"serve", "--port"}, "--port needs a value", "as in --port PORT");
  says({"export", "--format", "cvs"}, "--format: there is no cvs", "did you mean csv?");
}

// No release's wording comes through, for any option of any command.
TEST(Commands, NeverUseTheParsersWords) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  CLI::App app;
  std::function<int()> chosen;
  declare_all(app, invocation, chosen);
  for (const Command* command : commands())
    for (const CLI::Option* option : app.get_subcommand(command->name)->get_options()) {
      if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
      const std::string name = "--" + option->get_lnames().front();
      const bool takes_value = option->get_items_expected_max() > 0;
      for (const std::vector<std::string>& arguments :
           {std::vector<std::string>{command->name, takes_value ? name : name + "=maybe"},
            std::vector<std::string>{command->name, name, "\x1b[31m-1e999"}}) {
        std::ostringstream told, error;
        Invocation other{told, error, clock};
        other.db = "/nowhere/x.db";
        // A flag's would be a word more, which some commands take for the place to write to.
        if (arguments.size() > 2 && (!takes_value || option->get_type_name().find(" in [") == std::string::npos))
          continue;
        run_command_line(arguments, other);
        for (const char* words : {"Could not convert", "not in range", "were not expected", "required", "excludes",
                                  "not an allowed value", "\x1b"})
          EXPECT_EQ(error.str().find(words), std::string::npos) << command->name << " " << name << ": " << error.str();
      }
    }
}

}  // namespace
}  // namespace resident
