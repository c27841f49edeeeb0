// What is said of CI, on runs of which it is known: a break, its mending, a flaky test, a change's own failure.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <learn/verdicts/pull_failures.hpp>
#include <model/tests/red_now.hpp>
#include <store/result_book.hpp>

namespace resident {
namespace {

using ci::Outcome;
using verdicts::Blame;

constexpr Timestamp kStart = 1'700'000'000;

class Ci : public testing::Test {
 protected:
  Ci() : database_(Database::open(":memory:")), project_(ensure_project(*database_, "p")) {}

  // A run of 20 tests, an hour after the one before; those named fail.
  void run(const std::string& builder, const std::string& sha, std::int64_t pull,
           const std::vector<std::string>& failing, std::string incomplete = {}) {
    TestRunRecord record;
    record.key = fmt::format("run {}", ++number_);
    record.configuration = builder, record.sha = sha;
    record.branch = pull ? fmt::format("pull-{}", pull) : "main";
    if (pull) record.item_id = pull * 2 + 1;
    record.at = kStart + number_ * kHour;
    record.incomplete = std::move(incomplete);
    for (int i = 0; i < 20; ++i) {
      ci::TestResult result;
      result.name = fmt::format("t{}", i);
      const bool fails = std::find(failing.begin(), failing.end(), result.name) != failing.end();
      result.outcome = fails ? Outcome::fail : Outcome::pass;
      result.attempts = {result.outcome};
      if (fails) result.message = fmt::format("{} is not {}", result.name, number_);
      record.results.push_back(std::move(result));
    }
    runs_.push_back(std::move(record));
  }
  void main(int count, const std::vector<std::string>& failing) {
    for (int i = 0; i < count; ++i) run("linux", fmt::format("main{}", number_), 0, failing);
  }
  Context context() {
    Writer writer(*database_, project_, ensure_source(*database_, project_, "results", "x"));
    ResultBook book(writer);
    for (const auto& record : runs_) book.add(record);
    book.flush(writer);
    writer.checkpoint("c");
    runs_.clear();
    return Context{*database_, project_, "p", "", false, {}, kStart + number_ * kHour};
  }
  std::int64_t test(const std::string& name) {
    return database_->integer("SELECT test_id FROM ci_test WHERE name = :name", {{"name", name}}).value_or(0);
  }
  TestHealth health(const Context& context, const std::string& name) {
    const TestRuns runs(context);
    return health_of(runs, test(name), 1, runs.history(test(name), 1), stats::OutcomeSegmenter());
  }
  // Of the newest run.
  verdicts::Verdict verdict(const Context& context, const std::string& name) {
    const TestRuns runs(context);
    return verdicts::Judge(runs).judge(test(name), runs.runs().size() - 1, context.as_of);
  }

  std::unique_ptr<Database> database_;
  std::int64_t project_;
  std::int64_t number_ = 0;
  std::vector<TestRunRecord> runs_;
};

TEST_F(Ci, WhatBrokeForGoodIsRedSinceThenAndNotFlaky) {
  main(60, {});
  main(12, {"t3", "t4"});
  const Context now = context();
  const TestHealth found = health(now, "t3");
  EXPECT_EQ(found.kind, HealthKind::failing);
  EXPECT_EQ(found.failing_in_a_row, 12);
  const RedNow red = red_now(TestRuns(now));
  ASSERT_EQ(red.events.size(), 1U) << "two tests that began at one commit are one event";
  EXPECT_EQ(red.events[0].tests.size(), 2U);
  EXPECT_TRUE(red.events[0].is_for_good);
  EXPECT_FALSE(red.events[0].is_flaky);
  EXPECT_EQ(red.events[0].first_failure, 60U);
  EXPECT_EQ(red.events[0].last_pass, 59U);
  ASSERT_EQ(red.builders.size(), 1U);
  EXPECT_EQ(red.builders[0].state, "red");
}

TEST_F(Ci, WhatWasMendedIsSaidToBe) {
  main(60, {});
  main(12, {"t3"});
  main(40, {});
  EXPECT_EQ(health(context(), "t3").kind, HealthKind::mended);
}

TEST_F(Ci, WhatFailsNowAndThenIsFlaky) {
  for (int i = 0; i < 20; ++i) {
    main(9, {});
    main(1, {"t5"});
  }
  main(3, {});
  const TestHealth found = health(context(), "t5");
  EXPECT_EQ(found.kind, HealthKind::flaky);
  EXPECT_NEAR(found.now()->rate, 0.1, 0.03);
}

TEST_F(Ci, OneFailureAloneIsNoFlake) {
  main(60, {});
  main(1, {"t5"});
  main(30, {});
  EXPECT_EQ(health(context(), "t5").kind, HealthKind::passing);
}

TEST_F(Ci, AnIncompleteRunIsNeverGreen) {
  main(10, {});
  run("linux", "last", 0, {}, "junit.xml: cut off");
  const Context now = context();
  EXPECT_EQ(red_now(TestRuns(now)).builders[0].state, "incomplete");
}

TEST(RedNow, ARunWithFewerTestsThanUsualIsNotAll) {
  EXPECT_EQ(fewer_than_usual({10, 10, 11, 10, 10}, 9), "");
  EXPECT_EQ(fewer_than_usual({10, 10, 11, 10, 10}, 8), "8 of the usual 10 tests");
  EXPECT_EQ(fewer_than_usual({10, 10, 11, 10}, 1), "");  // too few to say what is usual
}

TEST_F(Ci, NothingOfLaterIsKnown) {
  main(60, {});
  main(12, {"t3"});
  Context now = context();
  now.as_of = kStart + 50 * kHour;
  EXPECT_TRUE(red_now(TestRuns(now)).events.empty());
}

TEST_F(Ci, AFailureOfTheBaseIsTheBases) {
  main(60, {});
  main(8, {"t3"});
  run("linux", "change", 7, {"t3"});
  const auto found = verdict(context(), "t3");
  EXPECT_EQ(found.blame, Blame::base) << found.why;
  EXPECT_GT(found.probability, 0.9);
}

TEST_F(Ci, AFailureThatNothingElseHasIsItsOwn) {
  main(300, {});
  run("linux", "change", 7, {"t3"});
  run("linux", "change", 7, {"t3"});
  const auto found = verdict(context(), "t3");
  EXPECT_EQ(found.likeliest, Blame::own) << found.why;
}

TEST_F(Ci, AFlakyTestIsFlakyInAChangeToo) {
  for (int i = 0; i < 30; ++i) {
    main(9, {});
    main(1, {"t5"});
  }
  main(3, {});
  run("linux", "change", 7, {"t5"});
  const auto found = verdict(context(), "t5");
  EXPECT_EQ(found.blame, Blame::flaky) << found.why;
  EXPECT_NEAR(found.flaky_rate, 0.1, 0.03);
}

TEST_F(Ci, ManyAtOnceOfOtherCommitsTooAreTheMachines) {
  main(50, {});
  std::vector<std::string> many;
  for (int i = 0; i < 15; ++i) many.push_back(fmt::format("t{}", i));
  run("linux", "other1", 5, many);
  run("linux", "other2", 6, many);
  run("mac", "change", 7, {});
  run("linux", "change", 7, many);
  EXPECT_EQ(verdict(context(), "t3").likeliest, Blame::machine);
}

TEST(Calibration, FollowsWhatCameTrue) {
  std::vector<std::pair<double, bool>> judged;
  for (int i = 0; i < 2000; ++i) judged.emplace_back(0.95, i % 10 < 7);
  for (int i = 0; i < 2000; ++i) judged.emplace_back(0.6, i % 10 < 5);
  const auto calibration = verdicts::calibrate(judged);
  EXPECT_NEAR(calibration.of(0.95), 0.7, 0.02);
  EXPECT_NEAR(calibration.of(0.6), 0.5, 0.02);
  EXPECT_EQ(verdicts::calibrate({{0.9, true}}).of(0.8), 0.8) << "too few to learn from";
}

}  // namespace
}  // namespace resident
