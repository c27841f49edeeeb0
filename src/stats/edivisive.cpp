#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <random>
#include <stats/edivisive.hpp>

namespace resident::stats {

namespace {

// Sums up to each place, so that mean and variance of any stretch are four look-ups.
class Moments {
 public:
  explicit Moments(std::span<const double> values) : sums_(values.size() + 1), squares_(values.size() + 1) {
    double total = 0;
    for (const double value : values) total += value;
    centre_ = values.empty() ? 0 : total / static_cast<double>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double off = values[i] - centre_;
      sums_[i + 1] = sums_[i] + off;
      squares_[i + 1] = squares_[i] + off * off;
    }
  }
  double mean(std::size_t begin, std::size_t end) const {
    return centre_ + (sums_[end] - sums_[begin]) / static_cast<double>(end - begin);
  }
  double variance(std::size_t begin, std::size_t end) const {  // of the stretch itself: divided by its count
    const double count = static_cast<double>(end - begin), mean = (sums_[end] - sums_[begin]) / count;
    return std::max(0.0, (squares_[end] - squares_[begin]) / count - mean * mean);
  }

 private:
  double centre_ = 0;
  std::vector<double> sums_, squares_;
};

double test(const Moments& moments, std::size_t begin, std::size_t middle, std::size_t end) {
  if (end - begin <= 2) return 1;
  return student_t_p(moments.mean(begin, middle), moments.variance(begin, middle), static_cast<double>(middle - begin),
                     moments.mean(middle, end), moments.variance(middle, end), static_cast<double>(end - middle));
}

// The larger of the relative changes there and back.
double magnitude(const Moments& moments, std::size_t begin, std::size_t middle, std::size_t end) {
  const double before = moments.mean(begin, middle), after = moments.mean(middle, end);
  const double there = before == 0 ? 0 : std::abs(after / before - 1),
               back = after == 0 ? 0 : std::abs(before / after - 1);
  return std::max(there, back);
}

// Changes in values[begin, end): the best split of all stretches, as long as it passes the test.
void divide_window(std::span<const double> values, const Moments& moments, std::size_t begin, std::size_t end, double p,
                   std::vector<std::size_t>& found) {
  struct Stretch {
    std::size_t begin, end;
    Split split;
    bool can_split;
  };
  const auto stretch = [&](std::size_t from, std::size_t to) {
    Stretch result{from, to, {}, to - from > 1};
    if (result.can_split) result.split = best_split(values, from, to);
    return result;
  };
  std::vector<Stretch> stretches{stretch(begin, end)};
  found.clear();
  for (;;) {
    std::size_t best = stretches.size();
    for (std::size_t i = 0; i < stretches.size(); ++i)
      if (stretches[i].can_split && (best == stretches.size() || stretches[i].split.q > stretches[best].split.q))
        best = i;
    if (best == stretches.size()) break;
    const Stretch chosen = stretches[best];
    if (!(test(moments, chosen.begin, chosen.split.index, chosen.end) <= p)) break;
    found.push_back(chosen.split.index);
    stretches[best] = stretch(chosen.begin, chosen.split.index);
    stretches.insert(stretches.begin() + static_cast<std::ptrdiff_t>(best) + 1,
                     stretch(chosen.split.index, chosen.end));
  }
  std::sort(found.begin(), found.end());
}

// Takes out the weakest until all that is left stands: by p first, then by size.
void merge(const Moments& moments, std::size_t count, const WindowedOptions& options,
           std::vector<ChangePoint>& points) {
  const auto begin_of = [&](std::size_t i) { return i == 0 ? 0 : points[i - 1].index; };
  const auto end_of = [&](std::size_t i) { return i + 1 < points.size() ? points[i + 1].index : count; };
  const auto renew = [&](std::size_t i) {
    if (i < points.size()) points[i].p = test(moments, begin_of(i), points[i].index, end_of(i));
  };
  while (!points.empty()) {
    std::size_t weakest = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
      if (points[i].p > points[weakest].p) weakest = i;
    if (points[weakest].p < options.p) {
      double least = 0;
      for (std::size_t i = 0; i < points.size(); ++i)
        if (const double size = magnitude(moments, begin_of(i), points[i].index, end_of(i)); i == 0 || size < least)
          least = size, weakest = i;
      if (least > options.least_change) return;
    }
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(weakest));
    // Otava renews what stands behind the one taken out, and not what stands before it (0.8.0); whoever compares with
    // it expects its figures.
    renew(weakest);
  }
}

}  // namespace

double student_t_p(double mean_a, double variance_a, double count_a, double mean_b, double variance_b, double count_b) {
  const double freedom = count_a + count_b - 2;
  if (freedom <= 0) return 1;
  const double pooled = ((count_a - 1) * variance_a + (count_b - 1) * variance_b) / freedom;
  const double error = std::sqrt(pooled * (1 / count_a + 1 / count_b)), difference = mean_a - mean_b;
  if (error == 0) return difference == 0 ? 1 : 0;
  if (!std::isfinite(difference / error)) return 1;
  return student_t_two_sided(difference / error, freedom);
}

double student_t_two_sided(double t, double freedom) {
  if (!std::isfinite(t)) return 0;
  return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), std::abs(t)));
}

double student_t_quantile(double confidence, double freedom) {
  return boost::math::quantile(boost::math::students_t(freedom), 0.5 + confidence / 2);
}

Split best_split(std::span<const double> values, std::size_t begin, std::size_t end, std::size_t least_segment) {
  const std::size_t count = end - begin;
  if (count < 2 * least_segment || count < 2) return {begin, 0};
  const double* x = values.data() + begin;
  // left[k]: the sum of distances between all pairs of the first k values.
  thread_local std::vector<double> left, right, inverse;
  left.assign(count + 1, 0);
  right.assign(count + 1, 0);
  if (inverse.size() < count + 1) {
    const std::size_t from = inverse.size();
    inverse.resize(count + 1);
    for (std::size_t i = from; i <= count; ++i) inverse[i] = i == 0 ? 0 : 1.0 / static_cast<double>(i);
  }
  for (std::size_t k = 1; k < count; ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += std::abs(x[k] - x[i]);
    left[k + 1] = left[k] + sum;
  }
  Split best{begin, 0};
  bool any = false;
  // right[k]: the sum over pairs of values[tau, k), for tau going down.
  for (std::size_t tau = count - 1; tau >= 1; --tau) {
    double row = 0;
    const double m = static_cast<double>(tau), within_left = left[tau] * inverse[tau - 1];
    Split of_row{begin + tau, 0};
    bool any_in_row = false;
    for (std::size_t kappa = tau + 1; kappa <= count; ++kappa) {
      row += std::abs(x[tau] - x[kappa - 1]);
      right[kappa] += row;
      const std::size_t n = kappa - tau;
      if (tau < least_segment || n < least_segment) continue;
      const double cross = left[kappa] - left[tau] - right[kappa];
      const double q =
          2 * inverse[kappa] * (cross - static_cast<double>(n) * within_left - m * right[kappa] * inverse[n - 1]);
      if (!any_in_row || q > of_row.q) of_row.q = q, any_in_row = true;
    }
    if (any_in_row && (!any || of_row.q >= best.q)) best = of_row, any = true;
  }
  return best;
}

std::vector<ChangePoint> edivisive_windows(std::span<const double> values, const WindowedOptions& options) {
  const std::size_t count = values.size(), window = std::max<std::size_t>(2, options.window);
  const double first_p = options.p < 0.05 ? options.p * 10 : options.p < 0.5 ? options.p * 2 : options.p;
  const Moments moments(values);
  std::vector<std::size_t> candidates, found;
  for (std::size_t start = 0; start < count;) {
    divide_window(values, moments, start, std::min(start + window, count), first_p, found);
    candidates.insert(candidates.end(), found.begin(), found.end());
    start = std::max(found.empty() ? 0 : found.back(), start + window / 2);
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::vector<ChangePoint> points;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : candidates[i - 1],
                      end = i + 1 < candidates.size() ? candidates[i + 1] : count;
    points.push_back({candidates[i], test(moments, begin, candidates[i], end)});
  }
  merge(moments, count, options, points);
  return points;
}

std::vector<ChangePoint> edivisive_permutation(std::span<const double> values, const PermutationOptions& options) {
  std::vector<std::size_t> bounds{0, values.size()};
  std::vector<ChangePoint> points;
  std::mt19937_64 random(options.seed);
  const auto best_of_all = [&](std::span<const double> series) {
    Split best;
    bool any = false;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
      if (bounds[i + 1] - bounds[i] < std::max<std::size_t>(2, 2 * options.least_segment)) continue;
      const Split split = best_split(series, bounds[i], bounds[i + 1], options.least_segment);
      if (!any || split.q > best.q) best = split, any = true;
    }
    return std::pair(best, any);
  };
  std::vector<double> shuffled;
  for (;;) {
    const auto [best, any] = best_of_all(values);
    if (!any || best.q <= 0) break;
    std::size_t as_large = 0;
    for (std::size_t i = 0; i < options.permutations; ++i) {
      shuffled.assign(values.begin(), values.end());
      for (std::size_t k = 0; k + 1 < bounds.size(); ++k)
        std::shuffle(shuffled.begin() + static_cast<std::ptrdiff_t>(bounds[k]),
                     shuffled.begin() + static_cast<std::ptrdiff_t>(bounds[k + 1]), random);
      as_large += best_of_all(shuffled).first.q >= best.q;
    }
    const double p = (static_cast<double>(as_large) + 1) / (static_cast<double>(options.permutations) + 1);
    if (p > options.p) break;
    points.push_back({best.index, p});
    bounds.insert(std::upper_bound(bounds.begin(), bounds.end(), best.index), best.index);
  }
  std::sort(points.begin(), points.end(), [](const ChangePoint& a, const ChangePoint& b) { return a.index < b.index; });
  return points;
}

}  // namespace resident::stats
