#include <algorithm>
#include <cmath>
#include <stats/edivisive.hpp>
#include <stats/pelt.hpp>
#include <stats/quantile.hpp>
#include <stats/steps.hpp>

namespace resident::stats {

namespace {

constexpr std::size_t kAround = 4;  // values on each side that a spike is told by

// The middle one of nine, by the exchanges of Paeth's network (Graphics Gems, 1990): no branches, so that several are
// found at once.
double middle_of_nine(const double* from) {
  double p[9];
  std::copy_n(from, 9, p);
  constexpr unsigned char kExchanges[][2] = {{1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2},
                                             {4, 5}, {7, 8}, {0, 3}, {5, 8}, {4, 7}, {3, 6}, {1, 4},
                                             {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2}};
#pragma GCC unroll 19
  for (const auto& [a, b] : kExchanges) {
    const double low = std::min(p[a], p[b]), high = std::max(p[a], p[b]);
    p[a] = low, p[b] = high;
  }
  return p[4];
}

// Values beyond 3 deviations of the median of those around are cut to there: spikes stay spikes, and small.
std::vector<double> without_spikes(std::span<const double> values, double deviation) {
  const std::size_t count = values.size();
  std::vector<double> calm(count), around;
  const auto at_edge = [&](std::size_t i) {
    const std::size_t begin = i < kAround ? 0 : i - kAround, end = std::min(count, i + kAround + 1);
    around.assign(values.begin() + static_cast<std::ptrdiff_t>(begin),
                  values.begin() + static_cast<std::ptrdiff_t>(end));
    const auto half = around.begin() + static_cast<std::ptrdiff_t>(around.size() / 2);
    std::nth_element(around.begin(), half, around.end());
    return *half;
  };
  const std::size_t first = std::min(kAround, count), last = count < 2 * kAround ? first : count - kAround;
  for (std::size_t i = 0; i < first; ++i) calm[i] = at_edge(i);
  for (std::size_t i = first; i < last; ++i) calm[i] = middle_of_nine(values.data() + i - kAround);
  for (std::size_t i = last; i < count; ++i) calm[i] = at_edge(i);
  for (std::size_t i = 0; i < count; ++i) {
    const double low = calm[i] - 3 * deviation, high = calm[i] + 3 * deviation;
    calm[i] = std::min(std::max(values[i], low), high);
  }
  return calm;
}

struct Stretch {
  std::size_t begin, end;
  double level = 0, mean = 0, variance = 0;
  double count() const { return static_cast<double>(end - begin); }
};

Stretch stretch_of(std::span<const double> calm, std::size_t begin, std::size_t end) {
  Stretch stretch{begin, end};
  stretch.level =
      median({calm.begin() + static_cast<std::ptrdiff_t>(begin), calm.begin() + static_cast<std::ptrdiff_t>(end)});
  for (std::size_t i = begin; i < end; ++i) stretch.mean += calm[i] / stretch.count();
  for (std::size_t i = begin; i < end; ++i) stretch.variance += (calm[i] - stretch.mean) * (calm[i] - stretch.mean);
  stretch.variance /= std::max(1.0, stretch.count() - 1);
  return stretch;
}

struct Judged {
  double difference = 0, error = 0, p = 1;
};

// How much more than its own variance a stretch is taken to waver: neighbours in it move together, and PELT has put its
// ends where it looks calmest. Chosen on half of a project's series, tried on the other half (docs/accuracy.md).
constexpr double kCaution = 4;

// The difference of two stretches against the noise of the series and their own spread, whichever is larger.
Judged judge(const Stretch& a, const Stretch& b, const Noise& noise, std::size_t places) {
  Judged judged;
  judged.difference = b.mean - a.mean;
  const double long_run = noise.long_run * noise.long_run;
  const double inflation = noise.deviation > 0 ? long_run / (noise.deviation * noise.deviation) : 1;
  const auto variance_of = [&](const Stretch& side) { return std::max(long_run, kCaution * side.variance); };
  judged.error = std::sqrt(variance_of(a) / a.count() + variance_of(b) / b.count());
  if (judged.error == 0) {
    judged.p = judged.difference == 0 ? 1 : 0;
    return judged;
  }
  // As many degrees of freedom as there are values that tell something of their own.
  const double freedom = std::max(10.0, (a.count() + b.count()) / inflation - 2);
  const double one = student_t_two_sided(std::abs(judged.difference) / judged.error, freedom);
  judged.p = std::min(1.0, one * static_cast<double>(places));
  return judged;
}

class Finder {
 public:
  Finder(std::span<const double> calm, const Noise& noise, const StepsOptions& options)
      : calm_(calm), noise_(noise), options_(options) {}

  void run(std::vector<std::size_t> starts) {
    std::vector<std::size_t> bounds{0};
    bounds.insert(bounds.end(), starts.begin(), starts.end());
    bounds.push_back(calm_.size());
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i)
      stretches_.push_back(stretch_of(calm_, bounds[i], bounds[i + 1]));
    for (std::size_t i = 0; i + 1 < stretches_.size(); ++i) judged_.push_back(judged_at(i));
    // The weakest goes first, and its neighbours are judged anew.
    while (!judged_.empty()) {
      std::size_t weakest = 0;
      for (std::size_t i = 1; i < judged_.size(); ++i)
        if (strength(i) < strength(weakest)) weakest = i;
      if (stands(weakest)) break;
      stretches_[weakest] = stretch_of(calm_, stretches_[weakest].begin, stretches_[weakest + 1].end);
      stretches_.erase(stretches_.begin() + static_cast<std::ptrdiff_t>(weakest) + 1);
      judged_.erase(judged_.begin() + static_cast<std::ptrdiff_t>(weakest));
      if (weakest < judged_.size()) judged_[weakest] = judged_at(weakest);
      if (weakest > 0) judged_[weakest - 1] = judged_at(weakest - 1);
    }
  }
  const std::vector<Stretch>& stretches() const { return stretches_; }
  const std::vector<Judged>& judged() const { return judged_; }

 private:
  Judged judged_at(std::size_t i) const { return judge(stretches_[i], stretches_[i + 1], noise_, calm_.size()); }
  double strength(std::size_t i) const {
    if (!stands(i)) return std::abs(judged_[i].difference) / std::max(judged_[i].error, 1e-300) - 1e9;
    return std::abs(judged_[i].difference) / std::max(judged_[i].error, 1e-300);
  }
  bool stands(std::size_t i) const {
    const std::size_t shorter =
        std::min(stretches_[i].end - stretches_[i].begin, stretches_[i + 1].end - stretches_[i + 1].begin);
    return judged_[i].p <= options_.p && shorter >= options_.least_segment &&
           std::abs(judged_[i].difference) >= options_.least_change;
  }
  std::span<const double> calm_;
  const Noise& noise_;
  const StepsOptions& options_;
  std::vector<Stretch> stretches_;
  std::vector<Judged> judged_;
};

// Which changes only go back and forth: the level before the last change is met again, and again.
std::vector<bool> jumping(const std::vector<Stretch>& stretches, const Noise& noise) {
  const std::size_t count = stretches.size();
  std::vector<bool> returns(count, false), jumps(count > 0 ? count - 1 : 0, false);
  for (std::size_t i = 2; i < count; ++i) {
    const double away = std::abs(stretches[i - 1].mean - stretches[i - 2].mean),
                 back = std::abs(stretches[i].mean - stretches[i - 2].mean);
    returns[i] = back < std::max(0.3 * away, 2 * noise.deviation /
                                                 std::sqrt(std::min(stretches[i].count(), stretches[i - 2].count())));
  }
  // A B A B: two returns in a row; a single A B A is a change that recovered.
  for (std::size_t i = 3; i < count; ++i)
    if (returns[i] && returns[i - 1]) jumps[i - 1] = jumps[i - 2] = jumps[i - 3] = true;
  return jumps;
}

// Does a straight line tell the series better than its steps? Its whole rise, or 0.
double drift_of(std::span<const double> calm, const std::vector<Stretch>& stretches, const Noise& noise) {
  if (stretches.size() < 4) return 0;
  const double count = static_cast<double>(calm.size()), middle = (count - 1) / 2;
  double mean = 0, slope = 0, spread = 0, off_line = 0, off_steps = 0;
  for (const double value : calm) mean += value / count;
  for (std::size_t i = 0; i < calm.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    slope += x * (calm[i] - mean), spread += x * x;
  }
  slope /= spread;
  for (std::size_t i = 0; i < calm.size(); ++i) {
    const double off = calm[i] - mean - slope * (static_cast<double>(i) - middle);
    off_line += off * off;
  }
  for (const auto& stretch : stretches) off_steps += stretch.variance * std::max(1.0, stretch.count() - 1);
  bool one_way = true;
  for (std::size_t i = 1; i < stretches.size(); ++i)
    one_way = one_way && (stretches[i].mean - stretches[i - 1].mean) * slope > 0;
  const double penalty =
      noise.long_run * noise.long_run * std::log(count) * 2 * static_cast<double>(stretches.size() - 2);
  return one_way && off_line < off_steps + penalty ? slope * (count - 1) : 0;
}

}  // namespace

Steps find_steps(std::span<const double> values, const StepsOptions& options) {
  Steps result;
  result.noise.count = values.size();
  if (values.size() < 2 * options.least_segment || values.size() < 8) return result;
  const bool logarithms = std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
  std::vector<double> scale(values.begin(), values.end());
  double unit = 1;
  if (logarithms) {
    for (auto& value : scale) value = std::log(value);
  } else if ((unit = std::abs(median(scale))) > 0) {
    for (auto& value : scale) value /= unit;
  } else {
    unit = 1;
  }
  result.noise = noise_of(scale);
  if (result.noise.long_run == 0) {
    // No noise at all: every change is one.
    result.noise.deviation = result.noise.long_run = 1e-9;
  }
  const std::vector<double> calm = without_spikes(scale, std::max(result.noise.deviation, 1e-9));
  result.noise.long_run = std::max(result.noise.deviation, noise_of(calm).long_run);
  const double variance = result.noise.deviation * result.noise.deviation,
               long_run = result.noise.long_run * result.noise.long_run;
  Finder finder(calm, result.noise, options);
  const double penalty = 2.5 * (0.5 * variance + 0.5 * long_run) * std::log(static_cast<double>(calm.size()));
  finder.run(pelt(calm, {penalty, options.least_segment}));
  const auto& stretches = finder.stretches();
  const auto jumps = jumping(stretches, result.noise);
  const double drift = drift_of(calm, stretches, result.noise);
  if (drift != 0) {
    result.drift = logarithms ? std::exp(drift) - 1 : drift;
    return result;
  }
  for (std::size_t i = 0; i + 1 < stretches.size(); ++i) {
    if (jumps[i]) {
      ++result.jumps;
      continue;
    }
    const Judged& judged = finder.judged()[i];
    const auto relative = [&](double difference) { return logarithms ? std::exp(difference) - 1 : difference; };
    const auto level = [&](const Stretch& stretch) {
      return logarithms ? std::exp(stretch.level) : stretch.level * unit;
    };
    Step step{stretches[i + 1].begin, level(stretches[i]), level(stretches[i + 1])};
    step.change = relative(judged.difference);
    step.low = relative(judged.difference - 1.96 * judged.error);
    step.high = relative(judged.difference + 1.96 * judged.error);
    step.p = judged.p;
    result.steps.push_back(step);
  }
  return result;
}

}  // namespace resident::stats
