#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <numeric>
#include <stats/kalman.hpp>
#include <stats/quantile.hpp>
#include <stats/structural_sampler.hpp>

namespace resident::stats {

namespace {

constexpr int kMostStates = 13;
using Model = StateSpace<kMostStates>;

// 1 / Gamma, of a variance below `most`; by rejection, then at the bound.
double draw_variance(double weight, double squares, double most, Random& random) {
  for (int tries = 0; tries < 100; ++tries)
    if (const double variance = squares / 2 / random.gamma(weight / 2); variance < most) return variance;
  return most;
}

// Coefficients with spike and slab and the variance of what they leave.
class Regression {
 public:
  Regression(Eigen::MatrixXd x, std::size_t always, const StructuralPriors& priors, bool has_controls)
      : x_(std::move(x)), priors_(priors), always_(static_cast<Eigen::Index>(always)) {
    const double n = static_cast<double>(std::max<Eigen::Index>(x_.rows(), 1));
    inner_ = x_.transpose() * x_;
    slab_ = 0.01 / n * (0.5 * inner_ + 0.5 * Eigen::MatrixXd(inner_.diagonal().asDiagonal()));
    for (Eigen::Index i = 0; i < slab_.rows(); ++i) slab_(i, i) += 1e-10;
    is_in_.assign(static_cast<std::size_t>(x_.cols()), true);
    beta_ = Eigen::VectorXd::Zero(x_.cols());
    const double free = static_cast<double>(x_.cols() - always_);
    odds_ = free <= priors.expected_controls ? 1e9 : priors.expected_controls / (free - priors.expected_controls);
    weight_ = has_controls ? priors.residual_weight : 0.01;
    squares_ = weight_ * (has_controls ? 1 - priors.expected_r2 : 1);
  }
  const Eigen::VectorXd& beta() const { return beta_; }
  const std::vector<bool>& is_in() const { return is_in_; }

  double draw(const Eigen::VectorXd& y, Random& random) {
    const Eigen::VectorXd along = x_.transpose() * y;
    const double total = y.squaredNorm();
    for (Eigen::Index j = always_; j < x_.cols(); ++j) {
      if (odds_ >= 1e9) break;
      auto with = is_in_, without = is_in_;
      with[static_cast<std::size_t>(j)] = true;
      without[static_cast<std::size_t>(j)] = false;
      const double difference = evidence(with, along, total) - evidence(without, along, total) + std::log(odds_);
      is_in_[static_cast<std::size_t>(j)] = random.uniform() < 1 / (1 + std::exp(-difference));
    }
    std::vector<Eigen::Index> in;
    for (Eigen::Index j = 0; j < x_.cols(); ++j)
      if (is_in_[static_cast<std::size_t>(j)]) in.push_back(j);
    double left = total;
    Eigen::MatrixXd precision;
    Eigen::VectorXd mean;
    if (!in.empty()) {
      precision = (inner_ + slab_)(in, in);
      mean = precision.ldlt().solve(Eigen::VectorXd(along(in)));
      left -= mean.dot(Eigen::VectorXd(along(in)));
    }
    const double variance =
        draw_variance(weight_ + static_cast<double>(y.size()), squares_ + std::max(left, 0.0), 1.44, random);
    beta_.setZero();
    if (!in.empty()) {
      const Eigen::LLT<Eigen::MatrixXd> root(precision);
      Eigen::VectorXd noise(mean.size());
      for (Eigen::Index i = 0; i < noise.size(); ++i) noise[i] = random.normal();
      const Eigen::VectorXd drawn = mean + std::sqrt(variance) * root.matrixU().solve(noise);
      for (std::size_t i = 0; i < in.size(); ++i) beta_[in[i]] = drawn[static_cast<Eigen::Index>(i)];
    }
    return variance;
  }

 private:
  // log of the likelihood with coefficients and variance integrated out
  double evidence(const std::vector<bool>& is_in, const Eigen::VectorXd& along, double total) const {
    std::vector<Eigen::Index> in;
    for (Eigen::Index j = 0; j < x_.cols(); ++j)
      if (is_in[static_cast<std::size_t>(j)]) in.push_back(j);
    double result = 0, left = total;
    if (!in.empty()) {
      const Eigen::MatrixXd slab = slab_(in, in), precision = (inner_ + slab_)(in, in);
      const Eigen::LLT<Eigen::MatrixXd> prior(slab), posterior(precision);
      const Eigen::VectorXd part = along(in);
      left -= part.dot(posterior.solve(part));
      for (std::size_t i = 0; i < in.size(); ++i) {
        const auto at = static_cast<Eigen::Index>(i);
        result += std::log(prior.matrixLLT()(at, at)) - std::log(posterior.matrixLLT()(at, at));
      }
    }
    const double weight = weight_ + static_cast<double>(x_.rows());
    return result - weight / 2 * std::log(squares_ + std::max(left, 0.0));
  }

  Eigen::MatrixXd x_, inner_, slab_;
  StructuralPriors priors_;
  Eigen::Index always_;
  std::vector<bool> is_in_;
  Eigen::VectorXd beta_;
  double odds_ = 1, weight_ = 0.01, squares_ = 0.01;
};

class Sampler {
 public:
  explicit Sampler(const StructuralQuestion& question)
      : question_(question),
        before_(static_cast<Eigen::Index>(question.start)),
        after_(static_cast<Eigen::Index>(question.series.size() - question.start)),
        states_(question.season > 1 ? static_cast<Eigen::Index>(question.season) : 1),
        model_(states_, before_),
        random_(question.seed) {
    const auto begin = question.series.begin(), end = begin + before_;
    center_ = std::accumulate(begin, end, 0.0) / static_cast<double>(before_);
    for (auto each = begin; each != end; ++each) scale_ += (*each - center_) * (*each - center_);
    scale_ = std::sqrt(scale_ / static_cast<double>(before_ - 1));
    if (!(scale_ > 0)) throw Error(ErrorKind::usage, "the series is constant before the start", "");
    for (auto each = begin; each != end; ++each) series_.push_back((*each - center_) / scale_);
    set_model();
    set_controls();
  }

  StructuralAnswer answer() {
    Regression regression(controls_.topRows(before_), question_.always, question_.priors, controls_.cols() > 0);
    StructuralAnswer answer;
    answer.inclusion.assign(static_cast<std::size_t>(controls_.cols()), 0);
    std::vector<std::vector<double>> blocks((static_cast<std::size_t>(after_) + question_.block - 1) / question_.block);
    for (std::size_t draw = 0; draw < question_.burn_in + question_.draws; ++draw) {
      step(regression);
      if (draw < question_.burn_in) continue;
      foresee(regression.beta(), blocks, answer.averages);
      for (std::size_t j = 0; j < answer.inclusion.size(); ++j)
        answer.inclusion[j] += regression.is_in()[j] / static_cast<double>(question_.draws);
    }
    for (auto& each : blocks) {
      answer.mean.push_back(std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size()));
      answer.low.push_back(*quantile(each, 0.025));
      answer.high.push_back(*quantile(each, 0.975));
    }
    return answer;
  }

 private:
  void set_model() {
    model_.observation.col(0).setOnes();
    model_.start[0] = series_[0];
    model_.start_variance.setIdentity();
    model_.irregular = 0.5;
    level_ = 1e-3;
    if (states_ == 1) return;
    season_ = 1e-3;
    model_.observation.col(1).setOnes();
    auto season = model_.transition.block(1, 1, states_ - 1, states_ - 1);
    season.setZero();
    season.row(0).setConstant(-1);
    for (Eigen::Index i = 1; i + 1 < states_; ++i) season(i, i - 1) = 1;
  }

  // To mean 0 and deviation 1 before the start.
  void set_controls() {
    controls_ = question_.controls;
    for (Eigen::Index j = 0; j < controls_.cols(); ++j) {
      auto column = controls_.col(j);
      const double center = column.head(before_).mean();
      column.array() -= center;
      const double scale = std::sqrt(column.head(before_).squaredNorm() / static_cast<double>(before_ - 1));
      if (scale > 0) column /= scale;
    }
    if (controls_.cols() == 0) controls_.resize(before_ + after_, 0);
  }

  void step(Regression& regression) {
    Model::Matrix root = Model::Matrix::Zero(states_, states_);
    root(0, 0) = std::sqrt(level_);
    if (states_ > 1) root(1, 1) = std::sqrt(season_);
    model_.noise = root * root;
    auto rest = series_;
    const Eigen::VectorXd moved = controls_.topRows(before_) * regression.beta();
    for (Eigen::Index t = 0; t < before_; ++t) rest[static_cast<std::size_t>(t)] -= moved[t];
    const Eigen::MatrixXd states = draw_states(model_, root, rest, random_);
    const auto& priors = question_.priors;
    double level = priors.level_weight * priors.level * priors.level,
           season = priors.season_weight * priors.season * priors.season;
    Eigen::VectorXd left(before_);
    for (Eigen::Index t = 0; t < before_; ++t) {
      left[t] = series_[static_cast<std::size_t>(t)] - model_.observation.row(t).dot(states.row(t));
      if (t == 0) continue;
      level += std::pow(states(t, 0) - states(t - 1, 0), 2);
      if (states_ > 1) season += std::pow(states(t, 1) + states.row(t - 1).tail(states_ - 1).sum(), 2);
    }
    const double changes = static_cast<double>(before_ - 1);
    level_ = draw_variance(priors.level_weight + changes, level, 1, random_);
    if (states_ > 1) season_ = draw_variance(priors.season_weight + changes, season, 1, random_);
    model_.irregular = regression.draw(left, random_);
    last_ = states.row(before_ - 1).transpose();
  }

  void foresee(const Eigen::VectorXd& beta, std::vector<std::vector<double>>& blocks, std::vector<double>& averages) {
    Model::Vector state = last_;
    double sum = 0, of_block = 0, in_block = 0;
    for (Eigen::Index t = 0; t < after_; ++t) {
      state = (model_.transition * state).eval();
      state[0] += std::sqrt(level_) * random_.normal();
      if (states_ > 1) state[1] += std::sqrt(season_) * random_.normal();
      const double drawn = state[0] + (states_ > 1 ? state[1] : 0) + controls_.row(before_ + t).dot(beta) +
                           std::sqrt(model_.irregular) * random_.normal();
      const double value = std::max(center_ + scale_ * drawn, question_.least.value_or(-INFINITY));
      sum += value;
      of_block += value;
      in_block += 1;
      if (in_block < static_cast<double>(question_.block) && t + 1 < after_) continue;
      blocks[static_cast<std::size_t>(t) / question_.block].push_back(of_block / in_block);
      of_block = in_block = 0;
    }
    averages.push_back(sum / static_cast<double>(after_));
  }

  const StructuralQuestion& question_;
  Eigen::Index before_, after_, states_;
  Model model_;
  Random random_;
  double center_ = 0, scale_ = 0, level_ = 0, season_ = 0;
  std::vector<double> series_;
  Eigen::MatrixXd controls_;
  Model::Vector last_;
};

}  // namespace

StructuralAnswer structural_counterfactual(const StructuralQuestion& question) {
  if (question.start < 8 || question.start >= question.series.size())
    throw Error(ErrorKind::usage, "8 steps before the start and one after it are needed", "");
  if (question.season > static_cast<std::size_t>(kMostStates))
    throw Error(ErrorKind::usage, "a season of dummies has at most 13 steps", "give longer ones as waves");
  return Sampler(question).answer();
}

}  // namespace resident::stats
