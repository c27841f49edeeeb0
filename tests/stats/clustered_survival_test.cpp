#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stats/clustered_survival.hpp>

namespace resident::stats {
namespace {

TEST(ClusteredSurvival, IsGreenwoodWhereEachIsItsOwnCluster) {
  std::mt19937_64 random(1);
  std::vector<GroupedObservation> grouped;
  std::vector<Observation> plain;
  for (int i = 0; i < 200; ++i) {
    const auto time = static_cast<std::int32_t>(random() % 40);
    const bool happened = random() % 3 != 0;
    grouped.push_back({i, time, happened, 1});
    plain.push_back({static_cast<double>(time), happened});
  }
  const ClusteredCurve clustered = clustered_kaplan_meier(grouped);
  const SurvivalCurve expected = kaplan_meier(plain);
  EXPECT_EQ(clustered.clusters, 200);
  EXPECT_EQ(clustered.curve.n, expected.n);
  EXPECT_EQ(clustered.curve.happened, expected.happened);
  ASSERT_EQ(clustered.curve.points.size(), expected.points.size());
  for (std::size_t i = 0; i < expected.points.size(); ++i) {
    const auto &a = clustered.curve.points[i], &b = expected.points[i];
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.at_risk, b.at_risk);
    EXPECT_EQ(a.happened, b.happened);
    EXPECT_DOUBLE_EQ(a.survival, b.survival);
    if (a.survival < 1e-9) continue;
    EXPECT_NEAR(a.standard_error, b.standard_error * std::sqrt(200.0 / 199), 1e-12);
    EXPECT_NEAR(clustered.design_effect[i], 200.0 / 199, 1e-9);
    EXPECT_NEAR(a.low.value(), b.low.value(), 0.002) << "t of 199 degrees of freedom is a little wider";
  }
  EXPECT_DOUBLE_EQ(clustered.effective_clusters, 200);
}

TEST(ClusteredSurvival, CountsAreAsManyObservations) {
  std::vector<GroupedObservation> grouped, single;
  for (int i = 0; i < 30; ++i) {
    grouped.push_back({i % 12, i % 7, i % 2 == 0, 1 + i % 5});
    for (int each = 0; each < 1 + i % 5; ++each) single.push_back({i % 12, i % 7, i % 2 == 0, 1});
  }
  const ClusteredCurve a = clustered_kaplan_meier(grouped), b = clustered_kaplan_meier(single);
  EXPECT_EQ(a.curve.n, b.curve.n);
  ASSERT_EQ(a.curve.points.size(), b.curve.points.size());
  for (std::size_t i = 0; i < a.curve.points.size(); ++i) {
    EXPECT_DOUBLE_EQ(a.curve.points[i].survival, b.curve.points[i].survival);
    EXPECT_DOUBLE_EQ(a.curve.points[i].standard_error, b.curve.points[i].standard_error);
  }
}

TEST(ClusteredSurvival, Extremes) {
  EXPECT_EQ(clustered_kaplan_meier({}).curve.n, 0);
  EXPECT_EQ(clustered_kaplan_meier({{1, 3, true, 0}}).curve.n, 0);
  const ClusteredCurve censored = clustered_kaplan_meier({{1, 5, false, 3}, {2, 9, false, 1}});
  EXPECT_EQ(censored.curve.n, 4);
  EXPECT_EQ(censored.longest, 9);
  EXPECT_FALSE(censored.point_at(100));
  EXPECT_FALSE(median_time(censored.curve).value);
  const ClusteredCurve few = clustered_kaplan_meier({{1, 0, true, 1}, {2, 4, false, 1}});
  ASSERT_TRUE(few.point_at(0));
  EXPECT_EQ(few.point_at(0)->survival, 0.5);
  EXPECT_FALSE(few.point_at(0)->low) << "two clusters tell nothing of the variance";
}

// Files of 1 to 60 lines whose hunks go at exponential times, a third of them together
// with their whole file: the truth is known, and Greenwood's interval misses it.
TEST(ClusteredSurvival, IntervalsCoverTheTruthWhereLinesGoInHunks) {
  std::mt19937_64 random(20240101);
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0; };
  constexpr int kRuns = 1500, kFiles = 80;
  constexpr double kScale = 60, kWhen = 24;
  const double truth = std::exp(-(kWhen + 1) / kScale);  // to the end of month 24
  int covered = 0, covered_naively = 0, median_covered = 0;
  const double true_median = std::floor(kScale * std::log(2.0));
  for (int run = 0; run < kRuns; ++run) {
    std::vector<GroupedObservation> list;
    std::vector<Observation> plain;
    for (int file = 0; file < kFiles; ++file) {
      const bool together = random() % 3 == 0;
      const double limit = 20 + 200 * uniform();
      double time = -kScale * std::log(uniform());
      for (std::uint64_t hunk = 0, hunks = 1 + random() % 6; hunk < hunks; ++hunk) {
        if (!together) time = -kScale * std::log(uniform());
        const bool happened = time <= limit;
        // Observed to the end of whole months, as months are counted.
        const auto month = static_cast<std::int32_t>(happened ? time : limit);
        const auto lines = static_cast<std::int64_t>(1 + random() % 10);
        list.push_back({file, month, happened, lines});
        for (std::int64_t i = 0; i < lines; ++i) plain.push_back({static_cast<double>(month), happened});
      }
    }
    const ClusteredCurve curve = clustered_kaplan_meier(list);
    const SurvivalCurve naive = kaplan_meier(plain);
    const SurvivalPoint* point = curve.point_at(kWhen);
    covered += point && point->low && *point->low <= truth && truth <= *point->high;
    const SurvivalPoint* last = nullptr;
    for (const auto& each : naive.points)
      if (each.time <= kWhen) last = &each;
    covered_naively += last && last->low && *last->low <= truth && truth <= *last->high;
    const TimeEstimate median = median_time(curve.curve);
    median_covered += (!median.low || *median.low <= true_median) && (!median.high || true_median <= *median.high);
  }
  EXPECT_NEAR(covered / static_cast<double>(kRuns), 0.95, 0.02);
  EXPECT_NEAR(median_covered / static_cast<double>(kRuns), 0.95, 0.025);
  EXPECT_LT(covered_naively / static_cast<double>(kRuns), 0.75);
}

// Files as unequal as real ones: the largest of 100 holds about a fifth of all lines.
TEST(ClusteredSurvival, IntervalsHoldForFilesOfVeryUnequalSizes) {
  std::mt19937_64 random(3);
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0; };
  const auto normal = [&] { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); };
  constexpr double kScale = 60, kWhen = 24;
  const double truth = std::exp(-(kWhen + 1) / kScale);
  for (const int files : {30, 100}) {
    int covered = 0, told = 0;
    for (int run = 0; run < 1000; ++run) {
      std::vector<GroupedObservation> list;
      for (int file = 0; file < files; ++file) {
        const double time = -kScale * std::log(uniform()), limit = 20 + 200 * uniform();
        const bool happened = time <= limit;
        const auto lines = static_cast<std::int64_t>(1 + std::exp(3 + 1.5 * normal()));
        list.push_back({file, static_cast<std::int32_t>(happened ? time : limit), happened, lines});
      }
      const ClusteredCurve curve = clustered_kaplan_meier(list);
      const SurvivalPoint* point = curve.point_at(kWhen);
      if (!point || !point->low) continue;
      ++told;
      covered += *point->low <= truth && truth <= *point->high;
    }
    EXPECT_GT(told, 700) << files;
    EXPECT_NEAR(covered / static_cast<double>(told), 0.94, 0.025) << files;
  }
}

}  // namespace
}  // namespace resident::stats
