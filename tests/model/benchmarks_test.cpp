// What was measured at named commits, what lies in the dark before an event, who is suspected, what to measure next; on
// both engines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <model/benchmarks/comparison.hpp>
#include <model/benchmarks/confirmations.hpp>
#include <model/benchmarks/measured_commit.hpp>
#include <model/benchmarks/suspicions.hpp>
#include <store/benchmark_book.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis speed_analysis, measure_next_analysis, releases_analysis;

namespace {

using namespace test;

constexpr Timestamp kBegin = 1'700'000'000;  // 2023-11-14
constexpr int kCommits = 63;

std::string sha_of(int number) {
  return fmt::format("{:040x}", 0xabc000 + number);
}

// 63 commits in a row, one a day. Every third is measured; from commit 38 on (seen at 39) one of two series takes a
// fifth longer. The last two are not measured.
class Benchmarks : public OnEachEngine {
 protected:
  Benchmarks() : OnEachEngine("benchmarks_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    if (IsSkipped()) return;
    History history;
    for (int i = 0; i < kCommits; ++i) {
      CommitRecord record = commit(0, "Ann", "ann@example.org", kBegin + i * kDay);
      record.sha = sha_of(i);
      record.parents = i == 0 ? std::vector<std::string>{} : std::vector<std::string>{sha_of(i - 1)};
      history.commits.push_back(record);
    }
    history.tags = {
        {"refs/heads/main", sha_of(kCommits - 1), kBegin},  {"refs/tags/v1", sha_of(20), kBegin + 20 * kDay},
        {"refs/tags/v1.0", sha_of(20), kBegin + 20 * kDay}, {"refs/tags/v1.1", sha_of(30), kBegin + 30 * kDay},
        {"refs/tags/v1.2", sha_of(57), kBegin + 57 * kDay}, {"refs/remotes/origin/next", sha_of(30), kBegin}};
    history.items = {item(true, 7, "bob", format_time(kBegin + 30 * kDay)),
                     item(true, 8, "bob", format_time(kBegin + 30 * kDay))};
    project_ = write(*database_, "demo", history);
    const auto id = [&](std::int64_t number) {
      return *database_->integer("SELECT item_id FROM item WHERE number = :number", {{"number", number}});
    };
    suspect_ = id(7), other_ = id(8);
    database_->insert(
        {"item_commit", {"project_id", "item_id", "sha", "relation", "source_id"}, {}, OnConflict::ignore},
        {{project_, suspect_, sha_of(38), "merge", std::int64_t{1}},
         {project_, other_, sha_of(10), "merge", std::int64_t{1}}});
    for (const std::int64_t series : {1, 2})
      database_->insert(
          {"benchmark_series",
           {"project_id", "series_id", "name", "unit", "machine", "configuration", "benchmark", "better", "tool"},
           {},
           OnConflict::ignore},
          {{project_, series, series == 1 ? "parse" : "print", "s", "ci-1", "", "b", "lower", "t"}});
    for (int i = 0; i < kCommits - 2; i += 3) measure(i);
  }

  void measure(int number) {
    const std::string key = fmt::format("run {}", number);
    database_->insert(
        {"benchmark_run",
         {"project_id", "run_key", "source_id", "sha", "measured_at", "machine", "environment", "tool", "version"},
         {},
         OnConflict::ignore},
        {{project_, key, std::int64_t{1}, sha_of(number), kBegin + number * kDay + 60, "ci-1", "cpu=one\nkernel=6", "t",
          "1"}});
    for (const std::int64_t series : {1, 2}) {
      // A waver of half a per cent that repeats itself.
      const double value = 10 * (1 + 0.005 * ((number * 7 + static_cast<int>(series)) % 5 - 2) / 2) *
                           (series == 1 && number >= 38 ? 1.2 : 1);
      database_->insert(
          {"benchmark_value", {"project_id", "series_id", "run_key", "value", "samples"}, {}, OnConflict::ignore},
          {{project_, series, key, value, fmt::format("{} {}", value * 0.99, value * 1.01)}});
    }
  }

  Context context(Timestamp as_of = kBegin + 100 * kDay) {
    Context made = open_context(*database_, Config(), "demo", as_of, kBegin + 100 * kDay);
    made.url = "https://example.org/demo";
    return made;
  }

  std::int64_t project_ = 0, suspect_ = 0, other_ = 0;
};

TEST_P(Benchmarks, CommitsAreNamedAsGitNamesThem) {
  EXPECT_EQ(measured_commit(context(), "v1").asked, sha_of(20));
  EXPECT_EQ(measured_commit(context(), "main").asked, sha_of(kCommits - 1));
  EXPECT_EQ(measured_commit(context(), "next").asked, sha_of(30));
  EXPECT_EQ(measured_commit(context(), "refs/heads/main").asked, sha_of(kCommits - 1));
  EXPECT_EQ(measured_commit(context(), sha_of(12)).asked, sha_of(12));
  EXPECT_THROW(measured_commit(context(), "0000"), Error);  // the beginning of all of them
  EXPECT_THROW(measured_commit(context(), "ffff"), Error);
  try {
    measured_commit(context(), "mian");
    FAIL() << "there is no such branch";
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("main"), std::string::npos) << error.hint();
  }
}

TEST_P(Benchmarks, TheNearestBeforeStandsForWhatWasNotMeasured) {
  const MeasuredCommit commit = measured_commit(context(), "v1");
  EXPECT_EQ(commit.sha, sha_of(18));
  EXPECT_EQ(commit.steps, 2u);
  ASSERT_EQ(commit.series.size(), 2u);
  EXPECT_EQ(commit.series[0].name, "parse · ci-1");
  EXPECT_EQ(commit.series[0].values.size(), 2u);  // every single one
  EXPECT_EQ(commit.environment.at("cpu"), "one");
  // As of a day before it was measured, an older one.
  EXPECT_EQ(measured_commit(context(kBegin + 16 * kDay), "v1").sha, sha_of(15));
  EXPECT_THROW(measured_commit(context(kBegin - kDay), "v1"), Error);
}

TEST_P(Benchmarks, WhatLiesInTheDark) {
  EXPECT_EQ(unmeasured_before(context(), sha_of(39)), (std::vector<std::string>{sha_of(38), sha_of(37)}));
  EXPECT_EQ(unmeasured_before(context(), sha_of(38)), std::vector<std::string>{sha_of(37)});
  EXPECT_TRUE(unmeasured_before(context(), sha_of(37)).empty());
  EXPECT_TRUE(unmeasured_before(context(), sha_of(0)).empty());
}

TEST_P(Benchmarks, WhoseCommitLiesBetweenTwoMeasuredOnesIsSuspected) {
  const auto found = speed_suspicions(context(), suspect_);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sha, sha_of(39));
  EXPECT_EQ(found[0].suspects, 3u);
  EXPECT_TRUE(found[0].is_worse);
  EXPECT_NEAR(found[0].change, 0.2, 0.01);
  EXPECT_EQ(speed_suspicions(context(), suspect_)[0].words(), found[0].words());  // what was kept says the same
  EXPECT_TRUE(speed_suspicions(context(), other_).empty());
  EXPECT_TRUE(speed_suspicions(context(kBegin + 39 * kDay), suspect_).empty());  // nobody had measured it yet
}

TEST_P(Benchmarks, ReleasesAgainstEachOther) {
  const Result table = releases_analysis.run(context()).front();
  ASSERT_EQ(table.rows.size(), 2u);  // the newest first
  const auto cell = [&](std::size_t row, const char* name) { return table.rows[row][table.column(name)]; };
  EXPECT_EQ(cell(0, "release"), Cell(std::string("v1.2")));
  EXPECT_EQ(cell(0, "against"), Cell(std::string("v1.1")));
  EXPECT_NEAR(std::get<double>(cell(0, "speed")), std::sqrt(1 / 1.2), 0.01);  // one of two takes a fifth longer
  EXPECT_LT(std::get<double>(cell(0, "low")), std::sqrt(1 / 1.2));
  EXPECT_GT(std::get<double>(cell(0, "high")), std::sqrt(1 / 1.2));
  EXPECT_NEAR(std::get<double>(cell(1, "speed")), 1, 0.01);
  EXPECT_NE(std::get<std::string>(cell(1, "note")).find("2 commits before v1.0"), std::string::npos);
  EXPECT_NE(table.claim.find("v1.2 against v1.1: 0.92 × ["), std::string::npos) << table.claim;

  Context one = context();
  one.arguments = {{"release", "1.2"}, {"against", "v1.0"}};
  const Result detail = releases_analysis.run(one).front();
  ASSERT_EQ(detail.rows.size(), 2u);
  EXPECT_EQ(detail.rows[0][detail.column("name")], Cell(std::string("parse · ci-1")));  // the worst first
  EXPECT_EQ(detail.rows[0][detail.column("verdict")], Cell(std::string("worse")));
  EXPECT_NEAR(std::get<double>(detail.rows[0][detail.column("ratio")]), 1 / 1.2, 0.01);
  one.arguments = {{"release", "1.3"}};
  EXPECT_THROW(releases_analysis.run(one), Error);
  one.arguments = {{"release", "v1.0"}};
  EXPECT_THROW(releases_analysis.run(one), Error);  // the first one
  one.arguments = {{"only", "measured"}};
  EXPECT_EQ(releases_analysis.run(one).size(), 1u);
  one.as_of = kBegin - kDay;  // nobody had measured anything
  EXPECT_TRUE(releases_analysis.run(one).empty());
}

TEST_P(Benchmarks, OneValueACommitIsALevelWithThoseBefore) {
  database_->execute("UPDATE benchmark_value SET samples = NULL", {});
  const Result table = releases_analysis.run(context()).front();
  ASSERT_EQ(table.rows.size(), 2u);
  const auto cell = [&](std::size_t row, const char* name) { return table.rows[row][table.column(name)]; };
  // The level of v1.2 begins at the step; that of v1.1 ends before it.
  EXPECT_NEAR(std::get<double>(cell(0, "speed")), std::sqrt(1 / 1.2), 0.01);
  EXPECT_LT(std::get<double>(cell(0, "high")) - std::get<double>(cell(0, "low")), 0.02);
  EXPECT_EQ(cell(0, "worse"), Cell(std::int64_t{1}));
}

TEST_P(Benchmarks, UnitsSayWhichWayIsBetterWhereNobodyDoes) {
  database_->execute("UPDATE benchmark_series SET better = NULL, unit = 'MiB'", {});
  EXPECT_EQ(measured_commit(context(), "v1").series.front().better, "lower");
  const Result table = releases_analysis.run(context()).front();
  EXPECT_TRUE(std::holds_alternative<std::monostate>(table.rows[0][table.column("speed")]));
  EXPECT_NEAR(std::get<double>(table.rows[0][table.column("size")]), std::sqrt(1.2), 0.01);
  database_->execute("UPDATE benchmark_series SET unit = 'widgets'", {});
  EXPECT_EQ(measured_commit(context(), "v1").series.front().better, "");
}

TEST_P(Benchmarks, AReportTellsAnEventOnce) {
  const auto told = [&](int begin, int end) {
    return speed_of_period(context(), kBegin + begin * kDay, kBegin + end * kDay).events.size();
  };
  std::size_t all = 0;
  for (int week = 0; week < 9; ++week) all += told(7 * week, 7 * week + 7);
  EXPECT_EQ(all, 1u);
  EXPECT_EQ(told(0, 35), 0u);
  const SpeedPeriod whole = speed_of_period(context(), kBegin, kBegin + 63 * kDay);
  EXPECT_EQ(whole.sentence(), "21 runs of benchmarks; 1 event, 1 of them to the worse.");
  EXPECT_TRUE(speed_of_period(context(), kBegin + 80 * kDay, kBegin + 87 * kDay).is_empty());
}

TEST_P(Benchmarks, WhatToMeasureNext) {
  Context next = context();
  const Result all = measure_next_analysis.run(next).front();
  const auto has = [&](const Result& result, const std::string& verb, const std::string& sha) {
    return std::any_of(result.rows.begin(), result.rows.end(), [&](const auto& row) {
      return row[result.column("verb")] == Cell(verb) && row[result.column("sha")] == Cell(sha);
    });
  };
  EXPECT_TRUE(has(all, "measure", sha_of(37)));  // the middle of 37, 38 and 39
  EXPECT_TRUE(has(all, "confirm", sha_of(39)));
  EXPECT_TRUE(has(all, "measure", sha_of(kCommits - 1)));  // nothing is known of the newest
  next.arguments["minutes"] = "1";
  const Result few = measure_next_analysis.run(next).front();
  EXPECT_LT(few.rows.size(), all.rows.size());
  double seconds = 0;
  for (const auto& row : few.rows) seconds += static_cast<double>(std::get<std::int64_t>(row[few.column("minutes")]));
  EXPECT_LE(seconds, 60 + static_cast<double>(few.rows.size()));
}

TEST_P(Benchmarks, WhatRerunsDidNotSeeIsSaidSo) {
  const auto note = [&] {
    const Result result = speed_analysis.run(context()).front();
    EXPECT_EQ(result.rows.size(), 1u);
    return std::get<std::string>(result.rows.front()[result.column("note")]);
  };
  EXPECT_EQ(note(), "");
  const auto confirm = [&](Timestamp at, const std::string& verdict, const std::string& series = "parse") {
    database_->insert(
        {"speed_confirmation",
         {"project_id", "sha", "confirmed_at", "series", "verdict", "ratio", "low", "high", "probability", "runs"},
         {},
         OnConflict::ignore},
        {{project_, sha_of(39), at, series, verdict, 1.0, 0.99, 1.01, 0.98, std::int64_t{12}}});
  };
  confirm(kBegin + 90 * kDay, "refuted");
  EXPECT_EQ(note(), "not seen in 12 reruns (98.0 % sure)");
  EXPECT_NE(speed_analysis.run(context()).front().claim.find("0 to the worse"), std::string::npos);
  // Nothing of it stands before the day it was run, and a later word counts.
  EXPECT_TRUE(SpeedConfirmations(context(kBegin + 89 * kDay)).empty());
  // Another series that did not change there says nothing of this one.
  confirm(kBegin + 93 * kDay, "confirmed", "print");
  EXPECT_EQ(note(), "not seen in 12 reruns (98.0 % sure)");
  confirm(kBegin + 95 * kDay, "confirmed");
  EXPECT_EQ(note(), "12 reruns confirm it: 1.000 × [0.990–1.010]");
  // What is settled is not confirmed again.
  const Result next = measure_next_analysis.run(context()).front();
  for (const auto& row : next.rows) EXPECT_NE(row[next.column("verb")], Cell(std::string("confirm")));
}

TEST_P(Benchmarks, TagsOfTheStoreAreThoseOfTheNewestFile) {
  for (const std::string_view tags : {"io", "io\nslow"}) {
    BenchmarkBook again(*database_, project_, 1);
    again.run({"tagged", sha_of(61), "ci-1", "", "t", "1", kBegin + 61 * kDay, false});
    again.value({"parse", "s", "", "parse", "lower", "t", std::string(tags)}, 10, {9.9, 10.1}, std::nullopt);
    again.flush();
  }
  const MeasuredCommit commit = measured_commit(context(), sha_of(61));
  ASSERT_EQ(commit.series.size(), 1u);
  EXPECT_EQ(commit.series[0].tags, (std::vector<std::string>{"io", "slow"}));
  EXPECT_EQ(commit.series[0].benchmark, "parse");
}

INSTANTIATE_TEST_SUITE_P(Engines, Benchmarks, kEngines, engine_name);

ComparedBenchmark compared(std::string name, std::string unit, double ratio, std::string benchmark,
                           std::vector<std::string> tags) {
  ComparedBenchmark made;
  made.name = std::move(name), made.unit = std::move(unit), made.benchmark = std::move(benchmark);
  made.tags = std::move(tags);
  made.comparison.ratio = ratio, made.comparison.log_error = 0.01, made.comparison.freedom = 10;
  made.comparison.interval = stats::Interval{ratio * 0.98, ratio * 1.02};
  return made;
}

TEST(GroupMeans, AreOverBenchmarksAndTagsInTheUnitOfMost) {
  const auto means = group_means({compared("scan/1", "s", 1.21, "scan", {"io"}), compared("scan/2", "s", 1, "scan", {}),
                                  compared("print", "s", 1, "print", {"io", "alone"}),
                                  compared("print rate", "1/s", 4, "print", {"io"})});
  ASSERT_EQ(means.size(), 3u);
  EXPECT_EQ(means[0].kind, GroupMean::Kind::all);
  EXPECT_EQ(means[0].count, 3u);
  EXPECT_NEAR(means[0].mean.ratio, std::pow(1.21, 1.0 / 3), 1e-12);
  EXPECT_EQ(means[1].kind, GroupMean::Kind::benchmark);
  EXPECT_EQ(means[1].name, "scan");
  EXPECT_NEAR(means[1].mean.ratio, 1.1, 1e-12);
  EXPECT_EQ(means[2].kind, GroupMean::Kind::tag);
  EXPECT_EQ(means[2].name, "io");  // "alone" has one, which stands in the table of benchmarks
  EXPECT_EQ(means[2].unit, "s");
  EXPECT_EQ(means[2].count, 2u);
}

// Wall time and processor time of the same runs tell no more than one of them.
TEST(GroupMeans, WhatTheSameRunsMeasuredGoesTogether) {
  const auto together =
      group_means({compared("scan", "s", 1.1, "scan", {}), compared("scan cpu_time", "s", 1.1, "scan", {})});
  const auto apart = group_means({compared("scan", "s", 1.1, "scan", {}), compared("parse", "s", 1.1, "parse", {})});
  ASSERT_EQ(together.size(), 1u);  // no mean over the benchmark: it has no parameters
  ASSERT_EQ(apart.size(), 1u);
  EXPECT_GT(std::log(together[0].mean.interval.high / together[0].mean.ratio),
            1.3 * std::log(apart[0].mean.interval.high / apart[0].mean.ratio));
}

}  // namespace
}  // namespace resident
