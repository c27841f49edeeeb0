#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <framework/accuracy.hpp>
#include <learn/module_need.hpp>
#include <map>
#include <numeric>
#include <span>
#include <stats/quantile.hpp>
#include <stats/random.hpp>

namespace resident {

namespace {

constexpr std::size_t kYear = kQuartersAYear, kPast = 3 * kYear, kLeastPast = 2 * kYear, kStep = 2;
constexpr double kLeastArrivals = 5;   // in the past that is looked at, for a module to be judged
constexpr double kItemsOfProject = 5;  // drawn towards the project's hours an item as if by so many
constexpr double kHoursOfAll = 100;    // drawn towards the share of all that stays as if by so many hours
constexpr std::size_t kLeastRows = 30, kLeastOfSize = 20, kLeastMoments = 2;
constexpr double kRidge = 10;         // drawn towards saying the same of all modules as if by ten of them
constexpr double kExpertShare = 0.1;  // of a module's hours in a year
constexpr int kDraws = 400;
constexpr std::uint64_t kSeed = 0x4eed;

enum Stay : std::size_t { kLastQuarter, kQuarterBefore, kThisYear, kEarlier, kGone, kStays };
using Shares = std::array<double, 2 * kStays>;  // by Stay, and whether new to the module

// Sum of a module's quarters from `begin` on, as far as they are known.
double sum(const std::vector<double>& series, std::size_t begin, std::size_t count) {
  const std::size_t end = std::min(series.size(), begin + count);
  return begin >= end ? 0
                      : std::accumulate(series.begin() + static_cast<std::ptrdiff_t>(begin),
                                        series.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
}

struct Worked {
  double level = 0, next = 0;  // hours a year before the moment, and in the year after it
  double last_year = 0;
  std::size_t kind = 0;       // in Shares
  bool in_last_half = false;  // of the year after: hours in its second half
  bool is_known = false;      // worked there before the moment
};

// A module as it stood at a moment of the past (or of now), and what came of it in the year after.
struct Look {
  std::size_t module = 0, origin = 0;
  double arrivals = 0, hours = 0;                 // levels, a year
  double per_item = 0, resolved = 0, worked = 0;  // of the past
  std::vector<Worked> people;
  // Of the year after it; without meaning where that is not over.
  double arrivals_next = 0, hours_next = 0, by_newcomers_next = 0;
  std::optional<bool> lost_experts, backlog_grew;
};

// Of a look: hours, and what came of them.
struct Forecast {
  double needed = 0, supplied = 0;
  double needed_next = 0;  // as it came: what came × hours that each took before the moment
  double hours_next = 0;
  double size() const { return needed + supplied; }
  double ratio() const { return std::log1p(supplied) - std::log1p(needed); }
  double came() const { return std::log1p(hours_next) - std::log1p(needed_next); }
  bool fell_short() const { return hours_next < needed_next; }
};

class Looks {
 public:
  Looks(const ModuleWork& work, double half_life_days) : work_(work) {
    const double quarter = static_cast<double>(kWorkQuarter) / static_cast<double>(kDay);
    for (std::size_t i = 0; i < kPast; ++i) weights_[i] = std::exp2(-static_cast<double>(i) * quarter / half_life_days);
  }

  // Modules that can be judged then.
  std::vector<Look> from(std::size_t origin) const {
    std::vector<Look> looks;
    if (work_.quarters < origin + kLeastPast) return looks;
    double all_hours = 0, all_resolved = 0;
    for (const auto& module : work_.modules) {
      all_hours += sum(module.hours, origin, kPast);
      all_resolved += sum(module.resolved, origin, kPast);
    }
    const double of_all = all_resolved > 0 ? all_hours / all_resolved : 0;
    for (std::size_t i = 0; i < work_.modules.size(); ++i) {
      const auto& module = work_.modules[i];
      if (sum(module.arrivals, origin, kPast) < kLeastArrivals || sum(module.hours, origin, kPast) <= 0) continue;
      Look look;
      look.module = i, look.origin = origin;
      look.arrivals = level(module.arrivals, origin), look.hours = level(module.hours, origin);
      look.worked = sum(module.hours, origin, kPast), look.resolved = sum(module.resolved, origin, kPast);
      look.per_item = (look.worked + kItemsOfProject * of_all) / (look.resolved + kItemsOfProject);
      add_people(module, look);
      if (origin >= kYear) add_outcome(module, look);
      looks.push_back(std::move(look));
    }
    return looks;
  }

 private:
  double level(const std::vector<double>& series, std::size_t origin) const {
    double total = 0, weight = 0;
    for (std::size_t i = 0; i < kPast && origin + i < work_.quarters; ++i)
      total += weights_[i] * series[origin + i], weight += weights_[i];
    return weight > 0 ? kYear * total / weight : 0;
  }

  void add_people(const ModuleWork::Module& module, Look& look) const {
    double weight = 0;
    for (std::size_t i = 0; i < kPast && look.origin + i < work_.quarters; ++i) weight += weights_[i];
    for (const auto& worker : module.workers) {
      Worked person;
      std::size_t last = work_.quarters, first = 0;
      for (std::size_t i = 0; i < worker.quarters.size(); ++i) {
        const std::size_t quarter = worker.quarters[i];
        if (quarter < look.origin) {  // after the moment
          if (quarter + kYear < look.origin) continue;
          person.next += worker.hours[i];
          person.in_last_half = person.in_last_half || quarter + kYear / 2 < look.origin;
          continue;
        }
        const std::size_t ago = quarter - look.origin;
        last = std::min(last, ago), first = std::max(first, ago);
        person.is_known = true;
        if (ago < kPast) person.level += weights_[ago] * worker.hours[i];
        if (ago < kYear) person.last_year += worker.hours[i];
      }
      if (!person.is_known && person.next == 0) continue;
      person.level *= kYear / weight;
      // What they did longer ago than is looked at counts as newcomers' where they come again.
      person.is_known = person.is_known && last < kPast;
      const auto seen = work_.active.find(worker.person);
      const std::uint64_t year = ((std::uint64_t{1} << kYear) - 1) << look.origin;
      const bool is_here = seen != work_.active.end() && (seen->second & year) != 0;
      const Stay stay = !is_here       ? kGone
                        : last == 0    ? kLastQuarter
                        : last == 1    ? kQuarterBefore
                        : last < kYear ? kThisYear
                                       : kEarlier;
      person.kind = 2 * stay + (first < kYear ? 1 : 0);
      look.people.push_back(person);
    }
  }

  void add_outcome(const ModuleWork::Module& module, Look& look) const {
    const std::size_t after = look.origin - kYear;
    look.arrivals_next = sum(module.arrivals, after, kYear);
    look.hours_next = sum(module.hours, after, kYear);
    std::int64_t experts = 0, still = 0;
    double year = 0;
    for (const auto& person : look.people) year += person.last_year;
    for (const auto& person : look.people) {
      if (!person.is_known) look.by_newcomers_next += person.next;
      if (year <= 0 || person.last_year < kExpertShare * year) continue;
      ++experts;
      still += person.in_last_half;
    }
    if (experts > 0) look.lost_experts = still == 0;
    if (work_.has_items)
      look.backlog_grew =
          module.open[after] >= module.open[look.origin] + 1 && module.open[after] >= 1.1 * module.open[look.origin];
  }

  const ModuleWork& work_;
  std::array<double, kPast> weights_{};
};

// All that is learnt from looks whose year after was over.
struct Learnt {
  double more_came = 1, newcomers = 0;
  Shares stays{};
  struct Row {
    std::size_t module;
    double forecast, came, size, needed_error, supplied_error;
    bool fell_short;
  };
  std::vector<Row> rows;
  double low_size = 0, high_size = 0;  // thirds
  std::size_t moments = 0;

  bool is_enough() const { return rows.size() >= kLeastRows && moments >= kLeastMoments; }
  int size_of(double size) const { return size < low_size ? 0 : size < high_size ? 1 : 2; }
  double base() const {
    const auto short_ones = std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.fell_short; });
    return (static_cast<double>(short_ones) + 0.5) / (static_cast<double>(rows.size()) + 1);
  }
};

Forecast forecast(const Learnt& learnt, bool has_items, const Look& look) {
  Forecast result;
  result.supplied = learnt.newcomers * look.hours;
  for (const auto& person : look.people)
    if (person.is_known) result.supplied += learnt.stays[person.kind] * person.level;
  result.needed = has_items ? learnt.more_came * look.arrivals * look.per_item : look.hours;
  result.needed_next = has_items ? look.arrivals_next * look.per_item : look.hours;
  result.hours_next = look.hours_next;
  return result;
}

Learnt learn(std::span<const std::vector<Look>> pasts, bool has_items) {
  Learnt learnt;
  Shares next{}, level{};
  double all_next = 0, all_level = 0, came = 0, expected = 0, new_hours = 0, hours = 0;
  for (const auto& looks : pasts)
    for (const auto& look : looks) {
      came += look.arrivals_next, expected += look.arrivals;
      new_hours += look.by_newcomers_next, hours += look.hours;
      for (const auto& person : look.people) {
        if (!person.is_known) continue;
        next[person.kind] += person.next, level[person.kind] += person.level;
        all_next += person.next, all_level += person.level;
      }
    }
  const double of_all = all_level > 0 ? all_next / all_level : 0;
  for (std::size_t i = 0; i < learnt.stays.size(); ++i)
    learnt.stays[i] = (next[i] + kHoursOfAll * of_all) / (level[i] + kHoursOfAll);
  learnt.more_came = expected > 0 ? came / expected : 1;
  learnt.newcomers = hours > 0 ? new_hours / hours : 0;
  std::vector<double> sizes;
  for (const auto& looks : pasts) {
    learnt.moments += !looks.empty();
    for (const auto& look : looks) {
      const Forecast one = forecast(learnt, has_items, look);
      learnt.rows.push_back({look.module, one.ratio(), one.came(), one.size(),
                             std::log1p(one.needed_next) - std::log1p(one.needed),
                             std::log1p(one.hours_next) - std::log1p(one.supplied), one.fell_short()});
      sizes.push_back(one.size());
    }
  }
  learnt.low_size = stats::quantile(sizes, 1.0 / 3).value_or(0);
  learnt.high_size = stats::quantile(sizes, 2.0 / 3).value_or(0);
  return learnt;
}

// What came regressed on what was forecast, and its errors by size; each row may count several times, or not at all.
class Regression {
 public:
  Regression(const Learnt& learnt, const std::vector<double>& weight_of_module) : learnt_(learnt) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (const auto& row : learnt.rows) {
      const double weight = weight_of_module[row.module];
      n += weight, x += weight * row.forecast, y += weight * row.came;
      xx += weight * row.forecast * row.forecast, xy += weight * row.forecast * row.came;
    }
    if (n <= 0) return;
    const double variance = xx - x * x / n;
    // Ridge, of the forecast in standard deviations (A. E. Hoerl & R. W. Kennard, Technometrics 12, 1970).
    slope_ = variance > 1e-9 ? (xy - x * y / n) / (variance * (1 + kRidge / n)) : 0;
    intercept_ = (y - slope_ * x) / n;
    std::array<double, 3> counts{};
    for (const auto& row : learnt.rows)
      counts[static_cast<std::size_t>(learnt.size_of(row.size))] += weight_of_module[row.module];
    for (const auto& row : learnt.rows) {
      const auto size = static_cast<std::size_t>(learnt.size_of(row.size));
      const double weight = weight_of_module[row.module];
      if (weight <= 0) continue;
      const std::pair<double, double> error{row.came - intercept_ - slope_ * row.forecast, weight};
      all_.push_back(error);
      if (counts[size] >= kLeastOfSize) of_size_[size].push_back(error);
    }
  }

  double falls_short(double forecast, double size) const {
    const auto& own = of_size_[static_cast<std::size_t>(learnt_.size_of(size))];
    const auto& errors = own.empty() ? all_ : own;
    double below = 0, all = 0;
    for (const auto& [error, weight] : errors) {
      all += weight;
      if (intercept_ + slope_ * forecast + error < 0) below += weight;
    }
    return (below + 0.5) / (all + 1);
  }

 private:
  const Learnt& learnt_;
  double slope_ = 0, intercept_ = 0;
  std::vector<std::pair<double, double>> all_;
  std::array<std::vector<std::pair<double, double>>, 3> of_size_;
};

// So many draws of modules with replacement, as weights by module.
std::vector<std::vector<double>> drawn_modules(std::size_t modules, const std::vector<std::size_t>& from) {
  stats::Random random(kSeed);
  std::vector<std::vector<double>> draws(kDraws, std::vector<double>(modules, 0));
  if (!from.empty())
    for (auto& draw : draws)
      for (std::size_t i = 0; i < from.size(); ++i) draw[from[random.below(from.size())]] += 1;
  return draws;
}

Estimate interval(double value, std::vector<double> drawn, double tail) {
  Estimate result{value, value, value};
  if (drawn.empty()) return result;
  result.low = stats::quantile(drawn, tail).value_or(value);
  result.high = stats::quantile(drawn, 1 - tail).value_or(value);
  return result;
}

// Hours as forecast, with the tenth and ninetieth hundredth of past errors of modules of like size.
Estimate hours_with_errors(const Learnt& learnt, double value, double size, double Learnt::Row::*error) {
  std::vector<double> own, all;
  for (const auto& row : learnt.rows) {
    all.push_back(row.*error);
    if (learnt.size_of(row.size) == learnt.size_of(size)) own.push_back(row.*error);
  }
  auto& errors = own.size() >= kLeastOfSize ? own : all;
  const auto at = [&](double p) {
    return std::max(0.0, std::expm1(std::log1p(value) + stats::quantile(errors, p).value_or(0)));
  };
  return {value, at(0.1), at(0.9)};
}

class NeedLearner {
 public:
  NeedLearner(const ModuleWork& work, double half_life_days) : work_(work), looks_(work, half_life_days) {
    model_.half_life_days = half_life_days;
    for (std::size_t origin = kYear; origin + kLeastPast <= work.quarters; origin += kStep)
      pasts_.push_back(looks_.from(origin));
  }

  NeedModel make(bool with_backtest) {
    const Learnt learnt = learn(pasts_, work_.has_items);
    if (!learnt.is_enough())
      model_.why_not = fmt::format(
          "too little of the past is known: {} module years that are over, from {} moments; {} from {} are needed",
          learnt.rows.size(), learnt.moments, kLeastRows, kLeastMoments);
    say(learnt, with_backtest);
    if (with_backtest && model_.why_not.empty()) backtest();
    return std::move(model_);
  }

 private:
  // Those whose year after was over at the moment: a year and more before it.
  std::span<const std::vector<Look>> before(std::size_t past) const {
    return std::span(pasts_).subspan(past + kYear / kStep);
  }

  void say(const Learnt& learnt, bool with_interval) {
    std::map<std::size_t, Look> now;
    for (auto& look : looks_.from(0)) now.emplace(look.module, std::move(look));
    std::vector<std::size_t> known;
    for (const auto& row : learnt.rows) known.push_back(row.module);
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    const Regression all(learnt, std::vector<double>(work_.modules.size(), 1));
    std::vector<Regression> drawn;
    if (with_interval)
      for (const auto& weights : drawn_modules(work_.modules.size(), known)) drawn.emplace_back(learnt, weights);
    for (std::size_t i = 0; i < work_.modules.size(); ++i) {
      const auto& module = work_.modules[i];
      if (!module.stands) continue;
      ModuleNeed need;
      need.module = module.name;
      need.hours_last_year = sum(module.hours, 0, kYear);
      const auto found = now.find(i);
      if (found == now.end()) {
        need.why_not = work_.quarters < kLeastPast ? "less than two years are known"
                                                   : fmt::format("fewer than {:.0f} {} in three years", kLeastArrivals,
                                                                 work_.has_items ? "items came" : "commits");
        model_.modules.push_back(std::move(need));
        continue;
      }
      const Look& look = found->second;
      const Forecast one = forecast(learnt, work_.has_items, look);
      need.arrivals = (work_.has_items ? learnt.more_came : 1) * look.arrivals;
      need.needed_last_year = work_.has_items ? sum(module.arrivals, 0, kYear) * look.per_item : look.hours;
      need.needed = {one.needed, one.needed, one.needed};
      need.supplied = {one.supplied, one.supplied, one.supplied};
      if (model_.why_not.empty()) {
        if (work_.has_items)
          need.needed = hours_with_errors(learnt, one.needed, one.size(), &Learnt::Row::needed_error);
        need.supplied = hours_with_errors(learnt, one.supplied, one.size(), &Learnt::Row::supplied_error);
        need.probability = all.falls_short(one.ratio(), one.size());
        std::vector<double> probabilities;
        for (const auto& each : drawn) probabilities.push_back(each.falls_short(one.ratio(), one.size()));
        const Estimate between = interval(need.probability, std::move(probabilities), 0.025);
        need.low = between.low, need.high = between.high;
      } else {
        need.why_not = model_.why_not;
      }
      model_.modules.push_back(std::move(need));
    }
  }

  void backtest() {
    auto& backtest = model_.backtest;
    for (std::size_t past = 0; past + kYear / kStep < pasts_.size(); ++past) {
      const Learnt learnt = learn(before(past), work_.has_items);
      if (!learnt.is_enough() || pasts_[past].empty()) continue;
      ++backtest.moments;
      const Regression regression(learnt, std::vector<double>(work_.modules.size(), 1));
      const std::size_t first = backtest.cases.size();
      for (const auto& look : pasts_[past]) {
        const Forecast made = forecast(learnt, work_.has_items, look);
        NeedCase one;
        one.module = work_.modules[look.module].name;
        one.at = work_.moment - static_cast<Timestamp>(look.origin) * kWorkQuarter;
        one.probability = regression.falls_short(made.ratio(), made.size());
        one.base = learnt.base();
        one.fell_short = made.fell_short();
        one.lost_experts = look.lost_experts, one.backlog_grew = look.backlog_grew;
        backtest.cases.push_back(std::move(one));
        modules_.push_back(look.module);
      }
      name_the_neediest(first);
    }
    score();
  }

  void name_the_neediest(std::size_t first) {
    auto& cases = model_.backtest.cases;
    std::vector<std::size_t> order(cases.size() - first);
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cases[a].probability > cases[b].probability; });
    for (std::size_t i = 0; i < (order.size() + 4) / 5; ++i) cases[order[i]].is_named = true;
  }

  static bool is_in_trouble(const NeedCase& one) {
    return one.lost_experts.value_or(false) || one.backlog_grew.value_or(false);
  }
  static bool can_be_told(const NeedCase& one) { return one.lost_experts || one.backlog_grew; }

  void score() {
    auto& backtest = model_.backtest;
    if (backtest.cases.empty()) return;
    std::vector<std::size_t> known = modules_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    backtest.modules = static_cast<std::int64_t>(known.size());
    struct Sums {
      double n = 0, ours = 0, base = 0, named = 0, named_n = 0, others = 0, others_n = 0;
    };
    const auto sums_of = [&](const std::vector<double>& weights) {
      Sums sums;
      for (std::size_t i = 0; i < backtest.cases.size(); ++i) {
        const NeedCase& one = backtest.cases[i];
        const double weight = weights[modules_[i]], so = one.fell_short ? 1 : 0;
        sums.n += weight;
        sums.ours += weight * (one.probability - so) * (one.probability - so);
        sums.base += weight * (one.base - so) * (one.base - so);
        if (!can_be_told(one)) continue;
        (one.is_named ? sums.named_n : sums.others_n) += weight;
        if (is_in_trouble(one)) (one.is_named ? sums.named : sums.others) += weight;
      }
      return sums;
    };
    const Sums all = sums_of(std::vector<double>(work_.modules.size(), 1));
    std::vector<double> ours, base, difference, more;
    for (const auto& weights : drawn_modules(work_.modules.size(), known)) {
      const Sums drawn = sums_of(weights);
      ours.push_back(drawn.ours / drawn.n), base.push_back(drawn.base / drawn.n);
      difference.push_back((drawn.ours - drawn.base) / drawn.n);
      if (drawn.named_n > 0 && drawn.others_n > 0)
        more.push_back(drawn.named / drawn.named_n - drawn.others / drawn.others_n);
    }
    backtest.brier = interval(all.ours / all.n, std::move(ours), 0.025);
    backtest.base = interval(all.base / all.n, std::move(base), 0.025);
    backtest.difference = interval((all.ours - all.base) / all.n, std::move(difference), 0.025);
    backtest.skill = all.base > 0 ? 1 - all.ours / all.base : 0;
    backtest.named = {std::llround(all.named), std::llround(all.named_n)};
    backtest.others = {std::llround(all.others), std::llround(all.others_n)};
    backtest.named_more = interval(backtest.named.share() - backtest.others.share(), std::move(more), 0.025);
    std::vector<std::pair<double, bool>> predictions;
    for (const auto& one : backtest.cases) predictions.emplace_back(one.probability, one.fell_short);
    backtest.calibration_error = expected_calibration_error(predictions);
  }

  const ModuleWork& work_;
  Looks looks_;
  std::vector<std::vector<Look>> pasts_;  // from the newest whose year is over on; kStep quarters from one to the next
  std::vector<std::size_t> modules_;      // of the backtest's cases
  NeedModel model_;
};

}  // namespace

const ModuleNeed* NeedModel::find(const std::string& module) const {
  const auto found =
      std::find_if(modules.begin(), modules.end(), [&](const auto& each) { return each.module == module; });
  return found == modules.end() ? nullptr : &*found;
}

NeedModel learn_module_need(const ModuleWork& work, double half_life_days, bool with_backtest) {
  return NeedLearner(work, half_life_days).make(with_backtest);
}

}  // namespace resident
