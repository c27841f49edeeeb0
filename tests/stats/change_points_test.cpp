// Methods that find changes, on series with known truth. Nile: annual flow at Aswan 1871–1970 (Cobb 1978; R's
// datasets).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <stats/comparison.hpp>
#include <stats/edivisive.hpp>
#include <stats/false_discovery.hpp>
#include <stats/pelt.hpp>
#include <stats/potts.hpp>
#include <stats/steps.hpp>
#include <stats/weighted_t.hpp>

namespace resident::stats {
namespace {

constexpr std::array<double, 100> kNile{
    1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110, 994, 1020, 960,  1180,
    799,  958,  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774,  840,  874, 694,  940,  833,
    701,  916,  692,  1020, 1050, 969,  831,  726,  456,  824,  702,  1120, 1100, 832, 764,  821,  768,
    845,  864,  862,  698,  845,  744,  796,  1040, 759,  781,  865,  845,  944,  984, 897,  822,  1010,
    771,  676,  649,  846,  812,  742,  801,  1040, 860,  874,  848,  890,  744,  749, 838,  1050, 918,
    986,  797,  923,  975,  815,  1020, 906,  901,  1170, 912,  746,  919,  718,  714, 740};

std::vector<double> noisy(std::size_t count, double deviation, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, deviation);
  std::vector<double> values(count);
  for (auto& value : values) value = 100 * std::exp(normal(random));
  return values;
}

// All ways to begin the last stretch, each end: what PELT must find as well.
double least_cost(const std::vector<double>& values, std::size_t least, double penalty) {
  std::vector<double> best(values.size() + 1, 1e300);
  best[0] = -penalty;
  for (std::size_t end = least; end <= values.size(); ++end) {
    double sum = 0, squares = 0;
    for (std::size_t begin = end; begin-- > 0;) {
      sum += values[begin], squares += values[begin] * values[begin];
      const double length = static_cast<double>(end - begin);
      if (end - begin < least) continue;
      const double own = squares - sum * sum / length;
      best[end] = std::min(best[end], best[begin] + own + penalty);
    }
  }
  return best.back();
}

double cost_of(const std::vector<double>& values, const std::vector<std::size_t>& starts, double penalty) {
  double cost = -penalty;
  for (std::size_t i = 0; i <= starts.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : starts[i - 1], end = i == starts.size() ? values.size() : starts[i];
    double sum = 0;
    for (std::size_t k = begin; k < end; ++k) sum += values[k];
    const double mean = sum / static_cast<double>(end - begin);
    for (std::size_t k = begin; k < end; ++k) cost += (values[k] - mean) * (values[k] - mean);
    cost += penalty;
  }
  return cost;
}

// Beginnings that can win at no level are dropped, and those that a later one beats: never one that would have won,
// also where the later one's stretch is still too short to end here.
TEST(ChangePoints, PeltIsAsCheapAsAllWays) {
  std::mt19937_64 random(8);
  std::normal_distribution<double> normal(0, 1);
  for (int round = 0; round < 600; ++round) {
    const std::size_t least = 1 + random() % 5;
    std::vector<double> values(20 + random() % 300);
    const auto kind = random() % 4;
    double level = 0, together = 0;
    for (double& value : values) {
      if (kind != 0 && random() % 30 == 0) level += 2 * normal(random);
      together = 0.7 * together + normal(random);
      value = level + (kind == 3 ? together : normal(random));
      if (kind == 2) value = std::round(value);  // many are equal
    }
    const double penalty = (0.05 + static_cast<double>(random() % 45) / 10) * std::log(values.size());
    const auto starts = pelt(values, {penalty, least});
    EXPECT_NEAR(cost_of(values, starts, penalty), least_cost(values, least, penalty), 1e-6)
        << "round " << round << ", at least " << least;
  }
}

TEST(ChangePoints, OfTheNile) {
  // changepoint 2.2, cpt.mean(Nile / sd, "MBIC", "PELT"): after 28 values, as here by the plain penalty.
  std::vector<double> scaled(kNile.begin(), kNile.end());
  for (auto& value : scaled) value /= 125;  // about the deviation within
  EXPECT_EQ(pelt(scaled, {3 * std::log(100.0), 2}), std::vector<std::size_t>{28});
  // ecp 3.1, e.divisive(Nile): 29 counted from 1.
  const auto divisive = edivisive_permutation(kNile, {199, 0.05, 10, 1});
  ASSERT_EQ(divisive.size(), 1u);
  EXPECT_EQ(divisive.front().index, 28u);
  EXPECT_EQ(l1_potts(kNile, 5), std::vector<std::size_t>{28});
}

TEST(ChangePoints, TheDivisionIsTheLargestEnergyDistance) {
  // Against the definition, pair by pair.
  const auto values = noisy(14, 0.3, 3);
  Split best{0, -1e300};
  for (std::size_t tau = 1; tau < values.size(); ++tau)
    for (std::size_t kappa = tau + 1; kappa <= values.size(); ++kappa) {
      double cross = 0, left = 0, right = 0;
      for (std::size_t i = 0; i < kappa; ++i)
        for (std::size_t j = i + 1; j < kappa; ++j) {
          double& sum = j < tau ? left : i >= tau ? right : cross;
          sum += std::abs(values[i] - values[j]);
        }
      const double m = static_cast<double>(tau), n = static_cast<double>(kappa - tau);
      const double q = 2 / (m + n) * (cross - (m > 1 ? n / (m - 1) * left : 0) - (n > 1 ? m / (n - 1) * right : 0));
      if (q > best.q + 1e-12) best = {tau, q};
    }
  const Split found = best_split(values, 0, values.size());
  EXPECT_EQ(found.index, best.index);
  EXPECT_NEAR(found.q, best.q, 1e-9);
}

TEST(Steps, AreFoundWhereTheyAre) {
  auto values = noisy(200, 0.02, 1);
  for (std::size_t i = 120; i < 200; ++i) values[i] *= 1.05;
  const auto found = find_steps(values);
  ASSERT_EQ(found.steps.size(), 1u);
  EXPECT_NEAR(static_cast<double>(found.steps[0].index), 120, 2);
  EXPECT_LT(found.steps[0].low, 0.05);
  EXPECT_GT(found.steps[0].high, 0.05);
}

TEST(Steps, NobodyIsAlarmedByNoiseSpikesOrJumps) {
  std::size_t alarms = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) alarms += find_steps(noisy(150, 0.03, seed)).steps.size();
  EXPECT_LE(alarms, 4u);  // one in fifty series
  auto spike = noisy(100, 0.02, 7);
  spike[98] *= 3, spike[99] *= 3, spike[50] *= 5;
  EXPECT_TRUE(find_steps(spike).steps.empty());
  auto jumps = noisy(240, 0.01, 8);
  for (std::size_t i = 0; i < jumps.size(); ++i)
    if (i / 30 % 2 == 1) jumps[i] *= 1.2;
  EXPECT_TRUE(find_steps(jumps).steps.empty());
}

TEST(Steps, AutocorrelatedNoiseIsNotTakenForSteps) {
  std::size_t alarms = 0;
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal(0, 0.014);
  for (int series = 0; series < 100; ++series) {
    double level = 0;
    std::vector<double> values(200);
    for (auto& value : values) level = 0.7 * level + normal(random), value = std::exp(level);
    alarms += find_steps(values).steps.size();
  }
  EXPECT_LE(alarms, 20u);
}

TEST(WeightedT, FindsAStepAndNothingElse) {
  auto values = noisy(100, 0.02, 2);
  for (std::size_t i = 60; i < 100; ++i) values[i] *= 1.1;
  const auto found = weighted_t(values);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(static_cast<double>(found[0].index), 60, 1);
}

TEST(FalseDiscoveries, AreBoundedAsBenjaminiAndHochbergSay) {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  EXPECT_DOUBLE_EQ(false_discovery_bound(p, 0.05), 0.04);
  EXPECT_DOUBLE_EQ(false_discovery_bound(p, 0.05, 8), 0.01);
  const auto adjusted = false_discovery_adjusted(p);
  EXPECT_NEAR(adjusted[3], 0.02, 1e-12);  // R: p.adjust(p, "BH")
  EXPECT_NEAR(adjusted[0], 0.02, 1e-12);
  EXPECT_NEAR(adjusted[1], 0.04, 1e-12);
}

TEST(Comparison, OfTheSameIsSeldomDifferentAndItsIntervalsHold) {
  std::mt19937_64 random(11);
  std::lognormal_distribution<double> noise(0, 0.05);
  std::size_t different = 0, covered = 0, all = 0;
  for (int suite = 0; suite < 200; ++suite) {
    std::vector<double> p;
    for (int benchmark = 0; benchmark < 10; ++benchmark) {
      std::vector<double> a(8), b(8);
      for (auto& value : a) value = noise(random);
      for (auto& value : b) value = 1.1 * noise(random);
      const auto shifted = compare_samples(a, b);
      ASSERT_TRUE(shifted && shifted->interval);
      covered += shifted->interval->low <= 1.1 && 1.1 <= shifted->interval->high;
      for (auto& value : b) value /= 1.1;
      p.push_back(compare_samples(a, b)->p);
      ++all;
    }
    for (const double adjusted : holm_adjusted(p)) different += adjusted < 0.05;
  }
  EXPECT_LT(static_cast<double>(different) / static_cast<double>(all), 0.02);
  EXPECT_NEAR(static_cast<double>(covered) / static_cast<double>(all), 0.95, 0.015);
}

// Of counts nothing at all is a measure: "0 allocs/op".
TEST(Comparison, KnowsNought) {
  const std::vector<double> nought(5, 0), three(5, 3), now_and_then{0, 0, 3, 0, 0}, below{0, -1};
  const auto same = compare_with_nought(nought, nought), worse = compare_with_nought(nought, three),
             better = compare_with_nought(three, nought), unsure = compare_with_nought(nought, now_and_then);
  ASSERT_TRUE(same && worse && better && unsure);
  EXPECT_EQ(same->ratio, 1);
  EXPECT_EQ(same->p, 1);
  EXPECT_TRUE(std::isinf(worse->ratio));
  EXPECT_EQ(worse->p, 0);
  EXPECT_EQ(better->ratio, 0);
  EXPECT_EQ(better->p, 0);
  EXPECT_GT(unsure->p, 0.05);
  EXPECT_FALSE(compare_with_nought(std::vector<double>{0}, std::vector<double>{3})->interval);
  EXPECT_FALSE(compare_with_nought(three, three));
  EXPECT_FALSE(compare_with_nought(nought, below));
  EXPECT_FALSE(compare_samples(nought, three));
}

// The mean over few benchmarks of few values has few degrees of freedom.
TEST(Comparison, TheGeometricMeansIntervalHoldsOfFewValues) {
  std::mt19937_64 random(12);
  std::lognormal_distribution<double> calm(0, 0.02), wild(0, 0.1);
  std::size_t covered = 0, covered_together = 0;
  constexpr std::size_t kSuites = 2000;
  for (std::size_t suite = 0; suite < kSuites; ++suite) {
    std::vector<Comparison> comparisons;
    for (auto* noise : {&calm, &wild}) {
      std::vector<double> a(3), b(3);
      for (auto& value : a) value = (*noise)(random);
      for (auto& value : b) value = 1.1 * (*noise)(random);
      comparisons.push_back(*compare_samples(a, b));
    }
    const auto mean = mean_ratio(comparisons);
    ASSERT_TRUE(mean);
    covered += mean->interval.low <= 1.1 && 1.1 <= mean->interval.high;
    // One measured twice by the same runs tells no more than once.
    const std::vector<Comparison> twice{comparisons[1], comparisons[1]};
    const std::vector<std::size_t> runs{0, 0};
    const auto together = mean_ratio(twice, 0.95, runs);
    EXPECT_NEAR(together->interval.low, comparisons[1].interval->low, 1e-9);
    covered_together += together->interval.low <= 1.1 && 1.1 <= together->interval.high;
  }
  for (const std::size_t each : {covered, covered_together}) {
    EXPECT_GE(static_cast<double>(each) / kSuites, 0.935);
    EXPECT_LE(static_cast<double>(each) / kSuites, 0.985);
  }
}

}  // namespace
}  // namespace resident::stats
