#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <numeric>
#include <stats/kalman.hpp>
#include <stats/minimize.hpp>
#include <stats/structural.hpp>

namespace resident::stats {

namespace {

using Model = StateSpace<Eigen::Dynamic>;

// States: level, slope, season - 1 dummies, coefficients.
Model model_of(std::size_t steps, const Eigen::MatrixXd& along, const StructuralForm& form,
               const StructuralVariances& variances) {
  const Eigen::Index dummies = form.season > 1 ? static_cast<Eigen::Index>(form.season) - 1 : 0;
  const Eigen::Index trend = form.has_slope ? 2 : 1, before = trend + dummies, all = before + along.cols();
  Model model(all, static_cast<Eigen::Index>(steps));
  model.irregular = variances.irregular;
  model.observation.col(0).setOnes();
  model.noise(0, 0) = variances.level;
  if (form.has_slope) {
    model.transition(0, 1) = 1;
    model.noise(1, 1) = variances.slope;
  }
  if (dummies > 0) {
    model.observation.col(trend).setOnes();
    model.noise(trend, trend) = variances.season;
    auto season = model.transition.block(trend, trend, dummies, dummies);
    season.setZero();
    season.row(0).setConstant(-1);
    for (Eigen::Index i = 1; i < dummies; ++i) season(i, i - 1) = 1;
  }
  if (along.cols() > 0) model.observation.rightCols(along.cols()) = along.topRows(static_cast<Eigen::Index>(steps));
  model.start_diffuse.setIdentity();
  return model;
}

}  // namespace

double structural_log_likelihood(const std::vector<double>& series, const Eigen::MatrixXd& along,
                                 const StructuralForm& form, const StructuralVariances& variances) {
  return kalman_filter(model_of(series.size(), along, form, variances), series).log_likelihood;
}

StructuralFit structural_fit(const std::vector<double>& series, const Eigen::MatrixXd& along,
                             const StructuralForm& form) {
  std::vector<double> known;
  std::copy_if(series.begin(), series.end(), std::back_inserter(known),
               [](double each) { return std::isfinite(each); });
  const Eigen::Index states = model_of(series.size(), along, form, {}).states();
  if (known.size() < static_cast<std::size_t>(states) + 3)
    throw Error(ErrorKind::usage, "the series is too short for such a model", "leave out the season or the slope");
  const double center = std::accumulate(known.begin(), known.end(), 0.0) / static_cast<double>(known.size());
  double spread = 0;
  for (const double each : known) spread += (each - center) * (each - center) / static_cast<double>(known.size());
  if (spread <= 0) throw Error(ErrorKind::usage, "the series is constant", "");
  const auto variances_at = [&](const std::vector<double>& logs) {
    StructuralVariances result;
    std::size_t next = 0;
    const auto take = [&] { return spread * std::exp(std::clamp(logs[next++], -40.0, 8.0)); };
    result.irregular = take();
    result.level = take();
    if (form.has_slope) result.slope = take();
    if (form.season > 1) result.season = take();
    return result;
  };
  std::vector<double> start{-0.7, -2};
  if (form.has_slope) start.push_back(-7);
  if (form.season > 1) start.push_back(-4);
  const std::vector<double> steps(start.size(), 1.5);
  const auto best = minimize(
      [&](const std::vector<double>& at) { return -structural_log_likelihood(series, along, form, variances_at(at)); },
      start, steps, 1e-13);
  StructuralFit fit;
  fit.form = form;
  fit.variances = variances_at(best.at);
  const auto filtered = kalman_filter(model_of(series.size(), along, form, fit.variances), series);
  fit.log_likelihood = filtered.log_likelihood;
  fit.level = filtered.state[0];
  if (form.has_slope) fit.slope = filtered.state[1];
  for (Eigen::Index i = states - along.cols(); i < states; ++i) {
    fit.coefficients.push_back(filtered.state[i]);
    fit.deviations.push_back(std::sqrt(std::max(0.0, filtered.variance(i, i))));
  }
  return fit;
}

}  // namespace resident::stats
