// Exponential smoothing as a state-space model: error, trend and season each absent,
// additive, damped or multiplicative. R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D.
// Snyder, "Forecasting with Exponential Smoothing" (2008); the likelihood is that of R's
// forecast::ets, -n/2 log(sum of squared errors) less the sum of log |fitted| where the error is
// multiplicative, so that figures can be compared.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace resident::stats {

struct EtsModel {
  enum class Error { additive, multiplicative } error = Error::additive;
  enum class Trend { none, additive, damped } trend = Trend::none;
  enum class Season { none, additive, multiplicative } season = Season::none;
  std::size_t period = 1;  // of the season, in steps

  std::string name() const;  // "ANN", "AAdA", …
};

struct EtsParameters {
  double alpha = 0.1, beta = 0, gamma = 0, phi = 1;
  double level = 0, slope = 0;
  std::vector<double> season = {};  // as many as the period; the one of the first step first
};

struct EtsFit {
  EtsModel model;
  EtsParameters start, end;  // states before the first step, and after the last
  double log_likelihood = 0, aicc = 0;
  double sigma = 0;  // of the errors; relative where they are multiplicative
  std::vector<double> fitted, errors;
};

// The series run through the model as it is: likelihood, errors and the states it ends in.
EtsFit ets_filter(const std::vector<double>& series, const EtsModel& model, const EtsParameters& parameters);
// With the parameters of the greatest likelihood, within the usual bounds. A series shorter than the model's own
// parameters and four is not fitted: Error.
EtsFit ets_fit(const std::vector<double>& series, const EtsModel& model);
// The one of least corrected AIC of ANN, AAN, AAdN and, where the series holds two periods of at most 24 steps, with
// additive season; multiplicative errors and seasons where all values are above 0 and `multiplicative` asks for them.
EtsFit ets_choose(const std::vector<double>& series, std::size_t period = 1, bool multiplicative = false);

struct Forecast {
  std::vector<double> mean, deviation;  // by step
};
// Means, and standard deviations of the additive models (class 1 of Hyndman et al., table 6.1); of others those of the
// additive model of the same states, scaled, which is an approximation.
Forecast ets_forecast(const EtsFit& fit, std::size_t steps);

}  // namespace resident::stats
