#include <algorithm>
#include <cmath>
#include <queue>
#include <stats/potts.hpp>
#include <stats/quantile.hpp>

namespace resident::stats {

namespace {

struct Fit {
  double median = 0, distance = 0;
};

Fit fit_of(std::span<const double> values, std::size_t begin, std::size_t end) {
  std::vector<double> part(values.begin() + static_cast<std::ptrdiff_t>(begin),
                           values.begin() + static_cast<std::ptrdiff_t>(end));
  Fit fit{median(part), 0};
  for (const double value : part) fit.distance += std::abs(value - fit.median);
  return fit;
}

// The sum of absolute deviations from the median of values[first, last], for all short stretches: two heaps that grow.
class Distances {
 public:
  Distances(std::span<const double> values, std::size_t longest)
      : longest_(std::min(longest, values.size())), table_(values.size() * longest_) {
    for (std::size_t last = 0; last < values.size(); ++last) grow(values, last);
  }
  double operator()(std::size_t first, std::size_t last) const { return table_[last * longest_ + (last - first)]; }
  std::size_t longest() const { return longest_; }

 private:
  void grow(std::span<const double> values, std::size_t last) {
    std::priority_queue<double> low;
    std::priority_queue<double, std::vector<double>, std::greater<>> high;
    double sum_low = 0, sum_high = 0;
    for (std::size_t back = 0; back < longest_ && back <= last; ++back) {
      const double value = values[last - back];
      if (low.empty() || value <= low.top())
        low.push(value), sum_low += value;
      else
        high.push(value), sum_high += value;
      if (low.size() > high.size() + 1) {
        high.push(low.top()), sum_high += low.top(), sum_low -= low.top(), low.pop();
      } else if (high.size() > low.size()) {
        low.push(high.top()), sum_low += high.top(), sum_high -= high.top(), high.pop();
      }
      const double odd = low.size() > high.size() ? low.top() : 0;
      table_[last * longest_ + back] = std::max(0.0, sum_high - sum_low + odd);
    }
  }
  std::size_t longest_;
  std::vector<double> table_;
};

// Exclusive ends of the segments that are best for this γ.
std::vector<std::size_t> solve(std::span<const double> values, const Distances& distance, double gamma,
                               std::size_t least) {
  const std::size_t count = values.size();
  std::vector<double> best(count + 1, 0);
  std::vector<std::size_t> from(count + 1, 0);
  for (std::size_t end = 1; end <= count; ++end) {
    best[end] = std::numeric_limits<double>::infinity();
    const std::size_t earliest = end > distance.longest() ? end - distance.longest() : 0;
    for (std::size_t begin = earliest; begin + least <= end || (begin == 0 && end < least); ++begin) {
      const double cost = best[begin] + gamma + distance(begin, end - 1);
      if (cost <= best[end]) best[end] = cost, from[end] = begin;
      if (begin + least > end) break;
    }
  }
  std::vector<std::size_t> ends;
  for (std::size_t end = count; end > 0; end = from[end]) ends.push_back(end);
  std::reverse(ends.begin(), ends.end());
  // Longer than was searched: neighbours joined while that helps.
  std::vector<Fit> fits(ends.size());
  for (std::size_t i = 0; i < ends.size(); ++i) fits[i] = fit_of(values, i == 0 ? 0 : ends[i - 1], ends[i]);
  for (;;) {
    std::size_t join = ends.size();
    double gain = 0;
    Fit joined;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      const Fit whole = fit_of(values, i == 0 ? 0 : ends[i - 1], ends[i + 1]);
      const double change = fits[i].distance + fits[i + 1].distance + gamma - whole.distance;
      if (change >= gain && (change > 0 || join == ends.size())) gain = change, join = i, joined = whole;
    }
    if (join == ends.size() || gain < 0) break;
    ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(join));
    fits.erase(fits.begin() + static_cast<std::ptrdiff_t>(join));
    fits[join] = joined;
  }
  return ends;
}

// |E₀| + Σ|Eⱼ − ρ Eⱼ₋₁| at the ρ it is least for.
double correlated_noise(std::span<const double> values, const std::vector<std::size_t>& ends,
                        const std::vector<double>& medians) {
  std::vector<double> residuals(values.size());
  for (std::size_t i = 0, segment = 0; i < values.size(); ++i) {
    while (i >= ends[segment]) ++segment;
    residuals[i] = values[i] - medians[segment];
  }
  const auto sum_at = [&](double rho) {
    double sum = std::abs(residuals.front());
    for (std::size_t i = 1; i < residuals.size(); ++i) sum += std::abs(residuals[i] - rho * residuals[i - 1]);
    return sum;
  };
  // It is convex in ρ.
  double low = -1, high = 1;
  while (high - low > 0.05) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    if (sum_at(a) < sum_at(b))
      high = b;
    else
      low = a;
  }
  return sum_at((low + high) / 2);
}

}  // namespace

std::vector<std::size_t> l1_potts(std::span<const double> values, std::size_t least_segment) {
  const std::size_t count = values.size();
  if (count < 2 * least_segment + 1) return {};
  const Distances distance(values, kLongestPotts);
  const double whole = fit_of(values, 0, count).distance,
               beta = 4 * std::log(static_cast<double>(count)) / static_cast<double>(count);
  if (whole == 0) return {};
  std::vector<std::size_t> chosen;
  double least = std::numeric_limits<double>::infinity();
  const auto objective = [&](double exponent) {
    const auto ends = solve(values, distance, whole * std::exp(exponent), least_segment);
    std::vector<double> medians;
    for (std::size_t i = 0; i < ends.size(); ++i)
      medians.push_back(fit_of(values, i == 0 ? 0 : ends[i - 1], ends[i]).median);
    double floor = std::numeric_limits<double>::infinity();
    if (medians.size() > 2)
      for (std::size_t i = 0; i + 1 < medians.size(); ++i)
        floor = std::min(floor, 0.1 * std::abs(medians[i + 1] - medians[i]));
    else
      for (const double median : medians) floor = std::min(floor, 0.001 * std::abs(median));
    const double value = beta * static_cast<double>(ends.size()) +
                         std::log(std::max(floor, 1e-300) + correlated_noise(values, ends, medians));
    if (value < least) least = value, chosen.assign(ends.begin(), ends.end() - 1);
    return value;
  };
  // A golden section over the logarithm of γ; it need not be found exactly.
  const double ratio = 2 / (1 + std::sqrt(5.0));
  double low = std::log(0.1 / static_cast<double>(count)), high = 0;
  const double near = -low * 0.1;
  double a = high - ratio * (high - low), b = low + ratio * (high - low);
  double at_a = objective(a), at_b = objective(b);
  objective(low), objective(high);
  while (high - low > near) {
    if (at_b < at_a)
      low = a, a = b, at_a = at_b, b = low + ratio * (high - low), at_b = objective(b);
    else
      high = b, b = a, at_b = at_a, a = high - ratio * (high - low), at_a = objective(a);
  }
  return chosen;
}

}  // namespace resident::stats
