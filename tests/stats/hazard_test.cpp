#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <stats/aalen_johansen.hpp>
#include <stats/concordance.hpp>
#include <stats/cox.hpp>
#include <stats/gray_test.hpp>
#include <stats/log_rank.hpp>
#include <stats/random.hpp>
#include <stats/restricted_mean.hpp>

namespace resident::stats {
namespace {

// Weeks of remission, 6-MP and placebo: E. J. Freireich et al., Blood 21 (1963).
struct Remissions {
  std::vector<Observation> observations;
  std::vector<int> group;
  HazardData data;
  Remissions() {
    for (const double time : {6, 6, 6, 7, 10, 13, 16, 22, 23}) add(time, true, 0);
    for (const double time : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) add(time, false, 0);
    for (const double time : {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23})
      add(time, true, 1);
    data.covariates.resize(static_cast<Eigen::Index>(group.size()), 1);
    for (std::size_t i = 0; i < group.size(); ++i) data.covariates(static_cast<Eigen::Index>(i), 0) = group[i];
  }
  void add(double time, bool happened, int which) {
    observations.push_back({time, happened});
    group.push_back(which);
    data.time.push_back(time);
    data.status.push_back(happened);
  }
};

void near(double value, double wanted) {
  EXPECT_NEAR(value, wanted, 1e-8 * std::fabs(wanted));
}

TEST(Cox, EqualsFiguresOfR) {  // survival 3.5-3, coxph and cox.zph
  const Remissions remissions;
  const HazardFit efron = cox(remissions.data, Ties::efron);
  near(efron.coefficients[0], 1.572125148829066);
  near(std::sqrt(efron.variance(0, 0)), 0.412396717709455);
  near(efron.null_log_likelihood, -93.184269996847732);
  near(efron.log_likelihood, -85.008424577371656);
  near(*efron.concordance, 0.690042075736325);
  EXPECT_NEAR(efron.proportionality->chi_squared[0], 0.022863378052822, 1e-7);
  const HazardFit breslow = cox(remissions.data, Ties::breslow);
  near(breslow.coefficients[0], 1.5091914125858783);
  near(std::sqrt(breslow.variance(0, 0)), 0.4095644063667413);
  near(breslow.log_likelihood, -86.3796220711455618);
  EXPECT_NEAR(breslow.proportionality->chi_squared[0], 0.0641796863810183, 1e-7);
}

TEST(Cox, RefusesWhatHasNoAnswer) {
  Remissions constant;
  constant.data.covariates.setOnes();
  EXPECT_THROW(cox(constant.data), Error);
  Remissions nobody;
  std::fill(nobody.data.status.begin(), nobody.data.status.end(), 0);
  EXPECT_THROW(cox(nobody.data), Error);
  Remissions twice;
  twice.data.covariates = twice.data.covariates.replicate(1, 2).eval();
  EXPECT_THROW(cox(twice.data), Error);
  HazardData apart;  // those with 1 all go first
  apart.time = {1, 2, 3, 4, 5, 6};
  apart.status = {1, 1, 1, 1, 1, 1};
  apart.covariates.resize(6, 1);
  apart.covariates << 1, 1, 1, 0, 0, 0;
  EXPECT_THROW(cox(apart), Error);
}

TEST(Cox, FineGrayWithoutCompetingEventsIsCox) {
  const Remissions remissions;
  const HazardFit plain = cox(remissions.data), fine = fine_gray(remissions.data);
  near(fine.coefficients[0], plain.coefficients[0]);
  near(fine.robust_variance(0, 0), plain.robust_variance(0, 0));
}

TEST(Cox, RobustVarianceCountsAClusterOnce) {
  Remissions twice;
  for (std::size_t i = 0; i < 42; ++i) twice.add(twice.data.time[i], twice.data.status[i] == 1, twice.group[i]);
  twice.data.covariates = twice.data.covariates.replicate(2, 1).eval();
  for (std::int64_t i = 0; i < 84; ++i) twice.data.cluster.push_back(i % 42);
  const HazardFit doubled = cox(twice.data, Ties::breslow), single = cox(Remissions().data, Ties::breslow);
  EXPECT_EQ(doubled.clusters, 42);
  EXPECT_NEAR(doubled.robust_variance(0, 0), single.robust_variance(0, 0), 1e-9);
  EXPECT_NEAR(doubled.variance(0, 0), single.variance(0, 0) / 2, 1e-9);
}

TEST(Cox, IntervalsCoverTheTruth) {
  int covered = 0;
  constexpr int kRuns = 400;
  for (int run = 0; run < kRuns; ++run) {
    Random random(100 + static_cast<std::uint64_t>(run));
    HazardData data;
    data.covariates.resize(120, 1);
    for (Eigen::Index i = 0; i < 120; ++i) {
      data.covariates(i, 0) = random.normal();
      const double end = random.exponential() / std::exp(0.5 * data.covariates(i, 0)), censored = 3 * random.uniform();
      data.time.push_back(std::min(end, censored));
      data.status.push_back(end <= censored);
    }
    const HazardFit fit = cox(data);
    covered += std::fabs(fit.coefficients[0] - 0.5) < 1.96 * std::sqrt(fit.variance(0, 0));
  }
  EXPECT_GE(covered, kRuns * 0.92);
  EXPECT_LE(covered, kRuns * 0.98);
}

TEST(LogRank, EqualsFiguresOfR) {
  const Remissions remissions;
  near(log_rank(remissions.observations, remissions.group).chi_squared, 16.7929409892165);
  const GroupTest none = log_rank(remissions.observations, std::vector<int>(42, 0));
  EXPECT_EQ(none.degrees_of_freedom, 0);
  EXPECT_EQ(none.p, 1);
}

TEST(AalenJohansen, SingleCauseIsKaplanMeier) {
  const Remissions remissions;
  std::vector<CauseObservation> list;
  for (const auto& each : remissions.observations) list.push_back({each.time, each.happened});
  const auto curve = kaplan_meier(remissions.observations);
  const auto incidence = aalen_johansen(list, 1);
  for (const auto& point : curve.points) {
    const IncidencePoint* same = incidence.point_at(point.time);
    ASSERT_NE(same, nullptr);
    EXPECT_NEAR(same->share[0], 1 - point.survival, 1e-12);
    EXPECT_NEAR(same->event_free, point.survival, 1e-12);
    if (point.survival > 0) {
      EXPECT_NEAR(same->error[0], point.standard_error, 1e-12);
    }
  }
}

TEST(AalenJohansen, SharesSumToOneAndIntervalsCover) {
  int covered = 0;
  constexpr int kRuns = 400;
  for (int run = 0; run < kRuns; ++run) {
    Random random(7000 + static_cast<std::uint64_t>(run));
    std::vector<CauseObservation> list;
    for (int i = 0; i < 150; ++i) {
      const double end = random.exponential(), censored = 2 * random.uniform();
      list.push_back({std::min(end, censored), end > censored ? 0 : random.chance(0.3) ? 1 : 2});
    }
    const auto incidence = aalen_johansen(list, 2);
    const auto& point = *incidence.point_at(1);
    EXPECT_NEAR(point.event_free + point.share[0] + point.share[1], 1, 1e-12);
    const auto bounds = share_interval(point.share[0], point.error[0], IntervalScale::log_log);
    const double truth = 0.3 * (1 - std::exp(-1.0));
    covered += *bounds.low <= truth && truth <= *bounds.high;
  }
  EXPECT_GE(covered, kRuns * 0.92);
  EXPECT_LE(covered, kRuns * 0.98);
}

TEST(GrayTest, KeepsItsLevelAndSeesADifference) {
  int found = 0, alarms = 0;
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    Random random(900 + static_cast<std::uint64_t>(run));
    std::vector<CauseObservation> same, different;
    std::vector<int> group;
    for (int i = 0; i < 200; ++i) {
      group.push_back(i % 2);
      const double end = random.exponential(), censored = 2 * random.uniform(), kind = random.uniform();
      const auto add = [&](std::vector<CauseObservation>& list, double share) {
        list.push_back({std::min(end, censored), end > censored ? 0 : kind < share ? 1 : 2});
      };
      add(same, 0.4);
      add(different, i % 2 == 0 ? 0.3 : 0.7);
    }
    alarms += gray_test(same, group, 1).p < 0.05;
    found += gray_test(different, group, 1).p < 0.05;
  }
  EXPECT_LE(alarms, kRuns * 0.09);
  EXPECT_GE(alarms, kRuns * 0.02);
  EXPECT_GE(found, kRuns * 0.9);
}

TEST(RestrictedMean, IsTheAreaBelowTheCurve) {
  // survfit(Surv(c(1, 2, 3, 4), c(1, 0, 1, 0)) ~ 1), print(rmean = 4).
  const auto curve = kaplan_meier({{1, true}, {2, false}, {3, true}, {4, false}});
  const auto mean = restricted_mean(curve, 4);
  EXPECT_NEAR(mean.value, 1 + 2 * 0.75 + 0.375, 1e-12);
  EXPECT_EQ(restricted_mean(curve, 0.5).value, 0.5);
}

TEST(Concordance, CountsPairs) {
  EXPECT_DOUBLE_EQ(*concordance({1, 2, 3}, {true, true, false}, {3, 2, 1}), 1);
  EXPECT_DOUBLE_EQ(*concordance({1, 2, 3}, {true, true, false}, {1, 1, 1}), 0.5);
  EXPECT_FALSE(concordance({1, 2}, {false, false}, {1, 2}).has_value());
}

}  // namespace
}  // namespace resident::stats
