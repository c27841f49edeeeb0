#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/index.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/declare_source.hpp>
#include <cli/exported_tables.hpp>
#include <filesystem>
#include <store/summaries.hpp>
#include <store/writer.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::string_view kOfTheReading[] = {"quarantine", "source_record", "source_stream", "http_validator",
                                              "source"};

// Of the store's tables, those with both columns.
std::vector<std::string> tables_with(Database& database, std::string_view column) {
  std::vector<std::string> tables;
  for (const std::string& table : stored_tables(database)) {
    const auto rows = database.query(fmt::format("SELECT * FROM {} LIMIT 0", table));
    bool has_column = false, has_project = false;
    for (std::size_t i = 0; i < rows->column_count(); ++i) {
      has_column = has_column || rows->column_name(i) == column;
      has_project = has_project || rows->column_name(i) == "project_id";
    }
    if (has_column && has_project) tables.push_back(table);
  }
  return tables;
}

}  // namespace

std::int64_t declare_project(Database& database, const std::string& name) {
  if (const auto known = database.integer("SELECT project_id FROM project WHERE name = :name", {{"name", name}}))
    return *known;
  const char* what = trim(name).empty()                              ? "is empty"
                     : name.size() > kLongestName                    ? "has over 100 letters"
                     : one_line(clean_text(name, 1000)) != name      ? "holds a control character"
                     : name.front() == '-'                           ? "begins with a dash"
                     : name.find_first_of(",/") != std::string::npos ? "holds a comma or a slash"
                     : blank_emails(name) != name                    ? "holds an e-mail address"
                                                                     : nullptr;
  if (what)
    throw Error(ErrorKind::usage,
                fmt::format("the project's name {}: {}", what, one_line(clean_text(name, kLongestName))),
                "give another with --project NAME");
  return ensure_project(database, name);
}

std::int64_t rows_of_source(Database& database, std::int64_t project, std::int64_t source) {
  std::int64_t count = 0;
  for (const std::string& table : tables_with(database, "source_id"))
    if (std::find(std::begin(kOfTheReading), std::end(kOfTheReading), table) == std::end(kOfTheReading))
      count += database
                   .integer(fmt::format("SELECT count(*) FROM {} WHERE project_id = :project AND source_id = :source",
                                        table),
                            {{"project", project}, {"source", source}})
                   .value_or(0);
  return count;
}

void withdraw_source(Database& database, std::int64_t project, std::int64_t source) {
  Transaction transaction(database);
  for (const std::string_view table : kOfTheReading)
    database.execute(fmt::format("DELETE FROM {} WHERE project_id = :project AND source_id = :source", table),
                     {{"project", project}, {"source", source}});
  transaction.commit();
}

void remove_project(Database& database, std::int64_t project) {
  const Parameters parameters{{"project", project}};
  const auto tables = tables_with(database, "project_id");
  Transaction transaction(database);
  remove_search_index(database, project);
  // What began there and went on in another project of the store is looked for anew.
  std::vector<std::int64_t> others;
  for (const auto rows = database.query(
           "SELECT DISTINCT project_id FROM item_move WHERE first_project_id = :project AND project_id <> :project",
           parameters);
       rows->next();)
    others.push_back(rows->integer(0));
  for (const std::int64_t other : others) forget_summaries(database, other);
  database.execute(
      "DELETE FROM item_move_search WHERE project_id IN (SELECT project_id FROM item_move WHERE "
      "first_project_id = :project)",
      parameters);
  database.execute("DELETE FROM item_move WHERE first_project_id = :project", parameters);
  for (const std::string& table : tables)
    database.execute(fmt::format("DELETE FROM {} WHERE project_id = :project", table), parameters);
  transaction.commit();
}

void mind_other_clone(std::ostream& messages, Database& database, std::int64_t project, const std::string& place) {
  const Parameters parameters{{"project", project}, {"place", place}};
  if (database
          .integer("SELECT count(*) FROM source WHERE project_id = :project AND kind = 'git' AND location = :place",
                   parameters)
          .value_or(0))
    return;
  const auto other = database.text(
      "SELECT min(location) FROM source WHERE project_id = :project AND kind = 'git' AND location <> :place",
      parameters);
  if (!other) return;
  std::error_code ignored;
  if (std::filesystem::exists(*other, ignored))
    throw Error(ErrorKind::usage,
                fmt::format("the project has a clone already, {}: a second one would replace its newest tree and whose "
                            "lines stand",
                            one_line(*other)),
                "give this one a project of its own, with --project NAME");
  Transaction transaction(database);
  database.execute(
      "UPDATE source SET location = :place WHERE project_id = :project AND kind = 'git' AND location = :other",
      {{"place", place}, {"project", project}, {"other", *other}});
  transaction.commit();
  messages << fmt::format("the clone at {} is gone: this one takes its place\n", one_line(*other));
}

}  // namespace resident
