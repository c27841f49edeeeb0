#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <numeric>
#include <stats/ets.hpp>
#include <stats/minimize.hpp>

namespace resident::stats {

namespace {

using Series = std::vector<double>;

bool is_seasonal(const EtsModel& model) {
  return model.season != EtsModel::Season::none;
}

// Bounds of forecast::ets, as a logistic scale between them.
double between(double low, double high, double x) {
  return low + (high - low) / (1 + std::exp(-x));
}

// Free parameters, in the order that minimize() has them in.
struct Layout {
  const EtsModel& model;
  EtsParameters read(const Series& x, const EtsParameters& frame, double scale) const {
    EtsParameters result = frame;
    std::size_t at = 0;
    result.alpha = between(1e-4, 0.9999, x[at++]);
    if (model.trend != EtsModel::Trend::none) result.beta = between(1e-4, 0.9999, x[at++]) * result.alpha;
    if (is_seasonal(model)) result.gamma = between(1e-4, 0.9999, x[at++]) * (1 - result.alpha);
    if (model.trend == EtsModel::Trend::damped) result.phi = between(0.8, 0.98, x[at++]);
    result.level = frame.level + scale * x[at++];
    if (model.trend != EtsModel::Trend::none) result.slope = frame.slope + scale * 0.1 * x[at++];
    return result;
  }
  std::size_t size() const {
    return 2 + 2 * (model.trend != EtsModel::Trend::none) + (model.trend == EtsModel::Trend::damped) +
           is_seasonal(model);
  }
};

// Level, slope and season to begin with: the classical decomposition of the first periods.
EtsParameters first_states(const Series& series, const EtsModel& model) {
  EtsParameters states;
  Series smooth = series;
  if (is_seasonal(model)) {
    const std::size_t m = model.period, cycles = std::min<std::size_t>(series.size() / m, 4);
    states.season.assign(m, 0);
    const bool multiplies = model.season == EtsModel::Season::multiplicative;
    for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
      const double mean = std::accumulate(series.begin() + static_cast<std::ptrdiff_t>(cycle * m),
                                          series.begin() + static_cast<std::ptrdiff_t>((cycle + 1) * m), 0.0) /
                          static_cast<double>(m);
      for (std::size_t i = 0; i < m; ++i) {
        const double value = series[cycle * m + i];
        states.season[i] += (multiplies ? value / mean : value - mean) / static_cast<double>(cycles);
      }
    }
    for (std::size_t i = 0; i < smooth.size(); ++i)
      smooth[i] = multiplies ? smooth[i] / states.season[i % m] : smooth[i] - states.season[i % m];
  }
  const std::size_t n = std::min<std::size_t>(smooth.size(), std::max<std::size_t>(10, 2 * model.period));
  const double middle = static_cast<double>(n + 1) / 2;
  double mean = 0, slope = 0, squares = 0;
  for (std::size_t i = 0; i < n; ++i) mean += smooth[i] / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = static_cast<double>(i + 1) - middle;
    slope += x * smooth[i];
    squares += x * x;
  }
  slope /= squares > 0 ? squares : 1;
  if (model.trend == EtsModel::Trend::none) {
    states.level = mean;
  } else {
    states.slope = slope;
    states.level = mean - slope * middle;
  }
  return states;
}

}  // namespace

std::string EtsModel::name() const {
  std::string result = error == Error::additive ? "A" : "M";
  result += trend == Trend::none ? "N" : trend == Trend::additive ? "A" : "Ad";
  return result + (season == Season::none ? "N" : season == Season::additive ? "A" : "M");
}

namespace {

// Without a season, with additive errors, nothing kept but the sum of squares: what a fit does thousands of times.
double run_through_plain(const std::vector<double>& series, EtsParameters& now) {
  double squares = 0, level = now.level, slope = now.slope;
  const double alpha = now.alpha, beta = now.beta, phi = now.phi;
  for (const double value : series) {
    const double damped = phi * slope, fitted = level + damped, error = value - fitted;
    squares += error * error;
    level = fitted + alpha * error;
    slope = damped + beta * error;
  }
  now.level = level, now.slope = slope;
  return -0.5 * static_cast<double>(series.size()) * std::log(squares);
}

// The series run through the model; `now` goes from the first states to the last. fit: gets fitted values, errors and,
// as sigma, the sum of squares.
double run_through(const std::vector<double>& series, const EtsModel& model, EtsParameters& now, EtsFit* fit) {
  const std::size_t m = is_seasonal(model) ? model.period : 1;
  const bool multiplies = model.season == EtsModel::Season::multiplicative;
  const bool relative = model.error == EtsModel::Error::multiplicative;
  if (fit == nullptr && !is_seasonal(model) && !relative) return run_through_plain(series, now);
  double squares = 0, logarithms = 0;
  if (fit != nullptr) {
    fit->fitted.reserve(series.size());
    fit->errors.reserve(series.size());
  }
  for (std::size_t t = 0; t < series.size(); ++t) {
    const double damped = now.phi * now.slope, level = now.level + damped;
    double& season = is_seasonal(model) ? now.season[t % m] : now.gamma;
    const double of_season = is_seasonal(model) ? season : multiplies ? 1 : 0;
    const double fitted = multiplies ? level * of_season : level + of_season;
    const double error = relative ? (series[t] - fitted) / fitted : series[t] - fitted;
    const double absolute = series[t] - fitted;
    if (fit != nullptr) {
      fit->fitted.push_back(fitted);
      fit->errors.push_back(error);
    }
    squares += error * error;
    if (relative) logarithms += std::log(std::fabs(fitted));
    const double of_level = multiplies ? absolute / of_season : absolute;
    now.level = level + now.alpha * of_level;
    now.slope = damped + now.beta * of_level;
    if (is_seasonal(model)) season = of_season + now.gamma * (multiplies ? absolute / level : absolute);
  }
  const double n = static_cast<double>(series.size());
  if (fit != nullptr) fit->sigma = squares;
  return -0.5 * n * std::log(squares) - logarithms;
}

}  // namespace

EtsFit ets_filter(const std::vector<double>& series, const EtsModel& model, const EtsParameters& parameters) {
  EtsFit fit;
  fit.model = model;
  fit.start = parameters;
  EtsParameters now = parameters;
  fit.log_likelihood = run_through(series, model, now, &fit);
  const std::size_t m = is_seasonal(model) ? model.period : 1;
  // The season of the step that comes next stands first again.
  if (is_seasonal(model))
    std::rotate(now.season.begin(), now.season.begin() + static_cast<std::ptrdiff_t>(series.size() % m),
                now.season.end());
  fit.end = now;
  const double n = static_cast<double>(series.size());
  const double k = 3 + 2 * (model.trend != EtsModel::Trend::none) + (model.trend == EtsModel::Trend::damped) +
                   (is_seasonal(model) ? static_cast<double>(m) : 0);
  fit.aicc = -2 * fit.log_likelihood + 2 * k + 2 * k * (k + 1) / std::max(1.0, n - k - 1);
  fit.sigma = std::sqrt(fit.sigma / std::max(1.0, n - (k - 1)));
  return fit;
}

EtsFit ets_fit(const std::vector<double>& series, const EtsModel& model) {
  const Layout layout{model};
  if (series.size() < layout.size() + 4 || (is_seasonal(model) && series.size() < 2 * model.period))
    throw Error("the series is too short for this model", "a simpler one needs fewer values");
  const EtsParameters frame = first_states(series, model);
  double scale = 0;
  const double mean = std::accumulate(series.begin(), series.end(), 0.0) / static_cast<double>(series.size());
  for (const double value : series) scale += (value - mean) * (value - mean);
  scale = std::sqrt(scale / static_cast<double>(series.size()));
  if (!(scale > 0)) scale = 1;
  Series start(layout.size(), 0), steps(layout.size(), 1);
  start[0] = 0.5;
  if (model.trend != EtsModel::Trend::none) start[1] = -2;
  if (is_seasonal(model)) start[model.trend == EtsModel::Trend::none ? 1 : 2] = -2;
  const auto found = minimize(
      [&](const Series& x) {
        EtsParameters now = layout.read(x, frame, scale);
        return -run_through(series, model, now, nullptr);
      },
      start, steps, 1e-8, 1500);
  return ets_filter(series, model, layout.read(found.at, frame, scale));
}

EtsFit ets_choose(const std::vector<double>& series, std::size_t period, bool multiplicative) {
  using Trend = EtsModel::Trend;
  using Season = EtsModel::Season;
  const bool seasonal = period > 1 && period <= 24 && series.size() >= 2 * period + 4;
  const bool positive = multiplicative && std::all_of(series.begin(), series.end(), [](double x) { return x > 0; });
  EtsFit best;
  bool has_any = false;
  for (const auto error : {EtsModel::Error::additive, EtsModel::Error::multiplicative})
    for (const auto trend : {Trend::none, Trend::additive, Trend::damped})
      for (const auto season : {Season::none, Season::additive, Season::multiplicative}) {
        if (season != Season::none && !seasonal) continue;
        if (!positive && (error == EtsModel::Error::multiplicative || season == Season::multiplicative)) continue;
        if (error == EtsModel::Error::additive && season == Season::multiplicative) continue;
        const EtsModel model{error, trend, season, season == Season::none ? 1 : period};
        if (series.size() < Layout{model}.size() + 4) continue;
        EtsFit fit = ets_fit(series, model);
        if (!has_any || fit.aicc < best.aicc) best = std::move(fit);
        has_any = true;
      }
  if (!has_any) throw Error("the series is too short to be smoothed", "seven values are the least");
  return best;
}

Forecast ets_forecast(const EtsFit& fit, std::size_t steps) {
  Forecast result;
  const EtsParameters& end = fit.end;
  const bool multiplies = fit.model.season == EtsModel::Season::multiplicative;
  double carried = 0, power = 1, variance = 1, weight = 0;
  for (std::size_t h = 1; h <= steps; ++h) {
    power *= end.phi;
    carried += power;
    const double season = is_seasonal(fit.model) ? end.season[(h - 1) % fit.model.period] : multiplies ? 1 : 0;
    const double level = end.level + carried * end.slope, mean = multiplies ? level * season : level + season;
    result.mean.push_back(mean);
    const double unit = fit.model.error == EtsModel::Error::multiplicative ? std::fabs(mean) : 1;
    result.deviation.push_back(fit.sigma * unit * std::sqrt(variance));
    weight = end.alpha + end.beta * carried + (is_seasonal(fit.model) && h % fit.model.period == 0 ? end.gamma : 0);
    variance += weight * weight;
  }
  return result;
}

}  // namespace resident::stats
