// Whose lines stand, how long they live and who knows the code: on a store made by hand.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <cmath>
#include <store/identities.hpp>
#include <tests/model/lines_fixture.hpp>

namespace resident {

extern const Analysis ownership_analysis, survival_analysis, burndown_analysis, knowledge_analysis, modules_analysis;

namespace {

using namespace test;

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
            "1 person wrote half of the lines by people, and ann the largest part (63.8 %, and is gone). 63.8 % of the "
            "141 lines "
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
  EXPECT_EQ(people.coverage, "5 lines are of unknown origin (3.4 %)");
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
            "141 lines stood on 2024-01-01, 77.9 % of all that were ever written; of the 137 that stood on 2023-01-01, "
            "92.7 % still did.");
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
  EXPECT_EQ(cell(all[1], "doc/guide.txt", "knowers"), "ann 100 % (gone)");
  // With a long memory ann, who is gone, is still the first to know it.
  const Result long_memory = run(knowledge_analysis, "2024-01-01", {{"path", "src"}, {"half-life", "36500"}})[1];
  EXPECT_EQ(cell(long_memory, "src/a.c", "at_risk"), "no");
  const Result own = run(knowledge_analysis, "2024-01-01", {{"person", "Ann"}})[0];
  EXPECT_EQ(cell(own, "doc/guide.txt", "rank"), "1");
  // Before the rename the file is known by its old name, and the others are not there yet.
  const auto then = run(knowledge_analysis, "2021-01-01", {{"path", "src"}});
  EXPECT_EQ(then[1].rows.size(), 1u);
  EXPECT_EQ(cell(then[1], "src/old.c", "knowers"), "ann 100 %");
  EXPECT_EQ(cell(then[1], "src/old.c", "lines"), "100") << "lines stand under today's name";
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
  EXPECT_EQ(message(survival_analysis, {{"top", "-1"}}),
            "--top: -1 is not a whole number from 0 to 1,000,000; without it, 50 is taken");
}

TEST(LineMonths, AreCountedFromTheYearNought) {
  EXPECT_EQ(month("1970-01-31"), 12 * 1970);
  for (const char* date : {"1970-01-01", "1999-12-01", "2024-02-01"})
    EXPECT_EQ(start_of_month_number(month(date)), at(date));
}

}  // namespace
}  // namespace resident
