#include <gtest/gtest.h>

#include <cmath>
#include <stats/raking.hpp>

namespace resident::stats {
namespace {

// The example of `rake` in R's package survey (apiclus1: schools by type and by whether the whole school met its
// target), its figures by tests/oracle/raking.R.
struct Schools {
  std::vector<double> weights;
  std::vector<Margin> margins{{{}, {4421, 755, 1018}}, {{}, {1072, 5122}}};
  std::vector<bool> comparable;
  Schools() {
    constexpr int counts[3][2] = {{12, 132}, {3, 11}, {8, 17}}, yes[3][2] = {{0, 112}, {0, 7}, {0, 14}};
    for (std::size_t type = 0; type < 3; ++type)
      for (std::size_t wide = 0; wide < 2; ++wide)
        for (int i = 0; i < counts[type][wide]; ++i) {
          weights.push_back(33.847);
          margins[0].category.push_back(type);
          margins[1].category.push_back(wide);
          comparable.push_back(i < yes[type][wide]);
        }
  }
};

TEST(Raking, EqualsTheSurveyPackage) {
  const Schools schools;
  const Raked raked = rake(schools.weights, schools.margins);
  EXPECT_TRUE(raked.converged);
  constexpr double expected[3][2] = {{478.070834963221, 3942.929165026896},
                                     {201.376587723788, 553.623412278646},
                                     {392.552577312991, 625.447422694457}};
  double cells[3][2] = {}, all = 0, yes = 0;
  for (std::size_t i = 0; i < raked.weights.size(); ++i) {
    cells[schools.margins[0].category[i]][schools.margins[1].category[i]] += raked.weights[i];
    all += raked.weights[i];
    if (schools.comparable[i]) yes += raked.weights[i];
  }
  for (int type = 0; type < 3; ++type)
    for (int wide = 0; wide < 2; ++wide) EXPECT_NEAR(cells[type][wide], expected[type][wide], 1e-5);
  EXPECT_NEAR(all, 6194, 1e-6);
  EXPECT_NEAR(design_effect(raked.weights), 1.05165669560485, 1e-8);
  EXPECT_NEAR(effective_size(raked.weights), 174.011158550889, 1e-5);
  EXPECT_NEAR(yes / all, 0.680157541344743, 1e-9);
  // R's interval by the logit of a linearised variance is 0.6028 to 0.7487; ours rests on the effective size alone.
  const Interval interval = weighted_share_interval(yes / all, effective_size(raked.weights));
  EXPECT_NEAR(interval.low, 0.60281, 0.01);
  EXPECT_NEAR(interval.high, 0.74872, 0.01);
}

TEST(Raking, EqualWeightsCostNothing) {
  const std::vector<double> weights(50, 3);
  EXPECT_DOUBLE_EQ(design_effect(weights), 1);
  EXPECT_DOUBLE_EQ(effective_size(weights), 50);
  const Interval weighted = weighted_share_interval(0.2, 50), plain = *wilson_interval(10, 50);
  EXPECT_NEAR(weighted.low, plain.low, 1e-12);
  EXPECT_NEAR(weighted.high, plain.high, 1e-12);
  EXPECT_EQ(design_effect({}), 0);
}

// A group that no one of the other margin's category is in cannot be met.
TEST(Raking, MarginsThatContradictAreSaid) {
  const Raked raked = rake({1, 1, 1, 1}, {{{0, 0, 1, 1}, {10, 90}}, {{0, 0, 1, 1}, {50, 50}}});
  EXPECT_FALSE(raked.converged);
  EXPECT_GT(raked.worst, 0.1);
}

}  // namespace
}  // namespace resident::stats
