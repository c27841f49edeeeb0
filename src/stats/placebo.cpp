#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <stats/placebo.hpp>
#include <stats/quantile.hpp>

namespace resident::stats {

namespace {

using Series = std::vector<double>;

constexpr double kLevel = 0.05, kPi = 3.14159265358979323846;
constexpr double kFewCounts = 200;  // a window

// Ways to foresee the mean of the next steps from those before.
struct Rule {
  enum class Kind { level, blend, trend, season } kind = Kind::level;
  std::size_t length = 1;  // steps looked at
  std::size_t period = 0;  // of a season

  std::string name() const {
    const std::string steps = std::to_string(length);
    switch (kind) {
      case Kind::level:
        return "the mean of the " + steps + " steps before";
      case Kind::blend:
        return "half the mean of the " + steps + " steps before, half that of all";
      case Kind::trend:
        return "half the slope of the " + steps + " steps before, carried on";
      case Kind::season:
        return "the mean of the " + steps + " steps before, times last season's change";
    }
    return {};
  }
};

double mean(const Series& series, std::size_t begin, std::size_t end) {
  return std::accumulate(series.begin() + static_cast<std::ptrdiff_t>(begin),
                         series.begin() + static_cast<std::ptrdiff_t>(end), 0.0) /
         static_cast<double>(end - begin);
}

// The part of the question that stays the same at each start.
class Test {
 public:
  explicit Test(const PlaceboQuestion& question);

  PlaceboAnswer answer() const;

 private:
  using Changes = std::vector<double>;  // of each start, in the same order: pseudo-starts, then the start
  void find_rules();
  double expected(const Series& series, std::size_t start, const Rule& rule) const;
  // Changes are of logarithms, of roots or of the values: on which scale their noise is most alike at every level is
  // told by the likelihood (Box and Cox 1964).
  enum class Scale { logarithm, root, plain };
  void find_scales();
  static double scaled(double value, Scale scale, double offset);
  double unscaled(double value, Scale scale) const;
  double log_slope(Scale scale) const;  // mean logarithm of the scale's slope at what was observed
  double observed(std::size_t place) const;
  Changes changes(const Series& series, const Rule& rule, Scale scale, double offset) const;
  using Columns = std::vector<Changes>;
  Columns control_columns(const Rule& rule, Scale scale, std::size_t left_out) const;
  Columns season_columns() const;
  static Changes without_columns(Changes outcome, const Columns& columns);
  // A way to foresee, and what it leaves of the changes.
  struct Choice {
    Rule rule;
    Scale scale = Scale::plain;
    Changes changes;
    std::string taken_off;
  };
  std::vector<Choice> choices(Scale scale, std::size_t left_out, bool of_a_shift = false) const;
  Choice choose(std::size_t left_out) const;
  std::pair<double, double> interval(Scale scale, double change, double reach) const;
  // The effect of a change by so much from what was to be expected, both on the scale.
  double effect_of(double change, double from, Scale scale) const;
  double power_at(const std::vector<double>& placebos, Scale scale, double effect) const;

  const PlaceboQuestion& question_;
  std::size_t begin_ = 0, end_, window_ = 0, training_ = 0;
  bool is_relative_ = true;
  std::vector<Scale> scales_;
  double offset_ = 0;
  std::vector<std::size_t> starts_;
  std::vector<Rule> rules_;
};

Test::Test(const PlaceboQuestion& question) : question_(question) {
  const auto& outcome = question.outcome;
  end_ = question.end == 0 ? outcome.size() : std::min(question.end, outcome.size());
  if (question.start >= end_) return;
  is_relative_ =
      std::all_of(outcome.begin(), outcome.end(), [](double each) { return each >= 0; }) && mean(outcome, 0, end_) > 0;
  // Zeros before the first of all are no past: there was nothing yet that could have changed.
  while (is_relative_ && begin_ < question.start && outcome[begin_] == 0) ++begin_;
  const std::size_t past = question.start - begin_;
  training_ = std::clamp<std::size_t>(past / 4, std::min<std::size_t>(8, past), 60);
  const std::size_t room = past - training_;
  const std::size_t longest = room / static_cast<std::size_t>(kFewestPlacebos);
  window_ = std::min(end_ - question.start, question.window > 0 ? question.window : std::max<std::size_t>(longest, 1));
  // As many as make a rank of 5 % (1 of 21, 2 of 40, 3 of 60 …), the nearest ones: with 30 it would be 1 of 31.
  std::size_t count = room / window_;
  constexpr std::size_t kOf = 20;
  if (const std::size_t beyond = (count + 1) / kOf; beyond > 0)
    count = std::min(count, std::max<std::size_t>(kFewestPlacebos, kOf * beyond - 1));
  for (; count > 0; --count) starts_.push_back(question.start - count * window_);
  starts_.push_back(question.start);
  // Half a count over the window, so that a window without any has a logarithm.
  offset_ = 0.5 / static_cast<double>(window_) * std::min(1.0, mean(outcome, begin_, question.start + 1));
  find_scales();
  find_rules();
}

void Test::find_scales() {
  const auto& outcome = question_.outcome;
  const bool is_counted =
      std::all_of(outcome.begin(), outcome.end(), [](double each) { return each == std::floor(each); });
  // Of few counts windows without any are to be reckoned with, whose logarithms tell nothing.
  const bool is_few = is_counted && mean(outcome, begin_, end_) * static_cast<double>(window_) < kFewCounts;
  if (is_relative_ && !is_few) scales_.push_back(Scale::logarithm);
  if (is_relative_) scales_.push_back(Scale::root);
  // Counts scatter the more the higher they are.
  if (!is_counted || !is_relative_) scales_.push_back(Scale::plain);
}

void Test::find_rules() {
  std::vector<std::size_t> lengths;
  for (std::size_t length = std::max<std::size_t>(window_ / 2, 1); length < training_; length *= 2)
    lengths.push_back(length);
  lengths.push_back(training_);
  for (const std::size_t length : lengths) {
    rules_.push_back({Rule::Kind::level, length});
    if (length < training_) rules_.push_back({Rule::Kind::blend, length});
    if (length >= 8) rules_.push_back({Rule::Kind::trend, length});
    for (const std::size_t period : question_.seasons)
      if (period > 1 && window_ <= period && period + length <= training_)
        rules_.push_back({Rule::Kind::season, length, period});
  }
}

double Test::expected(const Series& series, std::size_t start, const Rule& rule) const {
  const double level = mean(series, start - rule.length, start);
  switch (rule.kind) {
    case Rule::Kind::level:
      return level;
    case Rule::Kind::blend:
      return (level + mean(series, start - training_, start)) / 2;
    case Rule::Kind::trend: {
      // Of the regression line; from the middle of what was looked at to the middle of the window.
      const double n = static_cast<double>(rule.length), middle = (n - 1) / 2;
      double slope = 0;
      for (std::size_t i = 0; i < rule.length; ++i)
        slope += (static_cast<double>(i) - middle) * series[start - rule.length + i];
      slope *= 12 / (n * (n * n - 1));
      const double carried = level + slope * (n + static_cast<double>(window_)) / 2 / 2;
      return is_relative_ ? std::max(carried, level / 2) : carried;
    }
    case Rule::Kind::season: {
      const std::size_t back = start - rule.period;
      const double then = mean(series, back, std::min(back + window_, start)),
                   before = mean(series, back - rule.length, back);
      return is_relative_ ? level * (then + offset_) / (before + offset_) : level + then - before;
    }
  }
  return level;
}

double Test::scaled(double value, Scale scale, double offset) {
  if (scale == Scale::logarithm) return std::log(value + offset);
  return scale == Scale::root ? std::sqrt(std::max(value, 0.0)) : value;
}

double Test::unscaled(double value, Scale scale) const {
  if (scale == Scale::logarithm) return std::exp(value) - offset_;
  return scale == Scale::root ? std::pow(std::max(value, 0.0), 2) : value;
}

double Test::observed(std::size_t place) const {
  return mean(question_.outcome, starts_[place], starts_[place] + window_);
}

double Test::log_slope(Scale scale) const {
  if (scale == Scale::plain) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const double value = std::log(observed(i) + offset_);
    sum -= scale == Scale::root ? value / 2 + std::log(2.0) : value;
  }
  return sum / static_cast<double>(starts_.size());
}

double Test::effect_of(double change, double from, Scale scale) const {
  if (!is_relative_) return change;
  const double offset = scale == Scale::logarithm ? offset_ : 0;
  const double now = unscaled(from + change, scale) + offset, expected = unscaled(from, scale) + offset;
  return std::max(now, 0.0) / std::max(expected, offset_) - 1;
}

Test::Changes Test::changes(const Series& series, const Rule& rule, Scale scale, double offset) const {
  Changes result;
  for (const std::size_t start : starts_)
    result.push_back(scaled(mean(series, start, start + window_), scale, offset) -
                     scaled(expected(series, start, rule), scale, offset));
  return result;
}

// The changes of the controls at the same moments.
Test::Columns Test::control_columns(const Rule& rule, Scale scale, std::size_t left_out) const {
  Columns columns;
  for (std::size_t k = 0; k < question_.controls.size(); ++k) {
    if (k == left_out) continue;
    const auto& control = question_.controls[k];
    const bool is_positive = std::all_of(control.begin(), control.end(), [](double each) { return each >= 0; });
    if (is_relative_ && !is_positive) continue;
    const double offset = 0.5 / static_cast<double>(window_) * std::min(1.0, mean(control, begin_, end_)) + 1e-9;
    columns.push_back(changes(control, rule, scale, offset));
  }
  return columns;
}

// Where in the season each window lies: a wave, so that starts at the same time of the year are held against each
// other.
Test::Columns Test::season_columns() const {
  Columns columns;
  for (const std::size_t period : question_.seasons) {
    // Two rounds at least, and two windows a round; else a wave would follow anything.
    if (period < 2 * window_ || starts_.back() - starts_.front() < 2 * period) continue;
    for (const double shift : {0.0, 0.25}) {
      columns.emplace_back();
      for (const std::size_t start : starts_) {
        const double middle = static_cast<double>(start) + static_cast<double>(window_) / 2;
        columns.back().push_back(std::sin(2 * kPi * (middle / static_cast<double>(period) + shift)));
      }
    }
  }
  return columns;
}

// What remains of the outcome's changes when what goes with those columns is taken off: ridge regression over all
// starts, each one's remainder by the regression of the others (so that the start and the pseudo-starts are treated
// alike).
Test::Changes Test::without_columns(Changes outcome, const Columns& columns) {
  const auto n = static_cast<Eigen::Index>(outcome.size()), count = static_cast<Eigen::Index>(columns.size());
  if (count == 0) return outcome;
  Eigen::MatrixXd x(n, count + 1);
  x.col(0).setOnes();
  for (Eigen::Index j = 0; j < count; ++j) {
    Eigen::VectorXd column = Eigen::Map<const Eigen::VectorXd>(columns[static_cast<std::size_t>(j)].data(), n);
    column.array() -= column.mean();
    const double scale = std::sqrt(column.squaredNorm() / static_cast<double>(n));
    x.col(j + 1) = scale > 0 ? Eigen::VectorXd(column / scale) : column;
  }
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(outcome.data(), n);
  Eigen::MatrixXd inner = x.transpose() * x;
  for (Eigen::Index j = 1; j <= count; ++j) inner(j, j) += 1 + static_cast<double>(count);
  const Eigen::MatrixXd inverse = inner.inverse();
  const Eigen::VectorXd beta = inverse * (x.transpose() * y);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double leverage = x.row(i) * inverse * x.row(i).transpose();
    outcome[static_cast<std::size_t>(i)] = (y[i] - x.row(i).dot(beta)) / (1 - leverage) + beta[0];
  }
  return outcome;
}

double mean_distance(const std::vector<double>& values) {
  const double center = median(values);
  double sum = 0;
  for (const double each : values) sum += std::fabs(each - center);
  return sum / static_cast<double>(values.size());
}

// How many of the changes lie at least as far from the middle of all as the one at that place, itself among them.
double rank_p(const std::vector<double>& changes, std::size_t place) {
  const double center = median(changes), distance = std::fabs(changes[place] - center);
  const auto further = std::count_if(changes.begin(), changes.end(),
                                     [&](double each) { return std::fabs(each - center) >= distance * (1 - 1e-12); });
  return static_cast<double>(further) / static_cast<double>(changes.size());
}

// All ways on a scale. of_a_shift: instead, by how much each one's changes move where that of the start moves by 1.
std::vector<Test::Choice> Test::choices(Scale scale, std::size_t left_out, bool of_a_shift) const {
  std::vector<Choice> list;
  const Columns seasons = season_columns();
  for (const auto& rule : rules_) {
    Changes all(starts_.size(), 0);
    if (of_a_shift)
      all.back() = 1;
    else
      all = changes(question_.outcome, rule, scale, offset_);
    list.push_back({rule, scale, all, ""});
    const Columns controls = control_columns(rule, scale, left_out);
    if (!controls.empty())
      list.push_back({rule, scale, without_columns(all, controls), "; what goes with the controls is taken off"});
    if (seasons.empty()) continue;
    list.push_back({rule, scale, without_columns(all, seasons), "; what goes with the time of the year is taken off"});
    if (controls.empty()) continue;
    Columns both = controls;
    both.insert(both.end(), seasons.begin(), seasons.end());
    list.push_back({rule, scale, without_columns(all, both),
                    "; what goes with the controls and the time of the year is taken off"});
  }
  return list;
}

// The scale, the rule, and whether controls help, by what is likeliest over all starts (noise of Laplace): what
// scatters least, as seen from the values themselves.
Test::Choice Test::choose(std::size_t left_out) const {
  Choice best;
  double least = INFINITY;
  for (const Scale scale : scales_) {
    const double slope = log_slope(scale);
    for (auto& way : choices(scale, left_out))
      if (const double unlikely = std::log(mean_distance(way.changes) + 1e-300) - slope; unlikely < least) {
        least = unlikely;
        best = std::move(way);
      }
  }
  return best;
}

// All shifts of the start's change that are not rejected at the level, once taken off; each with the way that is then
// chosen, as a way that is chosen with the effect in it favours what hides it. change: what is found; reach: about how
// far the ends lie from it.
std::pair<double, double> Test::interval(Scale scale, double change, double reach) const {
  const auto ways = choices(scale, static_cast<std::size_t>(-1)),
             slopes = choices(scale, static_cast<std::size_t>(-1), true);
  Changes moved, best;
  const auto is_held = [&](double shift) {
    double least = INFINITY;
    for (std::size_t k = 0; k < ways.size(); ++k) {
      moved = ways[k].changes;
      for (std::size_t i = 0; i < moved.size(); ++i) moved[i] -= shift * slopes[k].changes[i];
      if (const double distance = mean_distance(moved); distance < least) {
        least = distance;
        best = moved;
      }
    }
    return rank_p(best, best.size() - 1) > kLevel;
  };
  const auto end = [&](double direction) {
    double held = 0, beyond = reach;
    for (int tries = 0; tries < 8 && is_held(change + direction * beyond); ++tries) held = beyond, beyond *= 2;
    for (int halved = 0; halved < 8; ++halved) {
      const double middle = (held + beyond) / 2;
      (is_held(change + direction * middle) ? held : beyond) = middle;
    }
    return change + direction * beyond;
  };
  return {end(-1), end(1)};
}

// At how many of the pseudo-starts an effect of so much would have been called one: where, all its values being so
// much higher, it lies further from the middle than all but as many as the level allows.
double Test::power_at(const std::vector<double>& placebos, Scale scale, double effect) const {
  const auto allowed = static_cast<std::int64_t>(kLevel * static_cast<double>(placebos.size() + 1));
  int seen = 0;
  for (std::size_t i = 0; i < placebos.size(); ++i) {
    const double was = observed(i), risen = is_relative_ ? was * (1 + effect) : was + effect;
    auto shifted = placebos;
    shifted[i] += scaled(risen, scale, offset_) - scaled(was, scale, offset_);
    seen += std::lround(rank_p(shifted, i) * static_cast<double>(placebos.size())) <= allowed;
  }
  return static_cast<double>(seen) / static_cast<double>(placebos.size());
}

PlaceboAnswer Test::answer() const {
  PlaceboAnswer result;
  result.window = window_;
  result.is_relative = is_relative_;
  const std::size_t count = starts_.empty() ? 0 : starts_.size() - 1;
  if (question_.start >= end_) {
    result.missing = "nothing is known after the start";
    return result;
  }
  for (std::size_t i = 0; i < count; ++i) result.placebos.push_back({starts_[i], 0});
  if (count < static_cast<std::size_t>(kFewestPlacebos)) {
    result.missing = "before the start there is room for " + std::to_string(count) + " pseudo-starts, and " +
                     std::to_string(kFewestPlacebos) + " are needed";
    return result;
  }
  const char* const constant = "the series does not vary before the start, so nothing tells an effect from chance";
  const auto before = question_.outcome.begin() + static_cast<std::ptrdiff_t>(question_.start);
  if (std::all_of(question_.outcome.begin(), before, [&](double each) { return each == question_.outcome.front(); })) {
    result.missing = constant;
    return result;
  }
  const Choice chosen = choose(static_cast<std::size_t>(-1));
  const Rule& rule = chosen.rule;
  const Scale scale = chosen.scale;
  const Changes& all = chosen.changes;
  const std::vector<double> placebos(all.begin(), all.end() - 1);
  if (mean_distance(placebos) <= 1e-12) {
    result.missing = constant;
    return result;
  }
  result.is_answered = true;
  result.foreseen_by = rule.name() +
                       (scale == Scale::logarithm ? ", on logarithms"
                        : scale == Scale::root    ? ", on roots"
                                                  : "") +
                       chosen.taken_off;
  result.p = rank_p(all, count);
  const double center = median(placebos);
  // What was to be expected at that place, on the scale.
  const auto from = [&](std::size_t place) { return scaled(observed(place), scale, offset_) - (all[place] - center); };
  std::vector<double> distances;
  for (std::size_t i = 0; i < count; ++i) {
    result.placebos[i].effect = effect_of(placebos[i] - center, from(i), scale);
    distances.push_back(std::fabs(placebos[i] - center));
  }
  std::sort(distances.begin(), distances.end(), std::greater<>());
  // The largest but as many as may lie beyond: what is not rejected at 5 %.
  const auto beyond = static_cast<std::size_t>(kLevel * static_cast<double>(count + 1));
  const double reach = distances[std::max<std::size_t>(beyond, 1) - 1];
  const double change = all[count] - center;
  // Where the rank and the distance disagree by a hair, the rank decides.
  auto [low, high] = interval(scale, change, std::max(reach, mean_distance(placebos)));
  if (result.p <= kLevel && low <= 0 && high >= 0) (change > 0 ? low : high) = change > 0 ? 1e-9 : -1e-9;
  if (result.p > kLevel && low > 0) low = 0;
  if (result.p > kLevel && high < 0) high = 0;
  result.effect = effect_of(change, from(count), scale);
  result.low = effect_of(low, from(count), scale);
  result.high = effect_of(high, from(count), scale);
  result.observed = observed(count);
  result.expected = !is_relative_        ? result.observed - result.effect
                    : result.effect > -1 ? result.observed / (1 + result.effect)
                                         : unscaled(from(count), scale);
  const double unit = is_relative_ ? 1 : std::fabs(mean(question_.outcome, begin_, question_.start));
  const auto power = [&](double effect) { return power_at(placebos, scale, effect * unit); };
  for (const double effect : {0.1, 0.2, 0.4}) result.power.push_back({effect, power(effect)});
  for (double effect = 0.02; effect < 20 && result.smallest_seen == 0; effect *= 1.1)
    if (power(effect) >= 0.8) result.smallest_seen = effect;
  result.pre_trend_p = rank_p(placebos, count - 1);
  for (std::size_t k = 0; k < question_.controls.size(); ++k) {
    const auto other = choose(k);
    const double moved = other.changes[count] - median({other.changes.begin(), other.changes.end() - 1});
    result.without_control.push_back(
        effect_of(moved, scaled(result.observed, other.scale, offset_) - moved, other.scale));
  }
  return result;
}

}  // namespace

PlaceboAnswer placebo_test(const PlaceboQuestion& question) {
  return Test(question).answer();
}

}  // namespace resident::stats
