#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <stats/level_search.hpp>

namespace resident::stats {

namespace {

// Inverse gamma prior of the variance of logarithms: as much as two runs with a spread of 1 %.
constexpr double kPriorShape = 1, kPriorScale = 1e-4;
constexpr double kLargestChange = 1.6;  // e^1.6: five times
constexpr int kRunsAtEnds = 3;          // before anything is concluded
constexpr std::size_t kFewestToFence = 8;
constexpr double kFence = 3;

double normal_probability(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

double entropy(double p) {
  return p <= 0 || p >= 1 ? 0 : -(p * std::log2(p) + (1 - p) * std::log2(1 - p));
}

}  // namespace

void LevelSearch::Sums::operator+=(const Sums& other) {
  n += other.n;
  sum += other.sum;
  squares += other.squares;
}

LevelSearch::LevelSearch(std::size_t commits, const LevelOptions& options)
    : options_(options), commits_(commits), untestable_(commits + 1) {
  assert(commits >= 1);
  for (double change = std::log1p(options.least); change < kLargestChange; change *= 1.4) {
    changes_.push_back(change);
    changes_.push_back(-change);
  }
  conclude();
}

void LevelSearch::add(std::size_t position, double value) {
  assert(position <= commits_ && value > 0);
  values_.push_back({position, std::log(value)});
  conclude();
}

void LevelSearch::cannot_test(std::size_t position) {
  untestable_[position] = true;
}

std::vector<LevelSearch::Sums> LevelSearch::sums_up_to_each() const {
  double low = -std::numeric_limits<double>::infinity(), high = -low, middle = 0;
  if (!values_.empty()) middle = values_.front().log;
  if (values_.size() >= kFewestToFence) {
    std::vector<double> sorted;
    for (const Value& value : values_) sorted.push_back(value.log);
    std::sort(sorted.begin(), sorted.end());
    const double first = sorted[sorted.size() / 4], third = sorted[sorted.size() * 3 / 4];
    low = first - kFence * (third - first);
    high = third + kFence * (third - first);
  }
  std::vector<Sums> at(commits_ + 2);
  for (const Value& value : values_) {
    // From the first value, so that squares stay small beside it.
    const double log = std::clamp(value.log, low, high) - middle;
    at[value.position + 1] += Sums{1, log, log * log};
  }
  for (std::size_t i = 1; i < at.size(); ++i) at[i] += at[i - 1];
  return at;
}

double LevelSearch::log_marginal(double squares, double n) const {
  return -(kPriorShape + std::max(0.0, n - 1) / 2) * std::log(kPriorScale + std::max(0.0, squares) / 2);
}

double LevelSearch::spread(double squares, double n) const {
  return std::sqrt((kPriorScale + std::max(0.0, squares) / 2) / (kPriorShape + std::max(0.0, n - 1) / 2));
}

void LevelSearch::conclude() {
  up_to_ = sums_up_to_each();
  const Sums all = up_to_.back();
  std::vector<double> logs(1 + commits_ * changes_.size());
  logs[0] = std::log(options_.none_prior) + log_marginal(all.around_mean(), all.n);
  const double share = std::log((1 - options_.none_prior) / static_cast<double>(commits_ * changes_.size()));
  for (std::size_t k = 1; k <= commits_; ++k) {
    const Sums& left = up_to_[k];
    const Sums right{all.n - left.n, all.sum - left.sum, all.squares - left.squares};
    const double within = left.around_mean() + right.around_mean();
    const bool both = left.n > 0 && right.n > 0;
    const double weight = both ? left.n * right.n / all.n : 0;
    const double difference = both ? right.sum / right.n - left.sum / left.n : 0;
    for (std::size_t c = 0; c < changes_.size(); ++c) {
      const double off = difference - changes_[c];
      logs[1 + (k - 1) * changes_.size() + c] = share + log_marginal(within + off * off * weight, all.n);
    }
  }
  const double top = *std::max_element(logs.begin(), logs.end());
  double total = 0;
  for (double& log : logs) total += log = std::exp(log - top);
  probabilities_.assign(commits_ + 1, 0);
  change_of_.assign(commits_ + 1, 0);
  probabilities_[0] = logs[0] / total;
  for (std::size_t k = 1; k <= commits_; ++k) {
    for (std::size_t c = 0; c < changes_.size(); ++c) {
      const double weight = logs[1 + (k - 1) * changes_.size() + c] / total;
      probabilities_[k] += weight;
      change_of_[k] += weight * changes_[c];
    }
    if (probabilities_[k] > 0) change_of_[k] /= probabilities_[k];
  }
}

std::optional<std::size_t> LevelSearch::next(std::span<const std::size_t> running) const {
  std::vector<double> runs(commits_ + 1);
  for (std::size_t i = 0; i <= commits_; ++i) runs[i] = up_to_[i + 1].n - up_to_[i].n;
  for (const std::size_t position : running) ++runs[position];
  const auto testable = [&](std::size_t position) { return !untestable_[position]; };
  std::size_t first = 0, last = commits_;
  while (first <= commits_ && !testable(first)) ++first;
  if (first > commits_) return std::nullopt;
  while (!testable(last)) --last;
  if (first == last) return std::nullopt;
  for (const std::size_t end : {first, last})
    if (runs[end] < kRunsAtEnds && runs[end] <= std::min(runs[first], runs[last])) return end;

  const Sums all = up_to_.back();
  const std::size_t best = static_cast<std::size_t>(std::max_element(probabilities_.begin() + 1, probabilities_.end()) -
                                                    probabilities_.begin());
  const auto level = [&](std::size_t k, bool after) {
    const double right = all.n - up_to_[k].n;
    return (all.sum - right * change_of_[k]) / all.n + (after ? change_of_[k] : 0);
  };
  const double middle = (level(best, false) + level(best, true)) / 2, none_level = all.sum / all.n;
  const Sums right{all.n - up_to_[best].n, all.sum - up_to_[best].sum, all.squares - up_to_[best].squares};
  const double sigma = spread(up_to_[best].around_mean() + right.around_mean(), all.n);
  const auto above = [&](double mean) { return normal_probability((mean - middle) / sigma); };
  std::size_t chosen = runs[first] <= runs[last] ? first : last;
  double most = 1e-9;
  for (std::size_t i = 0; i <= commits_; ++i) {
    if (!testable(i)) continue;
    double mean = probabilities_[0] * above(none_level), left = probabilities_[0] * entropy(above(none_level));
    for (std::size_t k = 1; k <= commits_; ++k) {
      const double chance = above(level(k, k <= i));
      mean += probabilities_[k] * chance;
      left += probabilities_[k] * entropy(chance);
    }
    const double waiting = static_cast<double>(std::count(running.begin(), running.end(), i));
    const double told = (entropy(mean) - left) / (1 + waiting);
    if (told > most + 1e-12) most = told, chosen = i;
  }
  return chosen;
}

LevelAnswer LevelSearch::answer() const {
  LevelAnswer answer;
  answer.none_probability = probabilities_[0];
  double sum = 0;
  for (std::size_t k = 1, first = 1; k <= commits_; ++k) {
    sum += probabilities_[k];
    if (untestable_[k] && k < commits_) continue;
    if (sum > answer.probability) answer.first = first, answer.last = k, answer.probability = sum;
    sum = 0;
    first = k + 1;
  }
  const Sums left = up_to_[answer.last], all = up_to_.back();
  const Sums right{all.n - left.n, all.sum - left.sum, all.squares - left.squares};
  const double middle = values_.empty() ? 0 : values_.front().log;
  if (left.n > 0) answer.level_before = std::exp(middle + left.sum / left.n);
  if (right.n > 0) answer.level_after = std::exp(middle + right.sum / right.n);
  if (left.n > 0 && right.n > 0) {
    const double change = right.sum / right.n - left.sum / left.n;
    const double half = normal_quantile(0.95) * spread(left.around_mean() + right.around_mean(), all.n) *
                        std::sqrt(1 / left.n + 1 / right.n);
    answer.ratio = std::exp(change);
    answer.ratio_interval = {std::exp(change - half), std::exp(change + half)};
  }
  const bool seen = up_to_[1].n + 0.0 >= kRunsAtEnds || untestable_[0];
  if (seen && answer.probability >= options_.enough) answer.kind = LevelAnswer::Kind::found;
  if (seen && answer.none_probability >= options_.enough) {
    answer.kind = LevelAnswer::Kind::none;
    answer.probability = answer.none_probability;
    answer.ratio = 1;
    if (all.n > 0) answer.level_before = answer.level_after = std::exp(middle + all.sum / all.n);
  }
  return answer;
}

}  // namespace resident::stats
