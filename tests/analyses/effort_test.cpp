// Hours and authors of a small history, counted by hand; on both engines, and never with knowledge of later things.
#include <gtest/gtest.h>
#include <unistd.h>

#include <base/error.hpp>
#include <cstdlib>
#include <filesystem>
#include <framework/analysis.hpp>
#include <fstream>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis effort_analysis, truck_factor_analysis;

namespace {

using namespace test;

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("resident-effort-" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
};

CommitRecord work(int number, const std::string& who, std::string_view when, char status, const std::string& path,
                  const std::string& old_path = {}) {
  CommitRecord record = commit(number, who, who + "@" + who + ".example", at(when));
  record.changes = {{path, status, old_path, 3, 1}};
  return record;
}

History effort_history() {
  History history;
  history.commits = {work(0, "ann", "2024-01-01T10:00:00Z", 'A', "src/a.c"),
                     work(1, "ann", "2024-01-01T11:00:00Z", 'A', "lib/b.c"),
                     work(2, "ann", "2024-01-02T10:00:00Z", 'M', "src/a.c"),
                     work(3, "bob", "2024-01-03T10:00:00Z", 'R', "lib/c.c", "lib/b.c"),
                     work(4, "bob", "2024-02-03T11:30:00Z", 'A', "src/d.c"),
                     work(5, "bob", "2024-04-01T11:30:00Z", 'M', "src/a.c")};  // later than what is asked for
  return history;
}

Context context_of(Database& database, std::map<std::string, std::string> arguments,
                   std::string_view as_of = "2024-03-01") {
  if (project_names(database).empty()) write(database, "small", effort_history());
  Context context = open_context(database, Config(), "small", at(as_of), kForever);
  context.arguments = std::move(arguments);
  return context;
}

double number(const Result& result, std::string_view first, std::string_view column) {
  for (const auto& row : result.rows)
    if (const auto* name = std::get_if<std::string>(&row[0]); name && *name == first) {
      const Cell& cell = row[result.column(column)];
      if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
      return std::get<double>(cell);
    }
  ADD_FAILURE() << "no row " << first;
  return -1;
}

class Effort : public OnEachEngine {
 protected:
  Effort() : OnEachEngine("effort_test") {}
  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(Engines, Effort, kEngines, engine_name);

TEST_P(Effort, IsCountedFromSessions) {
  const auto results = effort_analysis.run(context_of(*database_, {}));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_DOUBLE_EQ(number(results[0], "ann", "hours"), 0.5 + 1 + 0.5);  // two sessions
  EXPECT_DOUBLE_EQ(number(results[0], "ann", "sessions"), 2);
  EXPECT_DOUBLE_EQ(number(results[0], "bob", "hours"), 1);
  EXPECT_DOUBLE_EQ(number(results[1], "sessions", "hours"), 3);
  EXPECT_DOUBLE_EQ(number(results[1], "git-hours", "hours"), (1 + 2) + 2);
  EXPECT_DOUBLE_EQ(number(results[1], "gitoxide", "hours"), (2 + 1 + 2) + (2 + 2));
  EXPECT_DOUBLE_EQ(number(results[1], "once-an-author", "hours"), (2 + 1) + 2);
}

TEST_P(Effort, GoesToModulesMonthsAndEmployers) {
  const auto by = [&](std::map<std::string, std::string> arguments) {
    return effort_analysis.run(context_of(*database_, std::move(arguments)))[0];
  };
  const Result months = effort_analysis.run(context_of(*database_, {{"by", "month"}}, "2024-03-02"))[0];
  ASSERT_EQ(months.rows.size(), 3u);  // March has begun, and nothing was done in it
  EXPECT_EQ(std::get<std::int64_t>(months.rows[0][0]), at("2024-01-01"));
  EXPECT_DOUBLE_EQ(std::get<double>(months.rows[0][1]), 2.5);
  EXPECT_DOUBLE_EQ(std::get<double>(months.rows[1][1]), 0.5);
  EXPECT_DOUBLE_EQ(std::get<double>(months.rows[2][1]), 0);
  EXPECT_EQ(std::get<std::int64_t>(months.rows[1][months.column("is_whole")]), 1);
  EXPECT_EQ(std::get<std::int64_t>(months.rows[2][months.column("is_whole")]), 0);
  const Result modules = by({{"by", "module"}});
  double all = 0;
  for (const auto& row : modules.rows) all += std::get<double>(row[1]);
  EXPECT_DOUBLE_EQ(all, 3);
  const std::string map =
      folder_.file("map", "ann@ann.example Payer < 2024-01-02\nann.example (None)\nbob.example Other\n");
  const Result employers = by({{"affiliations", map}, {"rate", "100"}});
  EXPECT_DOUBLE_EQ(number(employers, "Payer", "hours"), 1.5);
  EXPECT_DOUBLE_EQ(number(employers, "volunteers", "hours"), 0.5);
  EXPECT_DOUBLE_EQ(number(employers, "Other", "hours"), 1);
  EXPECT_DOUBLE_EQ(number(employers, "Other", "cost"), 100);
  EXPECT_THROW(by({{"by", "employer"}}), Error);
  EXPECT_THROW(by({{"method", "git-hours"}, {"gap", "60"}}), Error);
}

TEST_P(Effort, IsHeldAgainstDeclaredHours) {
  const std::string file = folder_.file(
      "declared.csv",
      "person,from,to,hours\nann,2024-01-01,2024-01-01,3\nbob,2024-01-01,2024-12-31,2\nzoe,2024-01-01,2024-01-02,9\n");
  const Result result = effort_analysis.run(context_of(*database_, {{"declared", file}}))[0];
  // 5 declared where 1.5 and 1 are estimated.
  EXPECT_DOUBLE_EQ(number(result, "ann", "declared_hours"), 2 * 5 / 2.5);
  ASSERT_FALSE(result.notes.empty());
  EXPECT_NE(result.notes[0].find("fewer than 5 people: no interval"), std::string::npos) << result.notes[0];
  EXPECT_NE(result.notes[0].find("zoe"), std::string::npos) << result.notes[0];
}

TEST_P(Effort, KnowsNothingLater) {
  const Result then = effort_analysis.run(context_of(*database_, {}, "2024-01-02T00:00:00Z"))[0];
  ASSERT_EQ(then.rows.size(), 1u);
  EXPECT_DOUBLE_EQ(number(then, "ann", "hours"), 1.5);
  const auto truck = truck_factor_analysis.run(context_of(*database_, {}, "2024-01-02T00:00:00Z"));
  EXPECT_EQ(truck[0].sample_size, 2);
}

TEST_P(Effort, TruckFactorFollowsRenames) {
  const auto results = truck_factor_analysis.run(context_of(*database_, {}));
  EXPECT_EQ(results[0].sample_size, 3);
  // lib/c.c: ann added it by its old name, 3.293 + 1.098 - 0.321 ln 2 = 4.168; bob moved it, 3.293 + 0.164 = 3.457,
  // which is 0.83 of that, so that both are its authors, of two files each.
  EXPECT_DOUBLE_EQ(number(results[0], "avelino", "factor"), 2);
  EXPECT_DOUBLE_EQ(number(results[0], "avelino", "coverage"), 0);
  ASSERT_EQ(results[1].rows.size(), 3u);
  EXPECT_DOUBLE_EQ(std::get<double>(results[1].rows[0][3]), 1);
  EXPECT_DOUBLE_EQ(std::get<double>(results[1].rows[1][3]), 2 / 3.0);
  EXPECT_DOUBLE_EQ(number(results[0], "absence", "factor"), 1);
}

}  // namespace
}  // namespace resident
