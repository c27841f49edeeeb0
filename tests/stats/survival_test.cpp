#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <stats/ordering.hpp>
#include <stats/survival.hpp>

namespace resident::stats {
namespace {

// Weeks of remission under 6-MP: E. J. Freireich et al., Blood 21 (1963).
std::vector<Observation> remissions() {
  std::vector<Observation> list;
  for (const double time : {6, 6, 6, 7, 10, 13, 16, 22, 23}) list.push_back({time, true});
  for (const double time : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) list.push_back({time, false});
  return list;
}

struct Published {
  double time;
  std::int64_t at_risk, happened;
  double survival, error, low, high;
};

TEST(Survival, EqualsPublishedFigures) {
  // survfit(Surv(time, status) ~ 1, conf.type = "log-log") in R; `sts list` in Stata.
  const Published published[] = {{6, 21, 3, .8571, .0764, .6197, .9516},  {7, 17, 1, .8067, .0869, .5631, .9228},
                                 {10, 15, 1, .7529, .0963, .5032, .8894}, {13, 12, 1, .6902, .1068, .4316, .8491},
                                 {16, 11, 1, .6275, .1141, .3675, .8049}, {22, 7, 1, .5378, .1282, .2678, .7468},
                                 {23, 6, 1, .4482, .1346, .1881, .6801}};
  const SurvivalCurve curve = kaplan_meier(remissions());
  EXPECT_EQ(curve.n, 21);
  EXPECT_EQ(curve.happened, 9);
  ASSERT_EQ(curve.points.size(), std::size(published));
  for (std::size_t i = 0; i < std::size(published); ++i) {
    const auto& point = curve.points[i];
    EXPECT_EQ(point.time, published[i].time);
    EXPECT_EQ(point.at_risk, published[i].at_risk);
    EXPECT_EQ(point.happened, published[i].happened);
    EXPECT_NEAR(point.survival, published[i].survival, 5e-5);
    EXPECT_NEAR(point.standard_error, published[i].error, 5e-5);
    EXPECT_NEAR(point.low.value(), published[i].low, 5e-5);
    EXPECT_NEAR(point.high.value(), published[i].high, 5e-5);
  }
}

TEST(Survival, MedianAndOtherQuantiles) {
  const SurvivalCurve curve = kaplan_meier(remissions());
  const TimeEstimate median = median_time(curve);
  EXPECT_EQ(median.value, 23);
  EXPECT_EQ(median.low, 13);
  EXPECT_FALSE(median.high);  // the upper bound never gets to a half
  EXPECT_EQ(time_until(curve, 0.25).value, 13);
  EXPECT_FALSE(time_until(curve, 0.9).value);
  EXPECT_EQ(curve.survival_at(5.9), 1);
  EXPECT_NEAR(curve.survival_at(12), .7529, 5e-5);
  EXPECT_NEAR(curve.survival_at(100), .4482, 5e-5);
  EXPECT_EQ(curve.at_risk(6), 21);
  EXPECT_EQ(curve.at_risk(6.5), 17);
  EXPECT_EQ(curve.at_risk(35), 1);
  EXPECT_EQ(curve.at_risk(36), 0);
}

TEST(Survival, ExactlyHalfCountsDespiteRounding) {
  // 1 · 9/10 · 8/9 · 7/8 · 6/7 · 5/6 is a half, but not in binary.
  std::vector<Observation> list;
  for (int i = 1; i <= 10; ++i) list.push_back({static_cast<double>(i), true});
  EXPECT_EQ(median_time(kaplan_meier(list)).value, 5);
}

TEST(Survival, Extremes) {
  EXPECT_FALSE(median_time(kaplan_meier({})).value);
  EXPECT_FALSE(median_time(kaplan_meier({{5, false}, {7, false}})).value);
  const SurvivalCurve one = kaplan_meier({{5, true}});
  EXPECT_EQ(median_time(one).value, 5);
  EXPECT_EQ(one.points[0].survival, 0);
  EXPECT_FALSE(one.points[0].low);
  // Those censored at the time at which it happens to others are at risk then.
  const SurvivalCurve tie = kaplan_meier({{5, false}, {5, true}, {5, true}, {9, true}});
  EXPECT_EQ(tie.points[0].at_risk, 4);
  EXPECT_DOUBLE_EQ(tie.points[0].survival, 0.5);
}

TEST(Survival, IntervalsCoverTheTruth) {
  // Exponential times, uniform censoring, 80 observations: the truth is known.
  std::mt19937_64 random(20240101);
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0; };
  constexpr int kRuns = 3000;
  int point_covered = 0, median_covered = 0, censored = 0;
  const double when = 0.5, truth = std::exp(-when), true_median = std::log(2.0);
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Observation> list;
    for (int i = 0; i < 80; ++i) {
      const double time = -std::log(uniform()), limit = 3 * uniform();
      list.push_back({std::min(time, limit), time <= limit});
      censored += time > limit;
    }
    const SurvivalCurve curve = kaplan_meier(list);
    const SurvivalPoint* last = nullptr;
    for (const auto& point : curve.points)
      if (point.time <= when) last = &point;
    point_covered += last && last->low && *last->low <= truth && truth <= *last->high;
    const TimeEstimate median = median_time(curve);
    median_covered += (!median.low || *median.low <= true_median) && (!median.high || true_median <= *median.high);
  }
  EXPECT_GT(censored, kRuns * 80 / 5);
  EXPECT_NEAR(point_covered / static_cast<double>(kRuns), 0.95, 0.012);
  EXPECT_NEAR(median_covered / static_cast<double>(kRuns), 0.95, 0.012);
}

// Few are compared, many are sorted by their bits.
TEST(Ordering, IsThatOfComparing) {
  std::mt19937_64 random(8);
  for (const std::size_t size : {0u, 1u, 2u, 100u, 256u, 5000u}) {
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto kind = random() % 5;
      const double any = std::bit_cast<double>(random());
      values[i] = kind == 0                         ? static_cast<double>(random() % 20) - 10
                  : kind == 1                       ? 0.0
                  : kind == 2                       ? -0.0
                  : kind == 3 && std::isfinite(any) ? any
                                                    : std::ldexp(static_cast<double>(random() % 1000) - 500, -3);
    }
    std::vector<std::uint32_t> expected(size);
    std::iota(expected.begin(), expected.end(), 0u);
    std::stable_sort(expected.begin(), expected.end(), [&](auto a, auto b) { return values[a] < values[b]; });
    EXPECT_EQ(order_of(values), expected) << size;
    auto sorted = values, by_bits = values;
    std::sort(sorted.begin(), sorted.end());
    sort_values(by_bits);
    EXPECT_EQ(by_bits, sorted) << size;
  }
}

}  // namespace
}  // namespace resident::stats
