// An Analysis answers one question about a project, as of a moment, from the
// store: title, question, parameters, run → Results. Nothing later than the as-of
// time may reach a Result: that is what makes past reports reproducible and
// backtests honest. Adding one: one file that defines an Analysis, one line in
// list.cpp, and a test; a plain metric needs only one .sql file in metrics/.
#pragma once

#include <analyses/result.hpp>
#include <base/config.hpp>
#include <map>
#include <store/database.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

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
};

// A project by name; the only one if name is empty. as_of: nothing means the
// newest moment the tracker's (or else the code's) data speaks of, if that is more
// than two days ago, else now. Throws Error with the nearest name.
Context open_context(Database& database, const Config& config, const std::string& project,
                     std::optional<Timestamp> as_of, Timestamp now);
std::vector<std::string> project_names(Database& database);

struct AnalysisParameter {
  std::string_view name, argument, description;  // argument: what its value is called; "": it takes none
};

struct Analysis {
  std::string_view name;
  std::string_view title;
  std::string_view question;
  std::vector<AnalysisParameter> parameters;
  std::vector<Result> (*run)(const Context&);
};

const std::vector<const Analysis*>& analyses();
const Analysis& find_analysis(std::string_view name);

// Runs a query whose columns are the Result's columns, in order, into its rows.
void fill_rows(Result& result, Database& database, std::string_view sql, const Parameters& parameters);

}  // namespace resident
