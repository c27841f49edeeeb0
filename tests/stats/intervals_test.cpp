#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stats/intervals.hpp>

namespace resident::stats {
namespace {

TEST(Intervals, Wilson) {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  const struct {
    std::int64_t happened, n;
    double low, high;
  } published[] = {{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, .0000, .1611}, {1, 29, .0061, .1718}};
  for (const auto& each : published) {
    const Interval interval = wilson_interval(each.happened, each.n).value();
    EXPECT_NEAR(interval.low, each.low, 5e-5);
    EXPECT_NEAR(interval.high, each.high, 5e-5);
  }
  EXPECT_EQ(wilson_interval(20, 20)->high, 1);
  EXPECT_EQ(wilson_interval(0, 20)->low, 0);
  EXPECT_FALSE(wilson_interval(0, 0));
}

TEST(Intervals, MedianByOrderStatistics) {
  const auto ranks = [](int n) {
    std::vector<double> values;
    for (int i = n; i > 0; --i) values.push_back(i);
    return median_interval(values);
  };
  // Tables of the sign test: ranks for at least 95 %.
  EXPECT_FALSE(ranks(0));
  EXPECT_FALSE(ranks(5));
  EXPECT_EQ(ranks(6), (Interval{1, 6}));
  EXPECT_EQ(ranks(10), (Interval{2, 9}));
  EXPECT_EQ(ranks(20), (Interval{6, 15}));
  EXPECT_EQ(ranks(50), (Interval{18, 33}));
  EXPECT_EQ(ranks(100), (Interval{40, 61}));
}

TEST(Intervals, MedianCoversTheTruth) {
  std::mt19937_64 random(7);
  int covered = 0;
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> values;
    for (int i = 0; i < 35; ++i)
      values.push_back(std::pow((static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0, 4));  // skewed
    const Interval interval = median_interval(values).value();
    covered += interval.low <= 0.0625 && 0.0625 <= interval.high;
  }
  EXPECT_GT(covered, kRuns * 0.94);
  EXPECT_LT(covered, kRuns * 0.98);
}

TEST(Intervals, RatioOfRates) {
  const Interval interval = rate_ratio_interval(120, 100).value();
  EXPECT_NEAR(interval.low, 1.2 * std::exp(-1.959964 * std::sqrt(1 / 120.0 + 1 / 100.0)), 1e-6);
  EXPECT_NEAR(interval.low * interval.high, 1.44, 1e-9);
  const Interval wide = rate_ratio_interval(120, 100, 4).value();
  EXPECT_NEAR(std::log(wide.high / 1.2), 2 * std::log(interval.high / 1.2), 1e-9);
  EXPECT_FALSE(rate_ratio_interval(0, 3));
  EXPECT_FALSE(rate_ratio_interval(3, 0));
  EXPECT_NEAR(normal_quantile(0.95), 1.959963984540054, 1e-12);
}

TEST(Intervals, TheMostAProportionMayBe) {
  EXPECT_DOUBLE_EQ(binomial_upper_bound(0, 0), 1);
  EXPECT_DOUBLE_EQ(binomial_upper_bound(3, 3), 1);
  EXPECT_NEAR(binomial_upper_bound(0, 299), 1 - std::pow(0.05, 1 / 299.0), 1e-12);
  // At the bound, so few or fewer happen with a chance of 5 %.
  const double bound = binomial_upper_bound(5, 100);
  double chance = 0, choose = 1;
  for (int k = 0; k <= 5; choose *= (100.0 - k) / (k + 1), ++k)
    chance += choose * std::pow(bound, k) * std::pow(1 - bound, 100 - k);
  EXPECT_NEAR(chance, 0.05, 1e-9);
}

}  // namespace
}  // namespace resident::stats
