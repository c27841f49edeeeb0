#include <gtest/gtest.h>

#include <cmath>
#include <stats/placebo.hpp>
#include <stats/random.hpp>
#include <tests/stats/made_series.hpp>

namespace resident::stats {
namespace {

PlaceboAnswer ask(std::vector<double> outcome, std::size_t start, double effect) {
  PlaceboQuestion question;
  for (std::size_t t = start; t < outcome.size(); ++t) outcome[t] *= 1 + effect;
  question.outcome = std::move(outcome);
  question.start = start;
  question.seasons = {52};
  return placebo_test(question);
}

TEST(Placebo, WithoutAnEffectItSaysSoInNineteenOfTwenty) {
  constexpr int kRuns = 150;
  int all = 0, alarms = 0;
  for (const Kind kind : {Kind::white, Kind::autocorrelated, Kind::walk, Kind::seasonal, Kind::heavy, Kind::trending,
                          Kind::counts, Kind::few}) {
    int of_kind = 0;
    for (int run = 0; run < kRuns; ++run)
      of_kind += ask(series(kind, 150, 5000 + static_cast<std::uint64_t>(run)), 105, 0).p <= 0.05;
    // Of 150, 15 or more come with 1 in 200 at a rate of 5 %.
    EXPECT_LT(of_kind, 16) << static_cast<int>(kind);
    alarms += of_kind;
    all += kRuns;
  }
  EXPECT_LE(alarms, all * 0.06);
}

TEST(Placebo, SeesAnEffectAndSaysHowLarge) {
  int seen = 0, held = 0;
  constexpr int kRuns = 60;
  for (int run = 0; run < kRuns; ++run) {
    const auto answer = ask(series(Kind::white, 300, 9000 + static_cast<std::uint64_t>(run)), 210, 0.3);
    ASSERT_TRUE(answer.is_answered);
    seen += answer.p <= 0.05 && answer.effect > 0;
    held += answer.low <= 0.3 && 0.3 <= answer.high;
    EXPECT_EQ(answer.p <= 0.05, answer.low > 0 || answer.high < 0);
    EXPECT_GE(answer.placebos.size(), static_cast<std::size_t>(kFewestPlacebos));
    for (std::size_t i = 1; i < answer.placebos.size(); ++i)
      EXPECT_GE(answer.placebos[i].start, answer.placebos[i - 1].start + answer.window);
  }
  EXPECT_GE(seen, kRuns * 9 / 10);
  EXPECT_GE(held, kRuns * 9 / 10);
}

TEST(Placebo, ControlsTakeOffWhatAllShare) {
  PlaceboQuestion question;
  Random random(3);
  double common = 0;
  std::vector<double> control;
  for (int t = 0; t < 260; ++t) {
    common = 0.9 * common + 0.2 * random.normal();
    question.outcome.push_back(50 * std::exp(common + 0.03 * random.normal()) * (t >= 200 ? 1.25 : 1));
    control.push_back(80 * std::exp(common + 0.03 * random.normal()));
  }
  question.start = 200;
  const auto alone = placebo_test(question);
  question.controls.push_back(control);
  const auto held = placebo_test(question);
  EXPECT_LT(held.high - held.low, (alone.high - alone.low) / 2);
  EXPECT_LE(held.p, 0.05);
  EXPECT_NEAR(held.effect, 0.25, 0.12);
  ASSERT_EQ(held.without_control.size(), 1u);
  EXPECT_NEAR(held.without_control[0], alone.effect, 1e-9);
}

// A start is at one time of the year: with a strong season it must not stand out for that, whichever it is.
TEST(Placebo, TheTimeOfTheYearIsNoEffect) {
  int alarms = 0, seen = 0, all = 0;
  for (const std::size_t start : {200u, 213u, 226u, 239u})
    for (std::uint64_t run = 0; run < 60; ++run) {
      alarms += ask(series(Kind::seasonal, 300, 61000 + run), start, 0).p <= 0.05;
      seen += ask(series(Kind::seasonal, 300, 61000 + run), start, 0.2).p <= 0.05;
      ++all;
    }
  EXPECT_LE(alarms, all * 8 / 100);
  EXPECT_GE(seen, all * 40 / 100);  // 30 % where the season is not taken off
}

TEST(Placebo, TooLittleIsSaid) {
  EXPECT_FALSE(ask(std::vector<double>(200, 4), 150, 0).is_answered);  // constant
  EXPECT_FALSE(ask(series(Kind::white, 20, 1), 15, 0).is_answered);    // too short
  EXPECT_FALSE(ask(series(Kind::white, 100, 1), 100, 0).is_answered);  // nothing after
  EXPECT_FALSE(ask({}, 0, 0).is_answered);
  EXPECT_FALSE(ask(series(Kind::white, 5, 1), 0, 0).is_answered);
  EXPECT_NE(ask(series(Kind::white, 20, 1), 15, 0).missing.find("20 are needed"), std::string::npos);
}

TEST(Placebo, SeriesBelowZeroHaveDifferences) {
  auto outcome = series(Kind::white, 200, 4);
  for (auto& value : outcome) value -= 10;
  for (std::size_t t = 150; t < 200; ++t) outcome[t] += 5;
  const auto answer = ask(outcome, 150, 0);
  EXPECT_FALSE(answer.is_relative);
  EXPECT_NEAR(answer.effect, 5, 2);
  EXPECT_LE(answer.p, 0.05);
}

}  // namespace
}  // namespace resident::stats
