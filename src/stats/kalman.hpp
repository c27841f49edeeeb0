// The Kalman filter of a linear state-space model with one observation a step, and what stands on it: the likelihood
// and draws of the states given all observations.
//
//   y(t) = z(t)'a(t) + e(t),  e ~ N(0, irregular);   a(t + 1) = T a(t) + n(t),  n ~ N(0, noise)
//
// States of which nothing is known at first have an exact diffuse start: S. J. Koopman, "Exact Initial Kalman Filtering
// and Smoothing", JASA 92 (1997); J. Durbin and S. J. Koopman, "Time Series Analysis by State Space Methods" (2nd ed.
// 2012), sections 5.2 and 7.2: no large number stands for infinity. Draws: the same authors' mean correction,
// Biometrika 89 (2002). A step that is not finite was not observed.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <functional>
#include <stats/random.hpp>
#include <vector>

namespace resident::stats {

// Most: the largest number of states, so that small models need no heap; Eigen::Dynamic: any.
template <int Most>
struct StateSpace {
  using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, Most, 1>;
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, Most, Most>;

  Matrix transition, noise;
  double irregular = 1;
  Vector start;
  Matrix start_variance, start_diffuse;  // diffuse: the part that is multiplied by infinity
  Eigen::MatrixXd observation;           // row t: z(t)

  explicit StateSpace(Eigen::Index states, Eigen::Index steps)
      : transition(Matrix::Identity(states, states)),
        noise(Matrix::Zero(states, states)),
        start(Vector::Zero(states)),
        start_variance(Matrix::Zero(states, states)),
        start_diffuse(Matrix::Zero(states, states)),
        observation(Eigen::MatrixXd::Zero(steps, states)) {}
  Eigen::Index states() const { return start.size(); }
};

template <int Most>
struct FilterStep {                               // before the observation of the step
  typename StateSpace<Most>::Vector state, gain;  // gain: P z, of the part that is not diffuse
  typename StateSpace<Most>::Matrix variance;
  double error = 0, error_variance = 0;
  bool is_observed = false;
};

template <int Most>
struct Filtered {
  std::vector<FilterStep<Most>> steps;      // where `keep`
  typename StateSpace<Most>::Vector state;  // foreseen for the step after the last
  typename StateSpace<Most>::Matrix variance;
  double log_likelihood = 0;  // without 2π for the observations that went into the start
  int diffuse_steps = 0;      // observations that went into the start
};

template <int Most>
Filtered<Most> kalman_filter(const StateSpace<Most>& model, const std::vector<double>& series, bool keep = false) {
  using Vector = typename StateSpace<Most>::Vector;
  constexpr double kLogTwoPi = 1.8378770664093454836;
  Filtered<Most> result;
  Vector state = model.start;
  auto variance = model.start_variance, diffuse = model.start_diffuse;
  bool is_diffuse = diffuse.trace() > 0;
  if (keep) result.steps.resize(series.size());
  for (std::size_t t = 0; t < series.size(); ++t) {
    const Vector z = model.observation.row(static_cast<Eigen::Index>(t)).transpose();
    const Vector gain = variance * z;
    const double error = series[t] - z.dot(state), error_variance = z.dot(gain) + model.irregular;
    const bool is_observed = std::isfinite(series[t]);
    if (keep) result.steps[t] = {state, gain, variance, error, error_variance, is_observed};
    if (is_observed) {
      const Vector far = is_diffuse ? Vector(diffuse * z) : Vector::Zero(z.size());
      const double far_variance = is_diffuse ? z.dot(far) : 0;
      if (far_variance > 1e-10 * (1 + z.squaredNorm())) {
        state += far * (error / far_variance);
        variance += far * far.transpose() * (error_variance / (far_variance * far_variance)) -
                    (gain * far.transpose() + far * gain.transpose()) / far_variance;
        diffuse -= far * far.transpose() / far_variance;
        result.log_likelihood -= std::log(far_variance) / 2;
        ++result.diffuse_steps;
        is_diffuse = diffuse.trace() > 1e-9 * model.start_diffuse.trace();
      } else {
        state += gain * (error / error_variance);
        variance -= gain * gain.transpose() / error_variance;
        result.log_likelihood -= (kLogTwoPi + std::log(error_variance) + error * error / error_variance) / 2;
      }
    }
    state = (model.transition * state).eval();
    variance = (model.transition * variance * model.transition.transpose() + model.noise).eval();
    variance = ((variance + variance.transpose()) / 2).eval();
    if (is_diffuse) diffuse = (model.transition * diffuse * model.transition.transpose()).eval();
  }
  result.state = state;
  result.variance = variance;
  return result;
}

// From N(mean, variance), which may have directions without any variance.
template <class Vector, class Matrix>
Vector draw_normal(const Vector& mean, const Matrix& variance, Random& random) {
  const Eigen::LDLT<Matrix> root(variance);
  Vector noise(mean.size());
  for (Eigen::Index i = 0; i < noise.size(); ++i)
    noise[i] = random.normal() * std::sqrt(std::max(0.0, root.vectorD()[i]));
  noise = root.matrixL() * noise;
  return mean + Vector(root.transpositionsP().transpose() * noise);
}

// One draw of all states given the series; row t: a(t). The start must not be diffuse. noise_root: L with LL' = noise.
template <int Most>
Eigen::MatrixXd draw_states(const StateSpace<Most>& model, const typename StateSpace<Most>::Matrix& noise_root,
                            const std::vector<double>& series, Random& random) {
  using Vector = typename StateSpace<Most>::Vector;
  const auto steps = static_cast<Eigen::Index>(series.size()), states = model.states();
  Eigen::MatrixXd drawn(steps, states);
  std::vector<double> left(series.size());  // the series, less a series drawn from the model
  Vector state = draw_normal(model.start, model.start_variance, random);
  for (Eigen::Index t = 0; t < steps; ++t) {
    drawn.row(t) = state.transpose();
    left[static_cast<std::size_t>(t)] = series[static_cast<std::size_t>(t)] -
                                        model.observation.row(t).dot(state.transpose()) -
                                        std::sqrt(model.irregular) * random.normal();
    Vector noise(states);
    for (Eigen::Index i = 0; i < states; ++i) noise[i] = noise_root(i, i) != 0 ? random.normal() : 0;
    state = (model.transition * state + noise_root * noise).eval();
  }
  StateSpace<Most> centered = model;
  centered.start.setZero();
  const auto filtered = kalman_filter(centered, left, true);
  Vector back = Vector::Zero(states);
  for (Eigen::Index t = steps - 1; t >= 0; --t) {
    const auto& step = filtered.steps[static_cast<std::size_t>(t)];
    const Vector z = model.observation.row(t).transpose();
    Vector carried = model.transition.transpose() * back;
    if (step.is_observed) carried += z * ((step.error - step.gain.dot(carried)) / step.error_variance);
    back = carried;
    drawn.row(t) += (step.state + step.variance * back).transpose();
  }
  return drawn;
}

}  // namespace resident::stats
