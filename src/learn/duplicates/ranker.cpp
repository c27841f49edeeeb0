#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <learn/duplicates/ranker.hpp>

namespace resident::duplicates {

namespace {

constexpr double kPriorSpread = 1.0;
constexpr double kSlopeSpread = 0.5, kOffsetSpread = 3.0;
constexpr int kSteps = 30;
constexpr double kSmallStep = 1e-7, kLargestStep = 2.0;

// Of the first so many signals.
template <int count>
using Vector = Eigen::Matrix<double, count, 1>;
template <int count>
using Matrix = Eigen::Matrix<double, count, count>;
static_assert(text::meaning + 1 == text::kSignals, "what may be left out stands last");

double logistic(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

// Gradient and curvature of a list's log-likelihood.
template <int signals_count>
void add_choice(const Choice& choice, const Vector<signals_count>& weights, Vector<signals_count>& gradient,
                Matrix<signals_count>& curvature) {
  using Row = Vector<signals_count>;
  const std::size_t count = choice.candidates.size();
  std::vector<double> sums(count);
  double most = -1e300, right = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] = weights.dot(Eigen::Map<const Row>(choice.candidates[i].data()));
    most = std::max(most, sums[i]);
    right += choice.right[i] ? 1 : 0;
  }
  if (right == 0) return;
  double total = 0;
  for (double& sum : sums) total += sum = std::exp(sum - most);
  Row mean = Row::Zero();
  for (std::size_t i = 0; i < count; ++i) {
    const Eigen::Map<const Row> signals(choice.candidates[i].data());
    const double share = sums[i] / total;
    mean += share * signals;
    curvature += share * signals * signals.transpose();
    if (choice.right[i]) gradient += signals / right;
  }
  gradient -= mean;
  curvature -= mean * mean.transpose();
}

template <int count>
Weights learn_first(const std::vector<Choice>& choices, const Weights& prior) {
  const Vector<count> centre = Eigen::Map<const Vector<count>>(prior.data());
  Vector<count> weights = centre;
  for (int step = 0; step < kSteps && !choices.empty(); ++step) {
    Vector<count> gradient = -(weights - centre) / (kPriorSpread * kPriorSpread);
    Matrix<count> curvature = Matrix<count>::Identity() / (kPriorSpread * kPriorSpread);
    for (const Choice& choice : choices) add_choice<count>(choice, weights, gradient, curvature);
    Vector<count> change = curvature.ldlt().solve(gradient);
    if (const double length = change.norm(); length > kLargestStep) change *= kLargestStep / length;
    weights += change;
    if (change.norm() < kSmallStep) break;
  }
  Weights result = prior;
  Eigen::Map<Vector<count>>(result.data()) = weights;
  return result;
}

}  // namespace

Weights built_in_weights(bool with_meaning) {
  Weights weights = kBuiltInWeights;
  if (with_meaning) weights[text::meaning] = kMeaningWeight;
  return weights;
}

double weigh(const text::Signals& signals, const Weights& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < signals.size(); ++i) sum += signals[i] * weights[i];
  return sum;
}

Weights learn(const std::vector<Choice>& choices, const Weights& prior, bool with_meaning) {
  constexpr int kAll = static_cast<int>(text::kSignals);
  return with_meaning ? learn_first<kAll>(choices, prior) : learn_first<kAll - 1>(choices, prior);
}

double Calibration::operator()(double score) const {
  return logistic(slope * score + offset);
}

Calibration calibrate(const std::vector<std::pair<double, bool>>& known, const Calibration& prior) {
  Eigen::Vector2d at(prior.slope, prior.offset);
  const Eigen::Vector2d centre = at;
  const Eigen::Vector2d precision(1 / (kSlopeSpread * kSlopeSpread), 1 / (kOffsetSpread * kOffsetSpread));
  for (int step = 0; step < kSteps && !known.empty(); ++step) {
    Eigen::Vector2d gradient = -precision.cwiseProduct(at - centre);
    Eigen::Matrix2d curvature = precision.asDiagonal();
    for (const auto& [score, so] : known) {
      const Eigen::Vector2d x(score, 1);
      const double chance = logistic(at.dot(x));
      gradient += ((so ? 1.0 : 0.0) - chance) * x;
      curvature += chance * (1 - chance) * x * x.transpose();
    }
    Eigen::Vector2d change = curvature.ldlt().solve(gradient);
    if (const double length = change.norm(); length > kLargestStep) change *= kLargestStep / length;
    at += change;
    if (change.norm() < kSmallStep) break;
  }
  return {std::max(0.0, at[0]), at[1]};
}

}  // namespace resident::duplicates
