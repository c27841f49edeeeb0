#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <learn/reviewers/ranker.hpp>

namespace resident::reviewers {

namespace {

constexpr int kMostSteps = 12;
constexpr double kSmallStep = 1e-3, kShortest = 1e-3;
constexpr double kNegligible = 1e-7, kSmallest = 1e-300, kLowest = -1e300;
// How much harder the signals that say little are held to where they start.
constexpr double kDoubt = 10;

using Vector = Eigen::Matrix<double, static_cast<int>(kSignals), 1>;
using Matrix = Eigen::Matrix<double, static_cast<int>(kSignals), static_cast<int>(kSignals)>;

Eigen::Map<const Vector> vector_of(const Row& row) {
  return Eigen::Map<const Vector>(row.data());
}

}  // namespace

const Row& ChoiceRanker::prior_weights() {
  static const Row weights = [] {
    Row row{};
    const auto set = [&](Signal signal, double weight) { row[static_cast<std::size_t>(signal)] = weight; };
    set(Signal::rate_5, 0.05);
    set(Signal::rate_20, 0.05);
    set(Signal::rate_60, 0.3);
    set(Signal::rate_180, 0.3);
    set(Signal::rate_720, 0.05);
    set(Signal::reviews_made, 0.2);
    set(Signal::responses_60, 0.25);
    set(Signal::responses_365, 0.1);
    set(Signal::active_5, 0.05);
    set(Signal::active_30, 0.25);
    set(Signal::absence, -0.2);
    set(Signal::author_lift, 0.3);
    set(Signal::file_lift, 0.15);
    set(Signal::folder_lift, 0.3);
    set(Signal::kind_lift, 0.2);
    set(Signal::word_lift, 0.2);
    set(Signal::files_changed, 0.1);
    set(Signal::folders_changed, 0.05);
    set(Signal::lines_owned, 0.1);
    set(Signal::linked, 0.5);
    set(Signal::authors, 0.1);
    set(Signal::owner, 1);
    set(Signal::asked, 2);
    set(Signal::involved, 1);
    return row;
  }();
  return weights;
}

double ChoiceRanker::score(const Row& row) const {
  return vector_of(weights_).dot(vector_of(row));
}

std::vector<double> ChoiceRanker::probabilities(const std::vector<Row>& rows) const {
  std::vector<double> result;
  double highest = kLowest, sum = 0;
  for (const Row& row : rows) {
    result.push_back(score(row));
    highest = std::max(highest, result.back());
  }
  for (double& each : result) sum += each = std::exp(each - highest);
  for (double& each : result) each /= sum;
  return result;
}

namespace {

// Signals that say much in every project move freely; the others have to earn it.
Vector ridges(double ridge) {
  Vector result = Vector::Constant(ridge);
  for (const Signal signal :
       {Signal::rate_5, Signal::rate_20, Signal::active_1, Signal::active_5, Signal::files_changed,
        Signal::folders_changed, Signal::lines_owned, Signal::author_back, Signal::linked, Signal::together,
        Signal::merges, Signal::load, Signal::issues, Signal::authors})
    result[static_cast<Eigen::Index>(signal)] = ridge * kDoubt;
  return result;
}

// Minus the log of the probability that one of those who did it is drawn, summed
// over the choices, and what Newton's step needs of it. The second derivative is that of the
// softmax alone, which is never negative.
class Objective {
 public:
  Objective(const std::vector<Choice>& choices, Vector prior, Vector pull)
      : choices_(choices), prior_(std::move(prior)), pull_(std::move(pull)) {}

  double loss(const Vector& at) {
    double total = 0.5 * (at - prior_).dot(pull_.cwiseProduct(at - prior_));
    for (const Choice& choice : choices_) {
      if (choice.chosen.empty()) continue;
      read(choice, at);
      total += choice.weight * (std::log(sum_) - std::log(chosen_sum_));
    }
    return total;
  }

  void derivatives(const Vector& at, Vector& gradient, Matrix& hessian) {
    gradient = pull_.cwiseProduct(at - prior_);
    hessian = pull_.asDiagonal();
    for (const Choice& choice : choices_) {
      if (choice.chosen.empty()) continue;
      read(choice, at);
      Vector mean = Vector::Zero();
      Matrix second = Matrix::Zero();
      for (std::size_t i = 0; i < odds_.size(); ++i) {
        const double probability = odds_[i] / sum_;
        if (probability < kNegligible) continue;
        const auto row = vector_of(choice.rows[i]);
        mean += probability * row;
        second.selfadjointView<Eigen::Lower>().rankUpdate(row, probability);
      }
      second.selfadjointView<Eigen::Lower>().rankUpdate(mean, -1);
      for (const std::size_t row : choice.chosen)
        gradient -= choice.weight * odds_[row] / chosen_sum_ * vector_of(choice.rows[row]);
      gradient += choice.weight * mean;
      hessian += choice.weight * Matrix(second.selfadjointView<Eigen::Lower>());
    }
  }

 private:
  void read(const Choice& choice, const Vector& at) {
    odds_.clear();
    double highest = kLowest;
    for (const Row& row : choice.rows) {
      odds_.push_back(at.dot(vector_of(row)));
      highest = std::max(highest, odds_.back());
    }
    sum_ = chosen_sum_ = 0;
    for (double& each : odds_) sum_ += each = std::exp(each - highest);
    for (const std::size_t row : choice.chosen) chosen_sum_ += odds_[row];
    chosen_sum_ = std::max(chosen_sum_, kSmallest);
  }

  const std::vector<Choice>& choices_;
  Vector prior_, pull_;
  std::vector<double> odds_;
  double sum_ = 0, chosen_sum_ = 0;
};

}  // namespace

void ChoiceRanker::fit(const std::vector<Choice>& choices, double ridge) {
  Objective objective(choices, vector_of(prior_), ridges(ridge));
  Vector weights = vector_of(weights_), gradient;
  Matrix hessian;
  double loss = objective.loss(weights);
  for (int step = 0; step < kMostSteps; ++step) {
    objective.derivatives(weights, gradient, hessian);
    const Vector direction = hessian.ldlt().solve(gradient);
    double length = 1, next = objective.loss(weights - direction);
    while (!(next <= loss) && length > kShortest) length /= 2, next = objective.loss(weights - length * direction);
    if (!(next <= loss)) break;
    weights -= length * direction;
    loss = next;
    if ((length * direction).cwiseAbs().maxCoeff() < kSmallStep) break;
  }
  std::copy(weights.data(), weights.data() + kSignals, weights_.begin());
}

}  // namespace resident::reviewers
