// Whose lines stand, how long they live and who knows the code: on a store made by hand.
#include <gtest/gtest.h>

#include <analyses/lines.hpp>
#include <base/error.hpp>
#include <cmath>
#include <map>
#include <random>
#include <store/identities.hpp>
#include <tests/analyses/history.hpp>

namespace resident {

extern const Analysis ownership_analysis, survival_analysis, burndown_analysis, knowledge_analysis, modules_analysis;

namespace {

using namespace test;

int month(std::string_view date) {
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

INSTANTIATE_TEST_SUITE_P(Engines, LinesTest, testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return engine.param; });

TEST_P(LinesTest, OwnershipCountsWhatStands) {
  fill();
  const Result people = run(ownership_analysis, "2024-01-01")[0];
  EXPECT_EQ(people.sample_size, 141);
  EXPECT_EQ(cell(people, "ann", "lines"), "90");
  EXPECT_EQ(cell(people, "ann", "status"), "gone");
  EXPECT_EQ(cell(people, "ann", "files"), "2");
  EXPECT_EQ(cell(people, "ann", "oldest"), "2020-01-15");
  EXPECT_EQ(cell(people, "bob", "lines"), "44");
  EXPECT_EQ(cell(people, "bob", "status"), "active");
  EXPECT_EQ(cell(people, "dependabot[bot]", "status"), "bot");
  EXPECT_EQ(people.claim,
            "1 person wrote half of the lines by people; ann wrote most (63.8%, and is gone). 63.8% of the 141 lines "
            "that stand are by people who were not active in the last year.");
  const Result modules = run(ownership_analysis, "2024-01-01", {{"by", "module"}})[0];
  EXPECT_EQ(cell(modules, "src", "lines"), "111");
  EXPECT_EQ(cell(modules, "src", "orphaned_lines"), "60");
  EXPECT_EQ(cell(modules, "src", "by_bots"), "7");
  EXPECT_EQ(cell(modules, "doc", "orphaned"), "1");
  EXPECT_NEAR(std::stod(cell(modules, "src", "gini")), 60.0 / 104 - 0.5, 1e-12) << "two people: half their difference";
  const Result file = run(ownership_analysis, "2024-01-01", {{"by", "file"}, {"path", "src/"}})[0];
  EXPECT_EQ(file.sample_size, 111);
  EXPECT_EQ(cell(file, "src/a.c", "first"), "ann");
  const Result year = run(ownership_analysis, "2024-01-01", {{"by", "year"}})[0];
  EXPECT_EQ(cell(year, "2022", "lines"), "37");
  const Result listed = run(modules_analysis, "2024-01-01")[0];
  EXPECT_NEAR(std::stod(cell(listed, "src", "orphaned")), 60.0 / 111, 1e-12);
}

TEST_P(LinesTest, ThePastIsToldAsOfTheBeginningOfTheMonthAndNothingLater) {
  fill();
  // In May 2022 the 30 of March are gone, and the 10 of June 2023 stand yet.
  const Result then = run(ownership_analysis, "2022-05-20")[0];
  EXPECT_EQ(then.sample_size, 130);
  EXPECT_EQ(cell(then, "ann", "lines"), "100");
  EXPECT_EQ(cell(then, "bob", "lines"), "30");
  EXPECT_EQ(then.rows.size(), 2u) << "what the bot wrote on 1 May is later than the beginning of May";
  EXPECT_NE(then.claim.find("that stood on 2022-05-01"), std::string::npos) << then.claim;
  EXPECT_EQ(run(ownership_analysis, "2022-03-31")[0].sample_size, 130) << "March's changes are not told in March";
  EXPECT_EQ(run(ownership_analysis, "2019-06-01")[0].claim, "No line stood on 2019-06-01.");
}

TEST_P(LinesTest, UnknownOriginIsSaid) {
  fill();
  database_->execute("INSERT INTO line_owner VALUES (:project, :path, 0, NULL, 0, 5)",
                     {{"project", project_}, {"path", path("src/b.c")}});
  const Result people = run(ownership_analysis, "2024-01-01")[0];
  EXPECT_EQ(cell(people, "(unknown)", "lines"), "5");
  EXPECT_EQ(cell(people, "(unknown)", "status"), "unknown");
  EXPECT_EQ(people.coverage, "5 lines are of unknown origin (3.4%)");
  EXPECT_EQ(run(survival_analysis, "2024-01-01")[0].sample_size, 181);
  EXPECT_EQ(run(burndown_analysis, "2024-01-01")[0].coverage, "5 lines are of unknown origin and left out");
}

TEST_P(LinesTest, MergedIdentitiesAreOnePerson) {
  fill();
  const auto person = [&](const std::string& name) {
    return id("SELECT person_id FROM person WHERE project_id = :project AND name = :text", name);
  };
  merge_people(*database_, project_, person("ann"), person("bob"), at("2024-01-01"), {});
  const Result people = run(ownership_analysis, "2024-01-01")[0];
  EXPECT_EQ(people.rows.size(), 2u);
  EXPECT_EQ(raw_cell(people.rows[0][people.column("lines")], ColumnType::integer), "134");
}

TEST_P(LinesTest, BurndownAddsUp) {
  fill();
  const Result result = run(burndown_analysis, "2024-01-01", {{"every", "month"}})[0];
  const auto stood = [&](std::string_view date, const std::string& cohort) {
    for (const auto& row : result.rows)
      if (std::get<std::int64_t>(row[0]) == at(date) && std::get<std::string>(row[1]) == cohort)
        return std::get<std::int64_t>(row[2]);
    return std::int64_t{-1};
  };
  EXPECT_EQ(stood("2020-01-01", "2020"), 0);
  EXPECT_EQ(stood("2020-02-01", "2020"), 130);
  EXPECT_EQ(stood("2022-03-01", "2020"), 130);
  EXPECT_EQ(stood("2022-04-01", "2020"), 100);
  EXPECT_EQ(stood("2022-04-01", "2022"), 30);
  EXPECT_EQ(stood("2023-07-01", "2020"), 90);
  EXPECT_EQ(stood("2024-01-01", "2020"), 90);
  EXPECT_EQ(stood("2024-01-01", "2023"), 14);
  EXPECT_EQ(result.claim,
            "141 lines stood on 2024-01-01, 77.9% of all that were ever written; of the 137 that stood on 2023-01-01, "
            "92.7% still did.");
  const Result then = run(burndown_analysis, "2022-05-20", {{"every", "month"}})[0];
  EXPECT_EQ(std::get<std::int64_t>(then.rows.back()[0]), at("2022-05-01"));
  EXPECT_EQ(then.sample_size, 160);
}

TEST_P(LinesTest, SurvivalCensorsWhatStands) {
  fill();
  const Result result = run(survival_analysis, "2024-01-01")[0];
  EXPECT_EQ(cell(result, "all", "lines"), "181");
  EXPECT_EQ(cell(result, "all", "removed"), "40");
  EXPECT_EQ(cell(result, "2020", "lines"), "130");
  // 30 of 130 go after 26 months, 10 after 41; 90 stand.
  EXPECT_EQ(cell(result, "2020", "after_2"), "1");
  EXPECT_EQ(cell(result, "2020", "after_5"), "") << "nothing has been observed for five years";
  const Result curve = run(survival_analysis, "2024-01-01")[1];
  EXPECT_EQ(curve.rows.size(), 3u) << "from 1 by two steps";
  EXPECT_NEAR(std::get<double>(curve.rows[1][2]), 100.0 / 130, 1e-12);
  EXPECT_NEAR(std::get<double>(curve.rows[2][2]), 90.0 / 130, 1e-12);
  EXPECT_EQ(cell(result, "2022", "after_1"), "1");
  const Result then = run(survival_analysis, "2023-06-30")[0];
  EXPECT_EQ(cell(then, "2020", "removed"), "30") << "June is not over";
}

TEST_P(LinesTest, KnowledgeFollowsRenamesAndFades) {
  fill();
  const Result people = run(knowledge_analysis, "2023-06-20", {{"path", "src/a.c"}})[0];
  EXPECT_EQ(people.rows.size(), 2u);
  const auto years = [](std::string_view since) {
    return static_cast<double>(at("2023-06-20") - at(since)) / (365.0 * kDay);
  };
  const double ann = std::log2(102) * std::exp2(-years("2020-01-15"));
  const double bob = 4 + std::log2(32) * std::exp2(-years("2022-03-10"));
  EXPECT_NEAR(std::stod(cell(people, "bob", "share")), bob / (ann + bob), 1e-12);
  EXPECT_EQ(cell(people, "ann", "commits"), "1");
  const auto all = run(knowledge_analysis, "2024-01-01");
  EXPECT_EQ(cell(all[0], "doc", "truck_factor"), "0");
  EXPECT_EQ(cell(all[0], "doc", "lines_at_risk"), "30");
  EXPECT_EQ(cell(all[0], "src", "files"), "2");
  ASSERT_EQ(all[1].rows.size(), 1u);
  EXPECT_EQ(cell(all[1], "doc/guide.txt", "knowers"), "ann 100% (gone)");
  // With a long memory ann, who is gone, is still the first to know it.
  const Result long_memory = run(knowledge_analysis, "2024-01-01", {{"path", "src"}, {"half-life", "36500"}})[1];
  EXPECT_EQ(cell(long_memory, "src/a.c", "at_risk"), "no");
  const Result own = run(knowledge_analysis, "2024-01-01", {{"person", "Ann"}})[0];
  EXPECT_EQ(cell(own, "doc/guide.txt", "rank"), "1");
  // Before the rename the file is known by its old name, and the others are not there yet.
  const auto then = run(knowledge_analysis, "2021-01-01", {{"path", "src"}});
  EXPECT_EQ(then[1].rows.size(), 1u);
  EXPECT_EQ(cell(then[1], "src/old.c", "knowers"), "ann 100%");
}

TEST_P(LinesTest, NothingToSayIsSaidWithWhatToDo) {
  History history;
  history.items = {item(false, 1, "ann", "2023-01-10T00:00:00Z")};
  project_ = write(*database_, "small", history);
  for (const Analysis* analysis : {&ownership_analysis, &survival_analysis, &burndown_analysis, &knowledge_analysis})
    EXPECT_EQ(run(*analysis, "2024-01-01")[0].claim, "No code is known: add a clone with `resident add git`.");
  history.commits = {commit(0, "ann", "ann@users.noreply.github.com", at("2023-01-15"))};
  project_ = write(*database_, "small", history);
  for (const Analysis* analysis : {&ownership_analysis, &survival_analysis, &burndown_analysis})
    EXPECT_EQ(run(*analysis, "2024-01-01")[0].claim,
              "It is not known yet whose lines stand: `resident sync` reads the history for it.");
  // A store that an older program made has not even the tables.
  database_->execute_script("DROP TABLE line_owner; DROP TABLE line_death; DELETE FROM migration WHERE version >= 2");
  EXPECT_EQ(run(ownership_analysis, "2024-01-01")[0].claim,
            "It is not known yet whose lines stand: `resident sync` reads the history for it.");
  EXPECT_NO_THROW(run(modules_analysis, "2024-01-01"));
}

TEST_P(LinesTest, WrongArgumentsAreUsageErrorsWithTheNearest) {
  fill();
  const auto message = [&](const Analysis& analysis, std::map<std::string, std::string> arguments) {
    try {
      run(analysis, "2024-01-01", std::move(arguments));
    } catch (const Error& error) {
      return std::string(error.what()) + "; " + error.hint();
    }
    return std::string();
  };
  EXPECT_EQ(message(ownership_analysis, {{"by", "modul"}}), "--by: there is no modul; did you mean module?");
  EXPECT_EQ(message(burndown_analysis, {{"module", "srv"}}), "there is no module srv; did you mean src?");
  EXPECT_EQ(message(knowledge_analysis, {{"path", "src/c.c"}}),
            "the history knows no path src/c.c; did you mean src/a.c?");
  EXPECT_EQ(message(knowledge_analysis, {{"person", "an"}}), "there is nobody called an; did you mean ann?");
  EXPECT_EQ(message(survival_analysis, {{"top", "-1"}}), "--top: -1 is not a whole number from 0 to 1000000; ");
}

// Lines of files that come and go at random: told as of a moment from the whole history,
// they are as told by the store that was never told the rest.
TEST_P(LinesTest, TheWholeHistoryTellsAPastMomentAsTheStoreOfThenDid) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
  const Timestamp moment = at("2023-04-01");
  const char* people[] = {"ann", "bob", "cat", "dan", "dependabot[bot]"};
  struct Life {
    std::int64_t file, number;
    Timestamp born, died;  // died 0: stands
    std::int64_t lines;
  };
  std::vector<Life> lives;
  History whole;
  for (int number = 0; number < 60; ++number) {
    const std::string name = people[below(5)];
    auto record = commit(0, name, name + "@users.noreply.github.com", at("2021-01-01") + number * 21 * kDay);
    record.sha = fingerprint(std::to_string(number));
    for (std::int64_t file = 0; file < 12; ++file) {
      if (number > 0 && below(4) != 0) continue;
      record.changes.push_back(change(("d" + std::to_string(file % 3) + "/f" + std::to_string(file)).c_str(),
                                      number == 0 ? 'A' : 'M', static_cast<int>(below(90))));
      const Timestamp died = record.committed_at + below(1000) * kDay;
      lives.push_back({file, number, record.committed_at, died < at("2024-06-01") ? died : 0, 1 + below(20)});
    }
    whole.commits.push_back(record);
  }
  const auto fill_lines = [&](Timestamp until_then) {
    std::vector<std::vector<Value>> owners, deaths;
    std::map<std::vector<std::int64_t>, std::int64_t> dead;
    const auto line_path = [&](std::int64_t file) {
      return path("d" + std::to_string(file % 3) + "/f" + std::to_string(file));
    };
    for (const Life& each : lives) {
      if (each.born >= until_then) continue;
      const std::string sha = fingerprint(std::to_string(each.number));
      const std::int64_t writer =
          id("SELECT author_id FROM git_commit WHERE project_id = :project AND sha = :text", sha);
      if (each.died != 0 && each.died < until_then) {
        dead[{line_path(each.file), writer, month_number(each.born), month_number(each.died)}] += each.lines;
      } else {
        owners.push_back({project_, line_path(each.file),
                          id("SELECT commit_id FROM git_commit WHERE project_id = :project AND sha = :text", sha),
                          writer, each.born, each.lines});
      }
    }
    for (const auto& [key, lines] : dead) deaths.push_back({project_, key[0], key[1], key[2], key[3], lines});
    database_->insert(
        {"line_owner", {"project_id", "path_id", "commit_id", "author_id", "born_at", "lines"}, {}, OnConflict::fail},
        owners);
    database_->insert({"line_death",
                       {"project_id", "path_id", "author_id", "born_month", "died_month", "lines"},
                       {},
                       OnConflict::fail},
                      deaths);
    database_->execute("UPDATE path SET in_head = 1 WHERE project_id = :project", {{"project", project_}});
  };
  project_ = write(*database_, "small", whole);
  fill_lines(kForever);
  std::int64_t rest = project_;
  History past = until(whole, moment - 1);
  project_ = write(*database_, "past", past);
  ASSERT_NE(project_, rest);
  fill_lines(moment);
  using Arguments = std::map<std::string, std::string>;
  const std::pair<const Analysis*, Arguments> asked[] = {{&ownership_analysis, {}},
                                                         {&ownership_analysis, {{"by", "module"}}},
                                                         {&ownership_analysis, {{"by", "file"}}},
                                                         {&burndown_analysis, {}},
                                                         {&burndown_analysis, {{"by", "author"}}},
                                                         {&survival_analysis, {}},
                                                         {&survival_analysis, {{"by", "module"}}},
                                                         {&knowledge_analysis, {}},
                                                         {&knowledge_analysis, {{"path", "d1"}}}};
  for (const auto& [analysis, arguments] : asked) {
    std::vector<std::string> tables;
    for (const char* project : {"small", "past"}) {
      Context context = open_context(*database_, Config(), project, moment, kForever);
      context.arguments = arguments;
      std::string text;
      for (const auto& result : analysis->run(context))
        for (const auto& row : result.rows) {
          for (std::size_t i = 0; i < row.size(); ++i) {
            // What was removed since is known by the month it was written in.
            const bool is_month = result.columns[i].name == "oldest" || result.columns[i].name == "newest";
            text += raw_cell(row[i], result.columns[i].type).substr(0, is_month ? 7 : 40) + " ";
          }
          text += "\n";
        }
      tables.push_back(text);
    }
    EXPECT_GT(tables[0].size(), 100u) << analysis->name;
    EXPECT_EQ(tables[0], tables[1]) << analysis->name;
  }
}

TEST(LineMonths, AreCountedFromTheYearNought) {
  EXPECT_EQ(month("1970-01-31"), 12 * 1970);
  for (const char* date : {"1970-01-01", "1999-12-01", "2024-02-01"})
    EXPECT_EQ(start_of_month_number(month(date)), at(date));
}

}  // namespace
}  // namespace resident
