#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <stats/outcome_segments.hpp>

namespace resident::stats {

namespace {

// Segmentations whose log-likelihoods differ by less are equally good: then the one with the earlier start is taken, so
// that rounding decides nothing.
constexpr double kTie = 1e-9;

// Positions of one kind in a row are parted by no best segmentation: along them a segment's log-likelihood is convex,
// so an end is better. Mixed ones may be parted anywhere.
enum class Kind { none, expected, unexpected, unexpected_again, expected_again, mixed };

Kind kind_of(const OutcomeCount& count) {
  if (count.runs == 0) return Kind::none;
  if (count.unexpected == 0) return Kind::expected;
  if (count.unexpected < count.runs) return Kind::mixed;
  if (count.retried_runs == 0) return Kind::unexpected;
  if (count.retried_runs < count.runs) return Kind::mixed;
  if (count.retried_unexpected == count.retried_runs) return Kind::unexpected_again;
  return count.retried_unexpected == 0 ? Kind::expected_again : Kind::mixed;
}

void check(std::span<const OutcomeCount> history) {
  for (std::size_t i = 0; i < history.size(); ++i) {
    const OutcomeCount& count = history[i];
    if (i > 0 && count.position <= history[i - 1].position)
      throw Error(fmt::format("position {} comes after position {}", count.position, history[i - 1].position),
                  "positions have to ascend, each once");
    const bool fits = count.unexpected >= 0 && count.unexpected <= count.runs && count.retried_unexpected >= 0 &&
                      count.retried_unexpected <= count.retried_runs && count.retried_runs <= count.unexpected;
    if (!fits)
      throw Error(fmt::format("the counts at position {} contradict each other", count.position),
                  "runs ≥ unexpected ≥ retried_runs ≥ retried_unexpected ≥ 0");
  }
}

SegmentRate rate_of(std::int64_t happened, std::int64_t n, double confidence) {
  SegmentRate rate{happened, n, 0, {0, 1}};
  if (n == 0) return rate;
  rate.rate = static_cast<double>(happened) / static_cast<double>(n);
  const double a = static_cast<double>(happened) + 0.5, b = static_cast<double>(n - happened) + 0.5;
  const double tail = (1 - confidence) / 2;
  rate.interval = {happened == 0 ? 0 : boost::math::ibeta_inv(a, b, tail),
                   happened == n ? 1 : boost::math::ibeta_inv(a, b, 1 - tail)};
  return rate;
}

// A place where the newest segment may have begun.
struct Start {
  std::size_t index;     // the first position of the segment
  double best;           // log-likelihood of the best segmentation of all before it, penalties taken off
  OutcomeCount before;   // sums of all before it
  std::size_t previous;  // in the list of starts: the segment before began there
};

}  // namespace

OutcomeCount& OutcomeCount::operator+=(const OutcomeCount& other) {
  runs += other.runs;
  unexpected += other.unexpected;
  retried_runs += other.retried_runs;
  retried_unexpected += other.retried_unexpected;
  return *this;
}

OutcomeCount& OutcomeCount::operator-=(const OutcomeCount& other) {
  runs -= other.runs;
  unexpected -= other.unexpected;
  retried_runs -= other.retried_runs;
  retried_unexpected -= other.retried_unexpected;
  return *this;
}

OutcomeSegmenter::OutcomeSegmenter(const SegmentOptions& options)
    : options_(options),
      first_try_(options.first_try),
      retry_(options.retry),
      penalty_(-std::log(options.change_probability)) {}

double OutcomeSegmenter::log_likelihood(const OutcomeCount& counts) const {
  return first_try_.log_likelihood(counts.unexpected, counts.runs) +
         (counts.retried_runs == 0 ? 0 : retry_.log_likelihood(counts.retried_unexpected, counts.retried_runs));
}

std::vector<std::size_t> OutcomeSegmenter::starts_of_segments(std::span<const OutcomeCount> history) const {
  std::vector<Start> starts{{0, 0, {}, 0}};
  std::vector<std::size_t> live{0};  // into starts
  std::vector<double> values;
  OutcomeCount seen;
  // The best start of the segment that ends before the position `end`, and its value.
  const auto best_start = [&]() {
    values.clear();
    std::size_t best = 0;
    for (std::size_t i = 0; i < live.size(); ++i) {
      const Start& start = starts[live[i]];
      OutcomeCount counts = seen;
      counts -= start.before;
      values.push_back(start.best + log_likelihood(counts));
      if (values[i] > values[best] + kTie) best = i;
    }
    return best;
  };
  Kind before = Kind::none;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const Kind kind = kind_of(history[i]);
    const bool parted = kind != Kind::none && before != Kind::none && (kind != before || kind == Kind::mixed);
    if (parted) {
      const std::size_t best = best_start();
      starts.push_back({i, values[best] - penalty_, seen, live[best]});
      if (live.size() >= options_.most_starts) {
        const auto least = std::min_element(values.begin(), values.end()) - values.begin();
        live.erase(live.begin() + least);
      }
      live.push_back(starts.size() - 1);
    }
    if (kind != Kind::none) before = kind;
    seen += history[i];
  }
  std::vector<std::size_t> found;
  for (std::size_t start = live[best_start()]; start != 0; start = starts[start].previous)
    found.push_back(starts[start].index);
  found.push_back(0);
  std::reverse(found.begin(), found.end());
  return found;
}

// The posterior of the start of a segment, given the segments before and after it: proportional to the likelihood of
// the two together, parted there. As LUCI has it; every position counts, not only the likely ones.
void OutcomeSegmenter::locate(OutcomeSegment& segment, const OutcomeSegment& before,
                              std::span<const OutcomeCount> history) const {
  OutcomeCount all = before.counts;
  all += segment.counts;
  OutcomeCount left;
  std::vector<double> values;
  for (std::size_t i = before.first; i < segment.last; ++i) {
    left += history[i];
    OutcomeCount right = all;
    right -= left;
    values.push_back(log_likelihood(left) + log_likelihood(right));
  }
  const double top = *std::max_element(values.begin(), values.end());
  double total = 0;
  for (double& value : values) total += value = std::exp(value - top);
  const double tail = (1 - options_.confidence) / 2;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i] / total;
    if (!segment.start_low && sum >= tail) segment.start_low = before.first + 1 + i;
    if (!segment.start_high && sum >= 1 - tail) segment.start_high = before.first + 1 + i;
  }
  if (!segment.start_high) segment.start_high = segment.last;
  segment.start_low = std::min(*segment.start_low, segment.first);
  segment.start_high = std::max(*segment.start_high, segment.first);
  const double log_odds = top + std::log(total) - log_likelihood(all) - penalty_;
  segment.probability = 1 / (1 + std::exp(-log_odds));
}

std::vector<OutcomeSegment> OutcomeSegmenter::segments(std::span<const OutcomeCount> history) const {
  check(history);
  std::vector<OutcomeSegment> result;
  if (history.empty()) return result;
  const auto starts = starts_of_segments(history);
  for (std::size_t s = 0; s < starts.size(); ++s) {
    OutcomeSegment segment;
    segment.first = starts[s];
    segment.last = (s + 1 < starts.size() ? starts[s + 1] : history.size()) - 1;
    for (std::size_t i = segment.first; i <= segment.last; ++i) segment.counts += history[i];
    segment.counts.position = history[segment.first].position;
    segment.unexpected = rate_of(segment.counts.unexpected, segment.counts.runs, options_.rate_confidence);
    segment.unexpected_after_retry =
        rate_of(segment.counts.retried_unexpected, segment.counts.retried_runs, options_.rate_confidence);
    result.push_back(segment);
  }
  for (std::size_t s = 1; s < result.size(); ++s) locate(result[s], result[s - 1], history);
  return result;
}

}  // namespace resident::stats
