#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <stats/event_study.hpp>
#include <stats/inverse_weights.hpp>
#include <stats/random.hpp>
#include <stats/shift_test.hpp>
#include <stats/structural.hpp>
#include <stats/structural_sampler.hpp>
#include <stats/synthetic_control.hpp>

namespace resident::stats {
namespace {

// What tests/oracle/effect_figures.R gave.
double figure(const std::string& name) {
  static const auto all = [] {
    std::map<std::string, double> figures;
    std::ifstream file(std::string(RESIDENT_SOURCE_DIR) + "/tests/oracle/effect_figures.tsv");
    for (std::string line; std::getline(file, line);)
      if (const auto tab = line.find('\t'); tab != std::string::npos)
        figures[line.substr(0, tab)] = std::strtod(line.c_str() + tab, nullptr);
    return figures;
  }();
  return all.at(name);
}

// Flow of the Nile at Aswan, 1871 to 1970: G. W. Cobb, Biometrika 65 (1978).
const std::vector<double> kNile{1120, 1160, 963, 1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110, 994,  1020,
                                960,  1180, 799, 958,  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774,  840,
                                874,  694,  940, 833,  701,  916,  692,  1020, 1050, 969,  831,  726,  456,  824,  702,
                                1120, 1100, 832, 764,  821,  768,  845,  864,  862,  698,  845,  744,  796,  1040, 759,
                                781,  865,  845, 944,  984,  897,  822,  1010, 771,  676,  649,  846,  812,  742,  801,
                                1040, 860,  874, 848,  890,  744,  749,  838,  1050, 918,  986,  797,  923,  975,  815,
                                1020, 906,  901, 1170, 912,  746,  919,  718,  714,  740};

TEST(Structural, LikelihoodIsTheExactDiffuseOne) {
  EXPECT_NEAR(structural_log_likelihood(kNile, {}, {}, {15098.52, 1469.18}), figure("nile level"), 1e-8);
  std::vector<double> series;
  Eigen::MatrixXd along(60, 1);
  for (int t = 0; t < 60; ++t) {
    series.push_back(10 + t / 8.0 + (t * 37) % 11 + (t % 4 == 1 ? 6 : 0));
    along(t, 0) = (t * 29) % 13;
  }
  EXPECT_NEAR(structural_log_likelihood(series, along, {true, 4}, {8, 0.5, 0.01, 0.2}), figure("trend season along"),
              1e-8);
}

TEST(Structural, GreatestLikelihoodOfTheNile) {  // Durbin and Koopman 2012, section 2.10
  const auto fit = structural_fit(kNile, {}, {});
  EXPECT_NEAR(fit.variances.irregular, 15098.52, 3);
  EXPECT_NEAR(fit.variances.level, 1469.18, 1);
  EXPECT_NEAR(fit.log_likelihood, -632.5456, 5e-5);
  EXPECT_ANY_THROW(structural_fit({1, 2, 3}, {}, {}));
  EXPECT_ANY_THROW(structural_fit(std::vector<double>(40, 2), {}, {}));
}

TEST(Structural, MissingStepsTellNothing) {
  auto gapped = kNile;
  gapped.insert(gapped.end(), 7, std::numeric_limits<double>::quiet_NaN());
  EXPECT_NEAR(structural_log_likelihood(gapped, {}, {}, {15098.52, 1469.18}), figure("nile level"), 1e-8);
}

// Figures of R's CausalImpact 1.4.1, which are not part of the repository.
TEST(StructuralSampler, AgreesWithCausalImpact) {
  const char* data = std::getenv("RESIDENT_DATA");
  const std::filesystem::path folder =
      std::filesystem::path(data ? std::string(data) : RESIDENT_SOURCE_DIR "/../shared/data") / "oracles/causal_impact";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
  for (const std::string name : {"basic", "covariates", "no_effect", "seasonal", "strong_effect"}) {
    std::ifstream file(folder / ("r_reference_" + name + ".json"));
    const auto json = nlohmann::json::parse(file);
    StructuralQuestion question;
    question.series = json["data"]["y"].get<std::vector<double>>();
    question.start = json["n_pre"].get<std::size_t>();
    question.season = json["model_args"].value("nseasons", 0);
    question.draws = 2000;
    const auto n = static_cast<Eigen::Index>(question.series.size());
    question.controls.resize(n, json["k"].get<Eigen::Index>());
    for (Eigen::Index j = 0; j < question.controls.cols(); ++j) {
      const auto column = json["data"]["x"]["x" + std::to_string(j + 1)].get<std::vector<double>>();
      question.controls.col(j) = Eigen::Map<const Eigen::VectorXd>(column.data(), n);
    }
    auto averages = structural_counterfactual(question).averages;
    double observed = 0;
    for (auto t = question.start; t < question.series.size(); ++t) observed += question.series[t];
    observed /= static_cast<double>(question.series.size() - question.start);
    std::sort(averages.begin(), averages.end());
    const double mean = std::accumulate(averages.begin(), averages.end(), 0.0) / static_cast<double>(averages.size());
    const auto& r = json["r_output"];
    const double low = r["ci_lower"], high = r["ci_upper"], width = high - low;
    EXPECT_NEAR(observed - mean, r["point_effect_mean"].get<double>(), 0.05 * width) << name;
    EXPECT_NEAR(observed - averages[averages.size() * 975 / 1000], low, 0.1 * width) << name;
    EXPECT_NEAR(observed - averages[averages.size() * 25 / 1000], high, 0.1 * width) << name;
  }
}

TEST(StructuralSampler, SameSeedSameDrawsAndTheRightControl) {
  Random random(5);
  StructuralQuestion question;
  question.controls.resize(120, 8);
  for (Eigen::Index t = 0; t < 120; ++t) {
    for (Eigen::Index j = 0; j < 8; ++j) question.controls(t, j) = random.normal();
    question.series.push_back(5 + 2 * question.controls(t, 3) + 0.5 * random.normal() + (t >= 90 ? 1.5 : 0));
  }
  question.start = 90;
  const auto answer = structural_counterfactual(question);
  EXPECT_EQ(answer.averages, structural_counterfactual(question).averages);
  EXPECT_GT(answer.inclusion[3], 0.99);
  for (const std::size_t j : {0u, 1u, 2u, 4u, 5u, 6u, 7u}) EXPECT_LT(answer.inclusion[j], 0.5) << j;
  for (std::size_t t = 0; t < answer.mean.size(); ++t) {
    EXPECT_LT(answer.low[t], answer.mean[t]);
    EXPECT_LT(answer.mean[t], answer.high[t]);
  }
  EXPECT_ANY_THROW(structural_counterfactual({.series = {1, 2, 3}, .controls = {}, .start = 2}));
}

TEST(StructuralSampler, BlocksAreMeansAndNothingIsBelowTheLeast) {
  Random random(6);
  StructuralQuestion question;
  for (int t = 0; t < 70; ++t) question.series.push_back(static_cast<double>(random.poisson(1)));
  question.start = 60;
  question.block = 4;
  question.least = 0;
  const auto answer = structural_counterfactual(question);
  ASSERT_EQ(answer.mean.size(), 3u);  // 4, 4 and 2 steps
  for (const double each : answer.low) EXPECT_GE(each, 0);
  for (const double each : answer.averages) EXPECT_GE(each, 0);
  EXPECT_LT(answer.high[0] - answer.low[0], answer.high[2] - answer.low[2]);
}

TEST(SyntheticControl, WeightsAreQuadprogs) {
  Eigen::MatrixXd donors(20, 6);
  Eigen::VectorXd target(20);
  for (int t = 0; t < 20; ++t) {
    for (int j = 0; j < 6; ++j) donors(t, j) = 20 + (t * (j + 3) + j * j * 7) % 13 + j;
    target[t] = 21 + (t * 5) % 11 + t % 3;
  }
  const auto weights = simplex_weights(donors, target);
  for (int j = 0; j < 6; ++j)
    EXPECT_NEAR(weights[static_cast<std::size_t>(j)], figure("simplex " + std::to_string(j + 1)), 1e-8);
  // The same twice over: any split of the weight is right, and none is below 0.
  Eigen::MatrixXd twice(20, 12);
  twice << donors, donors;
  const auto split = simplex_weights(twice, target);
  for (std::size_t j = 0; j < 6; ++j) {
    EXPECT_GE(split[j], 0);
    EXPECT_NEAR(split[j] + split[j + 6], weights[j], 1e-6);
  }
}

TEST(SyntheticControl, RanksTheUnitThatMoved) {
  Random random(11);
  Eigen::MatrixXd outcomes(60, 21);
  for (Eigen::Index t = 0; t < 60; ++t) {
    const double common = std::sin(static_cast<double>(t) / 5);
    for (Eigen::Index j = 0; j < 21; ++j)
      outcomes(t, j) = 10 + common * (1 + 0.1 * static_cast<double>(j % 5)) + 0.2 * random.normal();
    if (t >= 40) outcomes(t, 0) += 2;
  }
  const auto answer = synthetic_control(outcomes, 40);
  ASSERT_TRUE(answer.is_answered);
  EXPECT_NEAR(answer.effect, 2, 0.2);
  EXPECT_NEAR(answer.p, 1 / 21.0, 1e-12);
  EXPECT_NEAR(std::accumulate(answer.weights.begin(), answer.weights.end(), 0.0), 1, 1e-12);
  EXPECT_FALSE(synthetic_control(outcomes.leftCols(4), 40).is_answered);
  EXPECT_FALSE(synthetic_control(outcomes, 60).is_answered);
}

Eigen::MatrixXd panel_of_r() {
  Eigen::MatrixXd panel(12, 8);
  for (int unit = 0; unit < 12; ++unit)
    for (int period = 0; period < 8; ++period)
      panel(unit, period) =
          (unit * 7 + period * 13 + unit * period * 5) % 17 + unit + (unit % 3 == 0 && period >= 5 ? 3 : 0);
  return panel;
}

TEST(EventStudy, EqualsLmWithErrorsByUnit) {
  std::vector<bool> touched;
  for (int unit = 0; unit < 12; ++unit) touched.push_back(unit % 3 == 0);
  const auto answer = event_study(panel_of_r(), touched, 5);
  ASSERT_TRUE(answer.is_answered);
  EXPECT_NEAR(answer.effect, figure("did effect"), 1e-9);
  EXPECT_NEAR(answer.deviation, figure("did deviation"), 1e-9);
  for (const int k : {0, 3, 7}) {
    EXPECT_NEAR(answer.periods[static_cast<std::size_t>(k)].effect, figure("event effect k" + std::to_string(k)), 1e-9);
    EXPECT_NEAR(answer.periods[static_cast<std::size_t>(k)].deviation, figure("event deviation k" + std::to_string(k)),
                1e-9);
  }
  EXPECT_TRUE(answer.is_pre_trend_tested);
  EXPECT_NEAR(answer.pre_trend_p, figure("event leads p"), 1e-9);
  EXPECT_EQ(answer.periods[4].effect, 0);
}

TEST(EventStudy, PermutationHoldsItsLevelAndTooLittleIsSaid) {
  int alarms = 0;
  constexpr int kRuns = 200;
  std::vector<bool> touched{true, true, true, true, false, false, false, false, false, false};
  for (int run = 0; run < kRuns; ++run) {
    Random random(700 + static_cast<std::uint64_t>(run));
    Eigen::MatrixXd panel(10, 8);
    for (Eigen::Index i = 0; i < 10; ++i)
      for (Eigen::Index t = 0; t < 8; ++t) panel(i, t) = random.normal() / std::sqrt(random.gamma(1.5));
    alarms += event_study(panel, touched, 5).permutation_p <= 0.05;
  }
  EXPECT_LE(alarms, kRuns / 10);
  EXPECT_FALSE(event_study(Eigen::MatrixXd::Random(10, 8), std::vector<bool>(10, false), 5).is_answered);
  EXPECT_FALSE(event_study(Eigen::MatrixXd::Random(10, 8), touched, 1).is_answered);
  EXPECT_FALSE(event_study(Eigen::MatrixXd::Ones(10, 8), touched, 4).is_answered);
}

TEST(ShiftTest, SeesWhatMovesTogetherAndLeavesWhatDoesNot) {
  int alarms = 0, seen = 0;
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    Random random(40 + static_cast<std::uint64_t>(run));
    std::vector<double> dose, alone, moved;
    double a = 0, b = 0;
    for (int t = 0; t < 60; ++t) {  // both autocorrelated
      a = 0.7 * a + random.normal();
      b = 0.7 * b + random.normal();
      dose.push_back(a);
      alone.push_back(b + 0.1 * t);
      moved.push_back(b + 1.5 * a);
    }
    alarms += shift_test(dose, alone).p <= 0.05;
    seen += shift_test(dose, moved).p <= 0.05;
  }
  EXPECT_LE(alarms, kRuns * 0.09);
  EXPECT_GE(seen, kRuns * 0.8);
  EXPECT_FALSE(shift_test({1, 2, 3}, {1, 2, 3}).is_answered);
  EXPECT_FALSE(shift_test(std::vector<double>(50, 1), std::vector<double>(50, 2)).is_answered);
}

TEST(InverseWeights, EqualRs) {
  Eigen::MatrixXd covariates(200, 3);
  std::vector<bool> given, back;
  for (int i = 0; i < 200; ++i) {
    const double size = (i * 37) % 23 / 10.0, pull = (i * 7) % 3 == 0 ? 1 : 0;
    covariates.row(i) << size, pull, i / 40;
    given.push_back((i * 53) % 97 / 97.0 < 1 / (1 + std::exp(-(0.8 - size + 0.6 * pull))));
    back.push_back((i * 71) % 89 / 89.0 < 0.2 + 0.25 * given.back() + 0.1 * pull);
  }
  const auto beta = logistic_fit(covariates, given);
  ASSERT_EQ(beta.size(), 4u);
  const char* names[] = {"glm (Intercept)", "glm size", "glm pull", "glm year"};
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(beta[j], figure(names[j]), 1e-8);
  const auto ratio = weighted_ratio(covariates, given, back);
  ASSERT_TRUE(ratio.is_answered);
  EXPECT_NEAR(ratio.ratio, figure("weighted ratio"), 1e-8);
  EXPECT_NEAR(ratio.low, figure("weighted low"), 1e-8);
  EXPECT_GT(std::fabs(ratio.balance_before[0]), 0.5);
  for (const double each : ratio.balance) EXPECT_LT(std::fabs(each), 0.12);
  EXPECT_FALSE(
      weighted_ratio(covariates.topRows(10), std::vector<bool>(10, true), std::vector<bool>(10, true)).is_answered);
  // A column that tells them apart wholly, and one that follows from another.
  Eigen::MatrixXd apart(200, 1), twice(200, 2);
  for (int i = 0; i < 200; ++i) {
    apart(i, 0) = given[static_cast<std::size_t>(i)];
    twice.row(i).setConstant(i);
  }
  EXPECT_TRUE(logistic_fit(apart, given).empty());
  EXPECT_TRUE(logistic_fit(twice, given).empty());
}

TEST(InverseWeights, TakeOffWhatIsKnownAndHoldTheirLevel) {
  int held = 0;
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    Random random(4000 + static_cast<std::uint64_t>(run));
    Eigen::MatrixXd covariates(600, 1);
    std::vector<bool> given, happened;
    for (int i = 0; i < 600; ++i) {
      const double x = random.normal();
      covariates(i, 0) = x;
      given.push_back(random.chance(1 / (1 + std::exp(-x))));
      happened.push_back(random.chance(std::min(0.9, 0.3 * std::exp(0.4 * x))));  // x alone
    }
    const auto ratio = weighted_ratio(covariates, given, happened);
    held += ratio.low <= 1 && 1 <= ratio.high;
  }
  EXPECT_GE(held, kRuns * 0.93);
}

}  // namespace
}  // namespace resident::stats
