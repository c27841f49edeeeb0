#include <gtest/gtest.h>

#include <cmath>
#include <stats/crps.hpp>
#include <stats/ets.hpp>
#include <stats/minimize.hpp>
#include <stats/random.hpp>

namespace resident::stats {
namespace {

// Flow of the Nile at Aswan, 1871 to 1970: G. W. Cobb, Biometrika 65 (1978).
const std::vector<double> kNile{1120, 1160, 963, 1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110, 994,  1020,
                                960,  1180, 799, 958,  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774,  840,
                                874,  694,  940, 833,  701,  916,  692,  1020, 1050, 969,  831,  726,  456,  824,  702,
                                1120, 1100, 832, 764,  821,  768,  845,  864,  862,  698,  845,  744,  796,  1040, 759,
                                781,  865,  845, 944,  984,  897,  822,  1010, 771,  676,  649,  846,  812,  742,  801,
                                1040, 860,  874, 848,  890,  744,  749,  838,  1050, 918,  986,  797,  923,  975,  815,
                                1020, 906,  901, 1170, 912,  746,  919,  718,  714,  740};

TEST(Ets, LikelihoodEqualsR) {  // forecast 8.20, ets(Nile, "ANN") and "AAN" damped
  EtsParameters simple;
  simple.alpha = 0.245533862697156;
  simple.level = 1110.686859951362749;
  const EtsFit fit = ets_filter(kNile, {}, simple);
  EXPECT_NEAR(fit.log_likelihood, -726.390519999206, 1e-8);
  EXPECT_NEAR(fit.aicc, 1459.03103999841, 1e-7);
  const Forecast next = ets_forecast(fit, 3);
  EXPECT_NEAR(next.mean[2], 805.38128285872, 1e-7);
  EXPECT_NEAR(next.deviation[0], 144.231761500596, 1e-6);
  EXPECT_NEAR(next.deviation[2], 152.679641306054, 1e-6);
  EtsParameters damped;
  damped.alpha = 2.56169264350039e-01;
  damped.beta = 1.00035066235912e-04;
  damped.phi = 8.00004272538670e-01;
  damped.level = 1.11111273460971e+03;
  damped.slope = 1.12496870570040e+01;
  EXPECT_NEAR(ets_filter(kNile, {EtsModel::Error::additive, EtsModel::Trend::damped}, damped).log_likelihood,
              -726.502046801024, 1e-7);
}

TEST(Ets, FitIsNoWorseThanRs) {
  EXPECT_GE(ets_fit(kNile, {}).log_likelihood, -726.390519999206 - 1e-3);
  EXPECT_GE(ets_fit(kNile, {EtsModel::Error::additive, EtsModel::Trend::damped}).log_likelihood,
            -726.502046801024 - 0.2);
  EXPECT_EQ(ets_choose(kNile).model.name(), "ANN");
}

TEST(Ets, SeasonIsCarriedOn) {
  std::vector<double> series;
  for (int t = 0; t < 48; ++t) series.push_back(10 + (t % 4 == 1 ? 5 : 0));
  const EtsFit fit = ets_fit(series, {EtsModel::Error::additive, EtsModel::Trend::none, EtsModel::Season::additive, 4});
  const Forecast next = ets_forecast(fit, 4);
  EXPECT_NEAR(next.mean[0], 10, 0.01);
  EXPECT_NEAR(next.mean[1], 15, 0.01);
}

TEST(Crps, OfNormalAndSampleAgree) {
  EXPECT_NEAR(crps_normal(0, 1, 0), 0.233695, 1e-6);  // Gneiting and Raftery: (√2 - 1)/√π
  EXPECT_EQ(crps_normal(3, 0, 5), 2);
  Random random(1);
  std::vector<double> sample;
  for (int i = 0; i < 200000; ++i) sample.push_back(random.normal());
  EXPECT_NEAR(crps_sample(sample, 0.7), crps_normal(0, 1, 0.7), 0.005);
}

TEST(Minimize, FindsTheBottomOfAValley) {  // H. H. Rosenbrock, Computer Journal 3 (1960)
  const auto found = minimize(
      [](const std::vector<double>& x) { return 100 * std::pow(x[1] - x[0] * x[0], 2) + std::pow(1 - x[0], 2); },
      {-1.2, 1}, {0.5, 0.5}, 1e-14, 20000);
  EXPECT_NEAR(found.at[0], 1, 1e-4);
  EXPECT_NEAR(found.at[1], 1, 1e-4);
}

TEST(Random, DistributionsHaveTheirMoments) {
  Random random(42);
  double gamma = 0, poisson = 0, squares = 0, negative = 0, negative_squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    gamma += random.gamma(2.5) / kDraws;
    const auto count = static_cast<double>(random.poisson(60));
    poisson += count / kDraws;
    squares += count * count / kDraws;
    const auto burst = static_cast<double>(random.negative_binomial(10, 2));
    negative += burst / kDraws;
    negative_squares += burst * burst / kDraws;
  }
  EXPECT_NEAR(gamma, 2.5, 0.03);
  EXPECT_NEAR(poisson, 60, 0.2);
  EXPECT_NEAR(squares - poisson * poisson, 60, 2);
  EXPECT_NEAR(negative, 10, 0.15);
  EXPECT_NEAR(negative_squares - negative * negative, 60, 3);
}

}  // namespace
}  // namespace resident::stats
