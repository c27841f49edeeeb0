// What is said of CI, on runs of which it is known: a break, its mending, a flaky test, a change's own failure.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <learn/verdicts/ledger.hpp>
#include <learn/verdicts/pull_failures.hpp>
#include <model/tests/red_now.hpp>
#include <tests/analyses/ci_runs.hpp>

namespace resident {
namespace {

using verdicts::Blame;
using Ci = CiRuns;

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

TEST_F(Ci, AMachineInTroubleOnMainBreaksNoSingleTest) {
  main(100, {});
  std::vector<std::string> many;
  for (int i = 0; i < 15; ++i) many.push_back(fmt::format("t{}", i));
  main(2, many);
  run("linux", "change", 7, {"t3"});
  const auto found = verdict(context(), "t3");
  EXPECT_NE(found.likeliest, Blame::base) << found.why;
}

TEST_F(Ci, WhatHasAnotherMessageThanTheMassIsJudgedByItself) {
  for (int i = 0; i < 30; ++i) {
    main(9, {});
    main(1, {"t5"});
  }
  std::vector<std::string> many;
  for (int i = 6; i < 20; ++i) many.push_back(fmt::format("t{}", i));
  run("linux", "other", 5, many, {}, "no space left on device");
  many.push_back("t5");
  run("linux", "change", 7, many, {}, "no space left on device", {"t5"});
  const Context now = context();
  EXPECT_EQ(verdict(now, "t5").likeliest, Blame::flaky) << verdict(now, "t5").why;
  EXPECT_EQ(verdict(now, "t7").likeliest, Blame::machine) << verdict(now, "t7").why;
}

TEST_F(Ci, AFlakyTestWithAnotherMessageIsPerhapsNoFlake) {
  for (int i = 0; i < 30; ++i) {
    main(9, {});
    main(1, {"t5"});
  }
  run("linux", "change", 7, {"t5"});
  const double as_usual = verdict(context(), "t5").weights[static_cast<std::size_t>(Blame::flaky)];
  run("linux", "change2", 8, {"t5"}, {}, "undefined symbol: seek");
  const double unusual = verdict(context(), "t5").weights[static_cast<std::size_t>(Blame::flaky)];
  EXPECT_LT(unusual, as_usual);
}

TEST_F(Ci, WhatIsLearntOfTheProjectIsWhatWasKnownThen) {
  main(100, {});
  const Context early = context();
  const TestRuns early_runs(early);
  const verdicts::Histories before{early_runs};
  const double then = verdicts::Rates(before).own_failures(early.as_of);
  for (int i = 0; i < 40; ++i) {
    run("linux", fmt::format("change{}", i), 7 + i, {"t3"});
    run("mac", fmt::format("change{}", i), 7 + i, {"t3"});
    main(1, {});
  }
  const Context late = context();
  const TestRuns runs(late);
  const verdicts::Histories after{runs};
  const verdicts::Rates rates(after);
  EXPECT_DOUBLE_EQ(rates.own_failures(early.as_of), then) << "nothing of later";
  EXPECT_GT(rates.own_failures(late.as_of), 2 * then);
}

TEST(Ledger, ExcusesOnlyAfterEnoughAndWithFewMistakes) {
  verdicts::Ledger ledger{199, 50, 100, 0};
  EXPECT_FALSE(ledger.allows());
  ledger = {200, 50, 100, 1};
  EXPECT_TRUE(ledger.allows());
  ledger = {200, 50, 99, 1};
  EXPECT_FALSE(ledger.allows()) << "over 1 % of what was excused";
  ledger = {5000, 5000, 0, 0};
  EXPECT_FALSE(ledger.allows()) << "who excused nothing has shown nothing";
  ledger = {200, 50, 99, 0};
  EXPECT_FALSE(ledger.allows()) << "of so few, one mistake would be over 1 %";
  ledger = {300, 50, 200, 3};
  EXPECT_FALSE(ledger.allows()) << "over 1 % of what was excused";
}

// A failure an hour, each in a run of its own, said to be flaky at .95.
std::vector<verdicts::JudgedFailure> said_flaky(std::size_t count) {
  std::vector<verdicts::JudgedFailure> said(count);
  for (std::size_t i = 0; i < count; ++i) {
    said[i].run = i, said[i].at = static_cast<Timestamp>(i) * kHour;
    said[i].verdict.weights = {0.05, 0, 0.95, 0};
    said[i].verdict.likeliest = Blame::flaky;
  }
  return said;
}

TEST(Ledger, ToldThenLearnsFromEarlierAlone) {
  const auto told = verdicts::told_then(said_flaky(1000), 1000 * kHour, [](const auto& failure, Timestamp) {
    return std::optional(failure.run < 500 || failure.run % 2 == 0 ? Blame::flaky : Blame::own);
  });
  ASSERT_EQ(told.size(), 1000U);
  EXPECT_DOUBLE_EQ(told[0].probability, 0.95) << "nothing was known";
  EXPECT_GT(told[499].probability, 0.95) << "all had come true";
  EXPECT_LT(told[999].probability, told[499].probability);
  const auto ledger = verdicts::ledger_of(told);
  EXPECT_EQ(ledger.judged, 1000);
  EXPECT_EQ(ledger.own, 250);
  EXPECT_GT(ledger.wrongly_excused, 0);
}

TEST(Ledger, ToldThenKnowsNoCauseBeforeItCameOut) {
  // The causes of all came out on one day, after most had been told.
  const Timestamp out = 800 * kHour;
  const auto told = verdicts::told_then(said_flaky(1000), 1000 * kHour, [&](const auto&, Timestamp then) {
    return then >= out ? std::optional(Blame::own) : std::nullopt;
  });
  ASSERT_EQ(told.size(), 1000U);
  for (std::size_t i = 0; i < 800; ++i) ASSERT_DOUBLE_EQ(told[i].probability, 0.95) << i;
  EXPECT_LT(told[999].probability, 0.2);
}

TEST(Ledger, ToldThenLearnsWhatWasBelievedThen) {
  // What was held to be flaky turned out to be its own, later than anything was told.
  const auto told = verdicts::told_then(said_flaky(1000), 2000 * kHour, [&](const auto&, Timestamp then) {
    return std::optional(then >= 1500 * kHour ? Blame::own : Blame::flaky);
  });
  EXPECT_GT(told[999].probability, 0.95);
  EXPECT_FALSE(told[999].failure.is_right());
}

TEST_F(Ci, WhoseTheFailuresOfSeveralPullRequestsAre) {
  main(100, {});
  run("linux", "a", 5, {"t3"});
  run("linux", "b", 6, {});
  run("linux", "c", 7, {"t4"});
  run("linux", "d", 7, {});
  const auto words = verdicts::failures_in_words(context(), std::set<std::int64_t>{5, 6, 7, 8});
  ASSERT_EQ(words.size(), 1U) << "one failed in none, another no more";
  EXPECT_NE(words.at(5).find("t3"), std::string::npos) << words.at(5);
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
  std::vector<verdicts::CalibrationCase> judged;
  for (int i = 0; i < 2000; ++i) judged.push_back({0.95, Blame::flaky, i % 10 < 7});
  for (int i = 0; i < 2000; ++i) judged.push_back({0.6, Blame::flaky, i % 10 < 5});
  for (int i = 0; i < 2000; ++i) judged.push_back({0.6, Blame::own, i % 10 < 9});
  const auto calibration = verdicts::calibrate(judged);
  EXPECT_NEAR(calibration.of(0.95, Blame::flaky), 0.7, 0.02);
  EXPECT_NEAR(calibration.of(0.6, Blame::flaky), 0.5, 0.02);
  EXPECT_NEAR(calibration.of(0.6, Blame::own), 0.9, 0.02) << "each kind of verdict by what came of that kind";
  EXPECT_EQ(verdicts::calibrate(std::vector<verdicts::CalibrationCase>{{0.9, Blame::own, true}}).of(0.8, Blame::own),
            0.8)
      << "too few to learn from";
}

TEST(Calibration, ManyOfOneRunAreOneEvent) {
  // A hundred runs that were told rightly, and one that lost a hundred tests and was not.
  std::vector<verdicts::JudgedFailure> judged(200);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    judged[i].run = std::min<std::size_t>(i, 100);
    judged[i].verdict.weights = {0.9, 0.1, 0, 0};
    judged[i].verdict.likeliest = Blame::own;
    judged[i].truth = i < 100 ? Blame::own : Blame::base;
  }
  const double probability = verdicts::calibrate(judged).of(judged[0]);
  EXPECT_GT(probability, 0.85);
  EXPECT_LT(probability, 0.95);
}

}  // namespace
}  // namespace resident
