#include <algorithm>
#include <array>
#include <cmath>
#include <learn/backlog.hpp>
#include <numeric>
#include <stats/crps.hpp>
#include <stats/ets.hpp>
#include <stats/intervals.hpp>
#include <stats/ordering.hpp>

namespace resident {

namespace {

constexpr std::size_t kFewestWeeks = 26;   // of history, or nothing is said
constexpr std::size_t kMostHistory = 520;  // weeks looked back
constexpr std::size_t kAges = 110;         // weeks, the last holds all older ones
constexpr std::size_t kYear = 52;
constexpr std::size_t kRefit = 13;  // weeks between two fits of the smoothing
constexpr std::size_t kFewestErrors = 8;
constexpr std::array<const char*, 7> kWays{"no change",
                                           "the count a year before",
                                           "smoothing",
                                           "ageing",
                                           "ageing and no change",
                                           "ageing and smoothing",
                                           "the mean of ageing, smoothing and no change"};
enum Way : std::size_t { kWalk, kSeason, kEts, kAgeing, kAgeingWalk, kAgeingEts, kMost, kWayCount };

// Ages that leave at one rate.
std::size_t bin_of(std::size_t age) {
  static constexpr std::array<std::size_t, 11> kBounds{1, 2, 3, 4, 6, 9, 14, 27, 53, 79, 105};
  return static_cast<std::size_t>(std::upper_bound(kBounds.begin(), kBounds.end(), age) - kBounds.begin());
}
constexpr std::size_t kBins = 12;

// Week t ends at as_of - (count - 1 - t) weeks; the last ends at the moment.
struct History {
  std::vector<double> open;                              // at the end of week t
  std::vector<double> arrived, stayed;                   // came in week t; of those, still open at its end
  std::vector<std::vector<float>> ages;                  // open at the end of week t, by age in weeks
  std::vector<std::array<double, kBins>> exposed, left;  // open at the end of t - 1 by bin, and gone by the end of t
};

History read_history(const std::vector<OpenTime>& items, Timestamp as_of) {
  Timestamp first = as_of;
  for (const auto& item : items) first = std::min(first, item.opened);
  const auto count = std::min<std::size_t>(kMostHistory, static_cast<std::size_t>((as_of - first) / kWeek) + 1);
  History history;
  history.open.assign(count, 0);
  history.arrived = history.stayed = history.open;
  history.ages.assign(count, std::vector<float>(kAges, 0));
  history.exposed.assign(count, {});
  history.left = history.exposed;
  const Timestamp begin = as_of - static_cast<Timestamp>(count - 1) * kWeek;
  // The week whose end is the first at or after the time; below 0 for before all.
  const auto week_of = [&](Timestamp time) {
    return time <= begin ? (time > begin - kWeek ? 0 : -1) : (time - begin + kWeek - 1) / kWeek;
  };
  for (const auto& item : items) {
    if (item.opened > as_of) continue;
    const auto came = week_of(item.opened);
    const bool is_gone = item.closed && *item.closed <= as_of;
    const auto went = is_gone ? week_of(*item.closed) : static_cast<Timestamp>(count);
    if (came >= 0) {
      history.arrived[static_cast<std::size_t>(came)] += 1;
      if (went > came) history.stayed[static_cast<std::size_t>(came)] += 1;
    }
    for (auto week = std::max<Timestamp>(came, 0); week < std::min<Timestamp>(went, static_cast<Timestamp>(count));
         ++week) {
      const auto t = static_cast<std::size_t>(week);
      const auto end = begin + week * kWeek;
      const auto age = std::min<std::size_t>(kAges - 1, static_cast<std::size_t>((end - item.opened) / kWeek));
      history.open[t] += 1;
      history.ages[t][age] += 1;
      if (t + 1 < count) {
        history.exposed[t + 1][bin_of(age)] += 1;
        if (went == week + 1) history.left[t + 1][bin_of(age)] += 1;
      }
    }
  }
  return history;
}

// Expected counts by ageing, from the end of week `origin`.
std::vector<double> age_on(const History& history, std::size_t origin, std::size_t steps) {
  constexpr double kArrivalHalfLife = 26, kLeavingHalfLife = 52;
  double arrived = 0, stayed = 0, weight = 0, all_exposed = 0;
  std::array<double, kBins> exposed{}, left{};
  for (std::size_t back = 0; back <= origin && back < 4 * kYear; ++back) {
    const std::size_t t = origin - back;
    const double recent = std::exp2(-static_cast<double>(back) / kArrivalHalfLife),
                 leaving = std::exp2(-static_cast<double>(back) / kLeavingHalfLife);
    arrived += recent * history.arrived[t];
    weight += recent;
    stayed += leaving * history.stayed[t];
    all_exposed += leaving * history.arrived[t];
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      exposed[bin] += leaving * history.exposed[t][bin];
      left[bin] += leaving * history.left[t][bin];
    }
  }
  arrived /= weight;
  const double stay = all_exposed > 0 ? stayed / all_exposed : 1;
  // Where few of an age were seen, the rate of all is leant on.
  const double rate_of_all = (std::accumulate(left.begin(), left.end(), 0.0) + 0.5) /
                             (std::accumulate(exposed.begin(), exposed.end(), 0.0) + 10);
  std::array<double, kBins> rate{};
  for (std::size_t bin = 0; bin < kBins; ++bin)
    rate[bin] = std::min(1.0, (left[bin] + 10 * rate_of_all) / (exposed[bin] + 10));
  std::vector<double> now(history.ages[origin].begin(), history.ages[origin].end()), next(kAges), result;
  for (std::size_t step = 0; step < steps; ++step) {
    std::fill(next.begin(), next.end(), 0.0);
    for (std::size_t age = 0; age < kAges; ++age)
      next[std::min(age + 1, kAges - 1)] += now[age] * (1 - rate[bin_of(age)]);
    next[0] += arrived * stay;
    now.swap(next);
    result.push_back(std::accumulate(now.begin(), now.end(), 0.0));
  }
  return result;
}

class Forecaster {
 public:
  Forecaster(const History& history, std::size_t steps) : history_(history), steps_(steps) {}

  // Means by way, from the end of that week.
  struct Means {
    std::array<std::vector<double>, kWayCount> of;
    std::vector<double> deviation;  // that the smoothing gives itself
  };
  Means means(std::size_t origin) {
    Means both;
    auto& result = both.of;
    auto smoothing = smoothed(origin);
    both.deviation = std::move(smoothing.deviation);
    const double now = history_.open[origin];
    result[kWalk].assign(steps_, now);
    for (std::size_t k = 1; k <= steps_; ++k) {
      const bool has_year = origin + k >= kYear && origin >= kYear;
      result[kSeason].push_back(has_year ? history_.open[origin + ((k - 1) % kYear) + 1 - kYear] : now);
    }
    result[kEts] = std::move(smoothing.mean);
    result[kAgeing] = age_on(history_, origin, steps_);
    for (std::size_t k = 0; k < steps_; ++k) {
      const double aged = result[kAgeing][k], smooth = result[kEts][k];
      result[kAgeingWalk].push_back((aged + now) / 2);
      result[kAgeingEts].push_back((aged + smooth) / 2);
      result[kMost].push_back((aged + smooth + now) / 3);
    }
    return both;
  }

 private:
  stats::Forecast smoothed(std::size_t origin) {
    constexpr std::size_t kLongest = 5 * kYear;
    const std::size_t begin = origin + 1 > kLongest ? origin + 1 - kLongest : 0;
    const std::vector<double> series(history_.open.begin() + static_cast<std::ptrdiff_t>(begin),
                                     history_.open.begin() + static_cast<std::ptrdiff_t>(origin + 1));
    if (series.size() < 8) {
      stats::Forecast flat;
      for (std::size_t k = 1; k <= steps_; ++k) {
        flat.mean.push_back(series.back());
        flat.deviation.push_back(std::sqrt((1 + series.back() / 10) * static_cast<double>(k)));
      }
      return flat;
    }
    const bool is_old =
        fitted_at_ == 0 || origin < fitted_at_ || origin - fitted_at_ >= kRefit || begin != fitted_begin_;
    if (is_old) {
      fit_ = stats::ets_choose(series);
      fitted_at_ = std::max<std::size_t>(origin, 1);
      fitted_begin_ = begin;
    }
    return stats::ets_forecast(is_old ? fit_ : stats::ets_filter(series, fit_.model, fit_.start), steps_);
  }

  const History& history_;
  std::size_t steps_, fitted_at_ = 0, fitted_begin_ = 0;
  stats::EtsFit fit_;
};

// What came less what was foreseen, at past origins; asked for what was known at one.
class Errors {
 public:
  explicit Errors(std::size_t steps) : steps_(steps) {}
  void add(std::size_t origin, const std::vector<double>& mean, const std::vector<double>& open) {
    std::vector<double> errors;
    for (std::size_t k = 1; k <= steps_ && origin + k < open.size(); ++k)
      errors.push_back(open[origin + k] - mean[k - 1]);
    all_.emplace_back(origin, std::move(errors));
  }

  struct Spread {
    std::vector<double> deviation;  // by step
    std::vector<double> shape;      // errors over their deviation, in order
    std::size_t count = 0;
  };
  // model: what the smoothing says of its own error, by step; half of the variance is its.
  Spread known_at(std::size_t now, const std::vector<double>& model) const {
    Spread spread;
    std::vector<double> squares(steps_, 0), weights(steps_, 0);
    for (const auto& [origin, errors] : all_) {
      const double weight = std::exp2(-static_cast<double>(now - origin) / 104);
      for (std::size_t k = 0; k < errors.size() && origin + k + 1 <= now; ++k) {
        squares[k] += weight * errors[k] * errors[k];
        weights[k] += weight;
      }
      spread.count += origin + 1 <= now && !errors.empty();
    }
    // The deviations grow with the square root of the step unless the errors tell otherwise: of few, they lean on that.
    double first = 0, total = 0;
    for (std::size_t k = 0; k < steps_; ++k) {
      first += squares[k] / static_cast<double>(k + 1);
      total += weights[k];
    }
    const double per_step = total > 0 ? first / total : 1;
    for (std::size_t k = 0; k < steps_; ++k) {
      constexpr double kLean = 3;
      const double variance = (squares[k] + kLean * per_step * static_cast<double>(k + 1)) / (weights[k] + kLean);
      spread.deviation.push_back(std::sqrt(std::max((variance + model[k] * model[k]) / 2, 0.05)));
    }
    for (const auto& [origin, errors] : all_)
      for (std::size_t k = 0; k < errors.size() && origin + k + 1 <= now; ++k)
        spread.shape.push_back(errors[k] / spread.deviation[k]);
    stats::sort_values(spread.shape);
    return spread;
  }

 private:
  std::size_t steps_;
  std::vector<std::pair<std::size_t, std::vector<double>>> all_;
};

// The quantile of the standardised errors: half as they were, half normal; wider where few are known.
double reach(const Errors::Spread& spread, double p) {
  const double normal = (p < 0.5 ? -1 : 1) * stats::normal_quantile(std::fabs(2 * p - 1));
  if (spread.count < 20) return normal * (1 + 2 / std::max(4.0, static_cast<double>(spread.count)));
  const double place = p * static_cast<double>(spread.shape.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const double high = spread.shape[std::min(low + 1, spread.shape.size() - 1)];
  const double observed = spread.shape[low] + (place - static_cast<double>(low)) * (high - spread.shape[low]);
  return (observed + normal) / 2;
}

struct Tally {
  double crps = 0, absolute = 0, within80 = 0, within95 = 0, count = 0;
};

// Why nothing can be foreseen from it; "" where something can.
std::string what_is_missing(const History& history) {
  const auto& open = history.open;
  if (open.size() < kFewestWeeks)
    return "only " + std::to_string(open.size()) + " weeks are known, and " + std::to_string(kFewestWeeks) +
           " are needed";
  if (std::all_of(open.begin(), open.end(), [&](double each) { return each == open.front(); }))
    return "as many were open at the end of each of the " + std::to_string(open.size()) +
           " weeks that are known, so nothing tells how far that may go";
  return "";
}

}  // namespace

BacklogForecast forecast_backlog(const std::vector<OpenTime>& items, Timestamp as_of, int weeks) {
  BacklogForecast result;
  const History history = read_history(items, as_of);
  const std::size_t count = history.open.size(), steps = static_cast<std::size_t>(weeks);
  result.missing = items.empty() ? "nothing is known to have been opened" : what_is_missing(history);
  if (!result.missing.empty()) return result;
  for (std::size_t t = 0; t < count; ++t)
    result.history.emplace_back(as_of - static_cast<Timestamp>(count - 1 - t) * kWeek, history.open[t]);
  for (std::size_t t = count > kYear / 2 ? count - kYear / 2 : 0; t < count; ++t)
    result.arrivals += history.arrived[t] / static_cast<double>(std::min(count, kYear / 2));
  result.departures =
      result.arrivals - (history.open.back() - history.open[count > kYear / 2 ? count - kYear / 2 - 1 : 0]) /
                            static_cast<double>(std::min(count, kYear / 2));

  Forecaster forecaster(history, steps);
  std::vector<Errors> errors(kWayCount, Errors(steps));
  std::vector<Tally> tallies(kWayCount);
  // Every second week keeps long histories quick; short ones are replayed weekly.
  const std::size_t first = std::min<std::size_t>(kFewestWeeks / 2, count / 2), stride = count > 160 ? 2 : 1;
  for (std::size_t origin = first; origin + 1 < count; origin += stride) {
    const auto means = forecaster.means(origin);
    for (std::size_t way = 0; way < kWayCount; ++way) {
      const auto spread = errors[way].known_at(origin, means.deviation);
      if (spread.count >= kFewestErrors)
        for (std::size_t k = 1; k <= steps && origin + k < count; ++k) {
          const double came = history.open[origin + k], mean = means.of[way][k - 1],
                       deviation = spread.deviation[k - 1];
          const double recent = std::exp2(-static_cast<double>(count - origin) / (4 * kYear));
          Tally& tally = tallies[way];
          tally.crps += recent * stats::crps_normal(mean, deviation, came);
          tally.absolute += recent * std::fabs(came - mean);
          const auto within = [&](double p) {  // of the bounds as they are shown
            return came >= mean + deviation * reach(spread, (1 - p) / 2) &&
                   came <= mean + deviation * reach(spread, (1 + p) / 2);
          };
          tally.within80 += recent * within(0.8);
          tally.within95 += recent * within(0.95);
          tally.count += recent;
        }
      errors[way].add(origin, means.of[way], history.open);
    }
    ++result.origins;
  }
  // The mean of all is the safest: what did best in a short past seldom stays it by much.
  std::size_t chosen = kMost;
  const auto score = [&](std::size_t way) { return tallies[way].crps / std::max(tallies[way].count, 1e-9); };
  for (std::size_t way = 0; way < kWayCount; ++way)
    if (tallies[way].count > 0 && score(way) < (chosen == kMost ? 0.9 : 1) * score(chosen)) chosen = way;
  for (std::size_t way = 0; way < kWayCount; ++way) {
    const Tally& tally = tallies[way];
    if (tally.count > 0)
      result.records.push_back({kWays[way], score(way), tally.absolute / tally.count, tally.within80 / tally.count,
                                tally.within95 / tally.count});
  }
  std::stable_sort(result.records.begin(), result.records.end(),
                   [](const BacklogRecord& a, const BacklogRecord& b) { return a.crps < b.crps; });
  result.way = kWays[chosen];
  const auto last = forecaster.means(count - 1);
  const auto& mean = last.of[chosen];
  const auto spread = errors[chosen].known_at(count - 1, last.deviation);
  for (std::size_t k = 0; k < steps; ++k) {
    const auto bound = [&](double p) { return std::max(0.0, mean[k] + spread.deviation[k] * reach(spread, p)); };
    BacklogWeek week{as_of + static_cast<Timestamp>(k + 1) * kWeek, std::max(0.0, mean[k])};
    week.low50 = bound(0.25), week.high50 = bound(0.75);
    week.low80 = bound(0.1), week.high80 = bound(0.9);
    week.low95 = bound(0.025), week.high95 = bound(0.975);
    week.low50 = std::min(week.low50, week.mean), week.high50 = std::max(week.high50, week.mean);
    week.low80 = std::min(week.low80, week.low50), week.high80 = std::max(week.high80, week.high50);
    week.low95 = std::min(week.low95, week.low80), week.high95 = std::max(week.high95, week.high80);
    result.weeks.push_back(week);
  }
  return result;
}

}  // namespace resident
