// An Analysis answers one question about a project, as of a moment, from the
// store: title, question, parameters, run → Results. Nothing later than the as-of
// time may reach a Result: that is what makes past reports reproducible and
// backtests honest. Adding one: one file that defines an Analysis, one line in
// analyses/list.cpp, and a test; a plain metric needs only one .sql file in analyses/flow/metrics/.
// Its command, help, man page, completion, tool for assistants, JSON and its sections of pages
// come from what it declares here.
#pragma once

#include <config/config.hpp>
#include <framework/result.hpp>
#include <map>
#include <store/database.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// How people are told apart in Results: as the store names them, by their accounts alone, or not at all (framework/
// veil.hpp), where what is said is for everybody to read.
enum class PeopleShown { by_name, by_login, nobody };

struct Context {
  Database& database;
  std::int64_t project_id = 0;
  std::string project;
  std::string url;  // of the repository, "" if unknown
  bool simulated = false;
  ProjectConfig config;
  Timestamp as_of = 0;
  std::optional<Timestamp> data_until = {};  // newest moment of all sources, not later than as_of
  std::string coverage = {};                 // what the sources say is missing
  std::map<std::string, std::string> arguments = {};
  PeopleShown people_shown = PeopleShown::by_name;
  std::optional<Timestamp> asked = {};  // the moment, where one was asked for; else as_of is now, or where the data end

  std::string argument(const std::string& name, const std::string& fallback = {}) const;
  // The argument, one of these, the first if it is not given; throws Error{usage} for anything else.
  std::string choice(const std::string& name, const std::vector<std::string>& options) const;
  // The argument as a whole number; throws Error{usage} outside of least to most.
  std::int64_t whole_number(const std::string& name, std::int64_t fallback, std::int64_t least,
                            std::int64_t most) const;
  Parameters parameters() const;  // :project and :as_of
  // The same by way of another connection to the same store.
  Context through(Database& other) const;
  // A Result with all that every Result of this context shares.
  Result result(std::string name, std::string title, std::string question) const;
  std::string item_url(std::string_view kind, std::int64_t number) const;  // "" if there is no address
  // How numbers in the project's texts are read: its repository by its address, its sources or its items.
  ReferenceRules reference_rules() const;
  // What somebody typed for an item, as digits: "12", "#12", "GH-12", "owner/name#12", an address; of anything else,
  // and of another repository's, the text itself.
  std::string typed_number(const std::string& text) const;
};

// A project by name; the only one if name is empty. as_of: nothing means the
// newest moment the tracker's (or else the code's) data speaks of, if that is more
// than two days ago, else now. Throws Error with the nearest name.
Context open_context(Database& database, const Config& config, const std::string& project,
                     std::optional<Timestamp> as_of, Timestamp now);
std::vector<std::string> project_names(Database& database);
// For analyses over all projects: of no project (its id is 0), as of the moment asked for or now. projects: names
// separated by commas, or a group of the configuration's; "": all. It is left in `project`.
Context open_store_context(Database& database, const Config& config, const std::string& projects,
                           std::optional<Timestamp> as_of, Timestamp now);
// The projects that names separated by commas, or a group of the configuration's, mean; all for "". Throws
// Error{usage} with the nearest name.
std::vector<std::string> projects_meant(Database& database, const ProjectGroups& groups, const std::string& projects);

struct AnalysisParameter {
  std::string_view name, argument, description;  // argument: what its value is called; "": it takes none
};

// The headings of `resident --help`, in its order.
namespace groups {
inline constexpr std::string_view kMorning = "What needs me";
inline constexpr std::string_view kProject = "How the project does";
inline constexpr std::string_view kCode = "Code and those who know it";
inline constexpr std::string_view kTests = "Tests, CI and speed";
inline constexpr std::string_view kStore = "The store and its sources";
inline constexpr std::string_view kViews = "Other ways to see it";
inline constexpr std::string_view kTools = "Tools";
inline constexpr std::string_view kAll[] = {kMorning, kProject, kCode, kTests, kStore, kViews, kTools};
}  // namespace groups

// The command of that name which prints the analysis; without a summary it has none, or one of its own making.
struct AnalysisCommand {
  std::string_view group;                 // one of groups::kAll
  std::string_view summary, description;  // one line; what it needs, with an example
  std::string_view positional = {};       // the parameter that is given by its place, and must be
};

// As the value of an argument: what the page is of, for pages of one person, label, file ….
inline constexpr std::string_view kPageSubject = "$of";

// A place on a page of the dashboard and of report.html (analyses/pages.hpp).
struct PageSection {
  std::string_view page;  // its slug
  int place;              // sections stand in this order
  std::map<std::string, std::string> arguments = {};
};

struct Analysis {
  std::string_view name;
  std::string_view title;
  std::string_view question;
  std::vector<AnalysisParameter> parameters;
  std::vector<Result> (*run)(const Context&);
  AnalysisCommand command = {};
  std::vector<PageSection> sections = {};
  bool over_projects = false;  // its context is open_store_context's
};

// Runs a query whose columns are the Result's columns, in order, into its rows.
void fill_rows(Result& result, Database& database, std::string_view sql, const Parameters& parameters);

}  // namespace resident
