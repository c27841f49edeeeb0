// A small store with whose lines stand and which are gone, made by hand, for the tests
// of the analyses of lines; on both engines where there is a PostgreSQL.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <model/lines.hpp>
#include <string>
#include <tests/analyses/history.hpp>
#include <vector>

namespace resident::test {

inline int month(std::string_view date) {
  return month_number(at(date));
}

class LinesTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "sqlite") {
      database_ = Database::open(":memory:");
    } else {
      const char* url = std::getenv("RESIDENT_TEST_POSTGRES");
      if (!url) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES is not set";
      url_ = url;
      open_postgres(url_, Access::write)
          ->execute_script("DROP SCHEMA IF EXISTS lines_test CASCADE; CREATE SCHEMA lines_test");
      database_ = Database::open(url_ + (url_.find('?') == std::string::npos ? "?" : "&") +
                                 "options=-csearch_path%3Dlines_test");
    }
  }
  void TearDown() override {
    database_.reset();
    if (!url_.empty()) open_postgres(url_, Access::write)->execute_script("DROP SCHEMA IF EXISTS lines_test CASCADE");
  }

  // Ann wrote src/a.c (as src/old.c) in 2020 and is gone since; bob and a bot go on. Deaths:
  // 30 lines of ann's went in March 2022, 10 in June 2023.
  void fill() {
    History history;
    const auto add = [&](int number, const std::string& name, const char* when, std::vector<FileChangeRecord> files) {
      auto record = commit(number, name, name + "@users.noreply.github.com", at(when));
      record.changes = std::move(files);
      history.commits.push_back(record);
    };
    add(0, "ann", "2020-01-15", {change("src/old.c", 'A', 100), change("doc/guide.txt", 'A', 30)});
    add(1, "bob", "2022-03-10", {change("src/a.c", 'R', 30, "src/old.c")});
    add(2, "dependabot[bot]", "2022-05-01", {change("src/b.c", 'A', 7)});
    add(3, "bob", "2023-06-20", {change("src/a.c", 'M', 14)});
    project_ = write(*database_, "small", history);
    for (const char* path : {"src/a.c", "src/b.c", "doc/guide.txt"})
      database_->execute("UPDATE path SET in_head = 1 WHERE path = :path", {{"path", std::string(path)}});
    owner("src/a.c", 0, "ann", 60);
    owner("src/a.c", 1, "bob", 30);
    owner("src/a.c", 3, "bob", 14);
    owner("src/b.c", 2, "dependabot[bot]", 7);
    owner("doc/guide.txt", 0, "ann", 30);
    death("src/old.c", "ann", "2020-01-01", "2022-03-01", 30);
    death("src/a.c", "ann", "2020-01-01", "2023-06-01", 10);
  }

  static FileChangeRecord change(const char* path, char status, int additions, const char* old_path = "") {
    FileChangeRecord record;
    record.path = path;
    record.status = status;
    record.old_path = old_path;
    record.additions = additions;
    record.deletions = 0;
    return record;
  }
  std::int64_t id(const char* sql, const std::string& text) {
    return database_->integer(sql, {{"project", project_}, {"text", text}}).value();
  }
  std::int64_t path(const std::string& text) {
    return id("SELECT path_id FROM path WHERE project_id = :project AND path = :text", text);
  }
  std::int64_t author(const std::string& name) {
    return id(
        "SELECT min(author_id) FROM git_commit c JOIN identity i ON i.project_id = c.project_id AND "
        "i.identity_id = c.author_id WHERE c.project_id = :project AND i.name = :text",
        name);
  }
  void owner(const char* file, int number, const std::string& name, std::int64_t lines) {
    const std::string sha = std::string(39, 'a') + static_cast<char>('a' + number);
    const std::int64_t commit_id =
        id("SELECT commit_id FROM git_commit WHERE project_id = :project AND sha = :text", sha);
    const std::int64_t born =
        id("SELECT committed_at FROM git_commit WHERE project_id = :project AND sha = :text", sha);
    database_->execute("INSERT INTO line_owner VALUES (:project, :path, :commit, :author, :born, :lines)",
                       {{"project", project_},
                        {"path", path(file)},
                        {"commit", commit_id},
                        {"author", author(name)},
                        {"born", born},
                        {"lines", lines}});
  }
  void death(const char* file, const std::string& name, const char* born, const char* died, std::int64_t lines) {
    database_->execute("INSERT INTO line_death VALUES (:project, :path, :author, :born, :died, :lines)",
                       {{"project", project_},
                        {"path", path(file)},
                        {"author", author(name)},
                        {"born", static_cast<std::int64_t>(month(born))},
                        {"died", static_cast<std::int64_t>(month(died))},
                        {"lines", lines}});
  }

  std::vector<Result> run(const Analysis& analysis, std::string_view as_of,
                          std::map<std::string, std::string> arguments = {}) {
    Context context = open_context(*database_, Config(), "small", at(as_of), kForever);
    context.arguments = std::move(arguments);
    return analysis.run(context);
  }
  // A cell as programs read it, of the row whose first cell is `first`.
  static std::string cell(const Result& result, const std::string& first, const std::string& column) {
    for (const auto& row : result.rows)
      if (raw_cell(row[0], result.columns[0].type) == first)
        return raw_cell(row[result.column(column)], result.columns[result.column(column)].type);
    ADD_FAILURE() << result.name << " has no row " << first;
    return {};
  }

  std::unique_ptr<Database> database_;
  std::string url_;
  std::int64_t project_ = 0;
};

}  // namespace resident::test
