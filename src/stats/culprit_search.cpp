#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <stats/culprit_search.hpp>

namespace resident::stats {

namespace {

// The grid of failure rates: fine towards 0 and 1, where it matters; never 0 or 1, so that no run can make an answer
// impossible.
constexpr double kRates[] = {0.001, 0.004, 0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3,  0.38,  0.46,
                             0.54,  0.62,  0.7,  0.78, 0.84, 0.89, 0.93, 0.96, 0.98, 0.99, 0.996, 0.999};
constexpr std::size_t kRateCount = std::size(kRates);
// A commit that raises the rate, or the odds of failing, by less is not looked for: it would take thousands of runs to
// tell from none.
constexpr double kLeastRise = 0.08, kLeastOddsRatio = 3;
// Beyond so many runs at once, the outcome of the others is taken as the likelier one.
constexpr std::size_t kMostAveraged = 3;
// A run that is expected to tell less (in bits) tells nothing.
constexpr double kLeastInformation = 1e-7;

// Weight of each rate under Beta(a, b): the density times the width of the cell around it, by the distances of logits.
std::vector<double> beta_weights(double a, double b) {
  std::vector<double> weights(kRateCount);
  for (std::size_t i = 0; i < kRateCount; ++i) {
    const auto logit = [](double p) { return std::log(p / (1 - p)); };
    const double low = logit(kRates[i > 0 ? i - 1 : 0]), high = logit(kRates[i + 1 < kRateCount ? i + 1 : i]);
    const double ends = i == 0 || i + 1 == kRateCount ? 2 : 1;
    // d p = p (1 - p) d logit
    weights[i] = std::pow(kRates[i], a) * std::pow(1 - kRates[i], b) * (high - low) / 2 * ends;
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

double entropy(double p) {
  return p <= 0 || p >= 1 ? 0 : -(p * std::log2(p) + (1 - p) * std::log2(1 - p));
}

}  // namespace

CulpritSearch::CulpritSearch(std::size_t commits, const CulpritOptions& options)
    : options_(options), commits_(commits), rates_(std::begin(kRates), std::end(kRates)), untestable_(commits + 1) {
  assert(commits >= 1);
  // Most tests pass where they are good and fail where they are bad, some do not.
  const auto before = beta_weights(0.4, 0.8), after = beta_weights(0.8, 0.6), steady = beta_weights(0.3, 0.4);
  std::vector<double> weights;
  for (std::size_t i = 0; i < kRateCount; ++i)
    for (std::size_t j = i + 1; j < kRateCount; ++j) {
      const double ratio = kRates[j] / (1 - kRates[j]) / (kRates[i] / (1 - kRates[i]));
      if (kRates[j] - kRates[i] < kLeastRise || ratio < kLeastOddsRatio) continue;
      pairs_.push_back({kRates[i], kRates[j]});
      weights.push_back(before[i] * after[j]);
    }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double share = (1 - options_.none_prior) / static_cast<double>(commits_) / sum;
  for (std::size_t k = 0; k < commits_; ++k)
    for (const double weight : weights) belief_.culprit.push_back(weight * share);
  for (const double weight : steady) belief_.none.push_back(weight * options_.none_prior);
}

void CulpritSearch::learn(Belief& belief, const CulpritSearch& search, std::size_t position, bool failed) {
  double sum = 0;
  for (std::size_t i = 0; i < search.rates_.size(); ++i)
    sum += belief.none[i] *= failed ? search.rates_[i] : 1 - search.rates_[i];
  auto weight = belief.culprit.begin();
  for (std::size_t k = 1; k <= search.commits_; ++k)
    for (const RatePair& pair : search.pairs_) {
      const double rate = k <= position ? pair.after : pair.before;
      sum += * weight++ *= failed ? rate : 1 - rate;
    }
  // What is below the least weight would only slow the arithmetic down.
  for (auto* weights : {&belief.none, &belief.culprit})
    for (double& each : *weights) each = each < sum * 1e-200 ? 0 : each / sum;
}

void CulpritSearch::add(std::size_t position, bool failed) {
  assert(position <= commits_);
  learn(belief_, *this, position, failed);
  ++runs_;
}

void CulpritSearch::cannot_test(std::size_t position) {
  untestable_[position] = true;
}

std::vector<double> CulpritSearch::probabilities() const {
  std::vector<double> result{std::accumulate(belief_.none.begin(), belief_.none.end(), 0.0)};
  for (auto at = belief_.culprit.begin(); at != belief_.culprit.end(); at += static_cast<std::ptrdiff_t>(pairs_.size()))
    result.push_back(std::accumulate(at, at + static_cast<std::ptrdiff_t>(pairs_.size()), 0.0));
  return result;
}

std::vector<double> CulpritSearch::information(const Belief& belief) const {
  // Of each answer: its weight, and its weight times the failure rate on either side.
  double none = 0, none_fails = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    none += belief.none[i];
    none_fails += belief.none[i] * rates_[i];
  }
  const auto remaining = [](double weight, double fails) { return weight > 0 ? weight * entropy(fails / weight) : 0; };
  // Sums over culprits: failures and what uncertainty stays, were all of them after the position run (before), or at or
  // below it (after).
  double fails = none_fails, left = remaining(none, none_fails);
  std::vector<double> fails_change(commits_ + 1), left_change(commits_ + 1);
  auto weight = belief.culprit.begin();
  for (std::size_t k = 1; k <= commits_; ++k) {
    double sum = 0, before = 0, after = 0;
    for (const RatePair& pair : pairs_) {
      sum += *weight;
      before += *weight * pair.before;
      after += *weight++ * pair.after;
    }
    fails += before;
    left += remaining(sum, before);
    fails_change[k] = after - before;
    left_change[k] = remaining(sum, after) - remaining(sum, before);
  }
  std::vector<double> result(commits_ + 1);
  for (std::size_t position = 0; position <= commits_; ++position) {
    fails += fails_change[position];
    left += left_change[position];
    result[position] = std::max(0.0, entropy(fails) - left);
  }
  return result;
}

double CulpritSearch::failure_probability(const Belief& belief, std::size_t position) const {
  double fails = 0;
  for (std::size_t i = 0; i < rates_.size(); ++i) fails += belief.none[i] * rates_[i];
  auto weight = belief.culprit.begin();
  for (std::size_t k = 1; k <= commits_; ++k)
    for (const RatePair& pair : pairs_) fails += *weight++ * (k <= position ? pair.after : pair.before);
  return fails;
}

std::vector<double> CulpritSearch::information(const Belief& belief, std::span<const std::size_t> running) const {
  if (running.empty()) return information(belief);
  const double fails = failure_probability(belief, running.front());
  std::vector<double> result(commits_ + 1);
  for (const bool failed : {false, true}) {
    const double chance = failed ? fails : 1 - fails;
    if (running.size() > kMostAveraged && chance < 0.5) continue;
    Belief then = belief;
    learn(then, *this, running.front(), failed);
    const auto information_then = information(then, running.subspan(1));
    for (std::size_t i = 0; i <= commits_; ++i)
      result[i] += (running.size() > kMostAveraged ? 1 : chance) * information_then[i];
  }
  return result;
}

std::optional<std::size_t> CulpritSearch::next(std::span<const std::size_t> running) const {
  const auto told = information(belief_, running);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i <= commits_; ++i)
    if (!untestable_[i] && told[i] > kLeastInformation && (!best || told[i] > told[*best] + 1e-12)) best = i;
  return best;
}

void CulpritSearch::rates_of(CulpritAnswer& answer) const {
  std::vector<double> before(rates_.size()), after(rates_.size());
  const auto index = [&](double rate) {
    return static_cast<std::size_t>(std::lower_bound(rates_.begin(), rates_.end(), rate) - rates_.begin());
  };
  if (answer.kind == CulpritAnswer::Kind::none) {
    before = after = belief_.none;
  } else {
    for (std::size_t k = answer.first; k <= answer.last; ++k)
      for (std::size_t p = 0; p < pairs_.size(); ++p) {
        before[index(pairs_[p].before)] += belief_.culprit[(k - 1) * pairs_.size() + p];
        after[index(pairs_[p].after)] += belief_.culprit[(k - 1) * pairs_.size() + p];
      }
  }
  const auto describe = [&](const std::vector<double>& weights, double& mean, Interval& interval) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (sum <= 0) return;
    mean = std::inner_product(weights.begin(), weights.end(), rates_.begin(), 0.0) / sum;
    double seen = 0;
    interval = {1, 1};
    for (std::size_t i = 0; i < weights.size(); ++i) {
      seen += weights[i] / sum;
      if (seen >= 0.025) interval.low = std::min(interval.low, rates_[i]);
      if (seen >= 0.975) interval.high = std::min(interval.high, rates_[i]);
    }
  };
  describe(before, answer.rate_before, answer.before);
  describe(after, answer.rate_after, answer.after);
}

CulpritAnswer CulpritSearch::answer() const {
  const auto probability = probabilities();
  CulpritAnswer answer;
  answer.none_probability = probability[0];
  // Commits that no run can tell apart, as those before the last cannot be tested, are one answer.
  double sum = 0;
  for (std::size_t k = 1, first = 1; k <= commits_; ++k) {
    sum += probability[k];
    if (untestable_[k] && k < commits_) continue;
    if (sum > answer.probability) answer.first = first, answer.last = k, answer.probability = sum;
    sum = 0;
    first = k + 1;
  }
  if (answer.probability >= options_.enough) answer.kind = CulpritAnswer::Kind::found;
  if (answer.none_probability >= options_.enough) {
    answer.kind = CulpritAnswer::Kind::none;
    answer.probability = answer.none_probability;
  }
  rates_of(answer);
  return answer;
}

}  // namespace resident::stats
