#include <algorithm>
#include <cmath>
#include <limits>
#include <stats/pelt.hpp>
#include <tuple>

namespace resident::stats {

namespace {

// Sums up to each place of what the values are off their mean, so that the cost of any stretch is four look-ups.
struct Sums {
  explicit Sums(std::span<const double> values) : sums(values.size() + 1, 0), squares(values.size() + 1, 0) {
    double centre = 0;
    for (const double value : values) centre += value / static_cast<double>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double off = values[i] - centre;
      sums[i + 1] = sums[i] + off;
      squares[i + 1] = squares[i] + off * off;
      lowest = std::min(lowest, off), highest = std::max(highest, off);
    }
  }
  std::vector<double> sums, squares;
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
};

std::vector<std::size_t> starts_of(const std::vector<std::size_t>& from) {
  std::vector<std::size_t> starts;
  for (std::size_t end = from.size() - 1; from[end] > 0; end = from[end]) starts.push_back(from[end]);
  std::reverse(starts.begin(), starts.end());
  return starts;
}

// Where the last stretch may begin, beside each other so that all are tried in one sweep. PELT alone drops none in a
// series without changes and takes quadratic time there. As in functional pruning (Maidstone et al. 2017), a beginning
// is also dropped once there is no level that the last stretch could have at which it is the cheapest: of two
// beginnings a < b, a is as cheap as b exactly at the levels within an interval around the mean of the values between
// them, and later values change nothing in that. The levels left to a beginning are kept as an interval with a hole,
// which may be too large, and only some pairs are compared: what is dropped could never win, and the result is that of
// trying all.
class Beginnings {
 public:
  Beginnings(const Sums& of, std::size_t count, double penalty)
      : of_(of), penalty_(penalty), margin_(1e-10 * (of.squares[count] + std::abs(penalty))) {
    for (auto* column : {&best_, &sum_, &square_, &place_, &low_, &high_, &hole_low_, &hole_high_, &costs_})
      column->resize(count + 1);
  }

  void add(std::size_t place, double best) {
    best_[size_] = best, sum_[size_] = of_.sums[place], square_[size_] = of_.squares[place];
    place_[size_] = static_cast<double>(place);
    low_[size_] = of_.lowest, high_[size_] = of_.highest;
    hole_low_[size_] = 1, hole_high_[size_] = -1;  // none
    ++size_;
  }

  // The cheapest way to end here: its cost, and where its last stretch begins, the first of several.
  std::pair<double, std::size_t> end_at(std::size_t end) {
    const double least = sweep(of_.sums[end], of_.squares[end], static_cast<double>(end));
    std::size_t winner = 0;
    while (winner + 1 < size_ && costs_[winner] + penalty_ != least) ++winner;
    const auto begin = static_cast<std::size_t>(place_[winner]);
    drop(least, winner, end % kEvery == 0);
    return {least, begin};
  }

 private:
  static constexpr std::size_t kFew = 16, kEvery = 8;
  struct Begin {
    double best, sum, square, place;
  };
  Begin at(std::size_t i) const { return {best_[i], sum_[i], square_[i], place_[i]}; }

  // What each beginning costs here, and the least with the penalty; several at once, as their order is of no matter.
  double sweep(double sum, double square, double place) {
    const double *best = best_.data(), *sums = sum_.data(), *squares = square_.data(), *places = place_.data();
    double* __restrict costs = costs_.data();
    for (std::size_t i = 0; i < size_; ++i) {
      const double own = sum - sums[i];
      costs[i] = best[i] + (square - squares[i] - own * own / (place - places[i]));
    }
    double least[4] = {costs[0], costs[0], costs[0], costs[0]};
    std::size_t i = 0;
    for (; i + 4 <= size_; i += 4)
      for (std::size_t k = 0; k < 4; ++k) least[k] = std::min(least[k], costs[i + k]);
    for (; i < size_; ++i) least[0] = std::min(least[0], costs[i]);
    return std::min(std::min(least[0], least[1]), std::min(least[2], least[3])) + penalty_;
  }

  void drop(double least, std::size_t winner, bool is_due) {
    const bool compares = size_ > kFew && is_due;
    std::size_t dear = 0;
    for (std::size_t i = 0; i < size_; ++i) dear += costs_[i] > least ? 1 : 0;
    if (!compares && dear == 0) return;
    const std::size_t last = size_ - 1;
    const Begin against[] = {at(winner), at(last), at(last - std::min(last, kEvery / 2))};
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i)
      if (costs_[i] <= least && (!compares || can_win(i, against))) move(i, kept++);
    size_ = kept;
  }

  void move(std::size_t i, std::size_t to) {
    if (i == to) return;
    best_[to] = best_[i], sum_[to] = sum_[i], square_[to] = square_[i], place_[to] = place_[i];
    low_[to] = low_[i], high_[to] = high_[i], hole_low_[to] = hole_low_[i], hole_high_[to] = hole_high_[i];
  }

  bool can_win(std::size_t i, std::span<const Begin> against) {
    for (const Begin& other : against) {
      if (other.place == place_[i]) continue;
      const bool is_later = other.place > place_[i];
      const Begin own = at(i);
      const Begin &first = is_later ? own : other, &second = is_later ? other : own;
      const double length = second.place - first.place, sum = second.sum - first.sum;
      const double ahead = second.best - first.best - (second.square - first.square - sum * sum / length);
      const double sure = is_later ? ahead + margin_ : ahead - margin_;
      if (sure < 0) {
        if (is_later) return false;
        continue;
      }
      const double middle = sum / length, half = std::sqrt(sure / length);
      if (is_later)
        low_[i] = std::max(low_[i], middle - half), high_[i] = std::min(high_[i], middle + half);
      else
        widen_hole(i, middle - half, middle + half);
      if (hole_low_[i] <= hole_high_[i]) {
        if (low_[i] >= hole_low_[i]) low_[i] = std::max(low_[i], hole_high_[i]);
        if (high_[i] <= hole_high_[i]) high_[i] = std::min(high_[i], hole_low_[i]);
      }
      if (low_[i] > high_[i]) return false;
    }
    return true;
  }

  // One hole: the union where they overlap, else the larger.
  void widen_hole(std::size_t i, double low, double high) {
    if (hole_low_[i] <= hole_high_[i] && low <= hole_high_[i] && high >= hole_low_[i])
      hole_low_[i] = std::min(hole_low_[i], low), hole_high_[i] = std::max(hole_high_[i], high);
    else if (hole_low_[i] > hole_high_[i] || high - low > hole_high_[i] - hole_low_[i])
      hole_low_[i] = low, hole_high_[i] = high;
  }

  const Sums& of_;
  double penalty_, margin_;  // margin_: more than sums of doubles are wrong by
  std::size_t size_ = 0;
  std::vector<double> best_, sum_, square_, place_, low_, high_, hole_low_, hole_high_, costs_;
};

}  // namespace

std::vector<std::size_t> pelt(std::span<const double> values, const PeltOptions& options) {
  const std::size_t count = values.size(), least = std::max<std::size_t>(1, options.least_segment);
  if (count < 2 * least) return {};
  const Sums sums(values);
  std::vector<double> best(count + 1, 0);
  std::vector<std::size_t> from(count + 1, 0);
  Beginnings beginnings(sums, count, options.penalty);
  beginnings.add(0, -options.penalty);
  for (std::size_t end = least; end <= count; ++end) {
    if (end >= 2 * least) beginnings.add(end - least, best[end - least]);
    std::tie(best[end], from[end]) = beginnings.end_at(end);
  }
  return starts_of(from);
}

}  // namespace resident::stats
