// Designs and figures that rest on the person's own acts: where they worked, in which weeks, and what came of it.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <base/text.hpp>
#include <cmath>
#include <map>
#include <model/acts.hpp>
#include <model/flow_items.hpp>
#include <numeric>
#include <set>
#include <stats/event_study.hpp>
#include <stats/intervals.hpp>
#include <stats/risk_ratio.hpp>
#include <stats/shift_test.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr Timestamp kPeriod = 8 * kWeek, kReturn = 90 * kDay;
constexpr int kMostPeriods = 6;
constexpr double kTouched = 0.1, kUntouched = 0.03;  // of a module's items since the start
constexpr double kFewestMarks = 1;                   // a module and period before the start, on average

std::vector<Act> acts_of(const Context& context, const People& people, std::int64_t person, Timestamp since,
                         Timestamp end) {
  std::vector<Act> acts = load_acts(context, people, since);
  std::erase_if(acts, [&](const Act& act) { return act.person != person || act.at >= end; });
  return acts;
}

std::optional<double> share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::nullopt : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

ImpactUnlocked by_placebos(std::string what, const std::optional<std::vector<double>>& series, const ImpactWeeks& weeks,
                           std::size_t window, std::int64_t n) {
  ImpactUnlocked row{std::move(what), n};
  stats::PlaceboQuestion question;
  if (series) question.outcome = *series;
  question.start = weeks.start();
  question.seasons = {52};
  question.window = window;
  const auto answer = stats::placebo_test(question);
  if (!series || !answer.is_answered) {
    row.says = series ? "Nothing can be concluded: " + answer.missing + "."
                      : "Nothing can be concluded: in more than a quarter of the weeks there was none.";
    return row;
  }
  row.expected = answer.expected;
  row.observed = answer.observed;
  row.change = answer.effect;
  row.low = answer.low;
  row.high = answer.high;
  row.p = answer.p;
  row.says = fmt::format("Over {} {}, by {} pseudo-starts.", answer.window, answer.window == 1 ? "week" : "weeks",
                         answer.placebos.size());
  return row;
}

// Newcomers since the start whose first item the person answered first, against those whom others did.
ImpactUnlocked newcomers_back(const std::vector<FlowItem>& items, std::int64_t person, const std::string& name,
                              Timestamp start, Timestamp end) {
  std::unordered_map<std::int64_t, const FlowItem*> first;
  std::unordered_map<std::int64_t, Timestamp> second_pull;
  for (const auto& item : items) {  // in order of creation
    if (item.author == 0) continue;
    const auto [found, is_first] = first.emplace(item.author, &item);
    if (!is_first && item.is_pull) second_pull.emplace(item.author, item.created);
  }
  std::int64_t count[2] = {0, 0}, back[2] = {0, 0};
  for (const auto& [author, item] : first) {
    if (item->created < start || !item->responded || author == person) continue;
    if (*item->responded + kReturn > end) continue;  // not long enough ago
    const int group = item->responder == person ? 1 : 0;
    const auto again = second_pull.find(author);
    // Before the answer it cannot have been the answer's doing.
    if (again != second_pull.end() && again->second <= *item->responded) continue;
    ++count[group];
    back[group] += again != second_pull.end() && again->second <= *item->responded + kReturn;
  }
  ImpactUnlocked row{"newcomers who came back with a pull request within 90 days of the first answer",
                     count[0] + count[1]};
  row.observed = share(back[1], count[1]);
  row.expected = share(back[0], count[0]);
  const auto ratio = stats::risk_ratio(back[1], count[1], back[0], count[0]);
  if (!ratio || count[1] < 10 || count[0] < 10) {
    row.says = fmt::format("{} first answered by {}: {} came back; {} by others: {}. Too few to compare.",
                           plural(count[1], "newcomer was", "newcomers were"), name, back[1], count[0], back[0]);
    return row;
  }
  row.change = ratio->ratio - 1;
  row.low = ratio->low - 1;
  row.high = ratio->high - 1;
  row.says = fmt::format(
      "Since the start: {} of {} first answered by {} against {} of {} by others. An association: something unmeasured "
      "that goes with both by a ratio of {:.1f} would explain it (E-value; {:.1f} for the interval).",
      back[1], count[1], name, back[0], count[0], ratio->e_value, ratio->e_value_of_interval);
  return row;
}

// Which modules the person worked on since the start, by the share of their items on which the person acted.
class WorkedModules {
 public:
  WorkedModules(const Context& context, const People& people, std::int64_t person, Timestamp start, Timestamp end)
      : items_(load_flow_items(context, people)) {
    std::set<std::int64_t> worked_on;
    for (const auto& act : acts_of(context, people, person, start, end))
      if (act.kind != ActKind::commit && act.kind != ActKind::merge && act.subject != 0) worked_on.insert(act.subject);
    for (const auto& item : items_) {
      if (item.module.empty()) continue;
      module_of_[item.id] = &item.module;
      if (item.created >= end || (item.closed && *item.closed < start)) continue;
      auto& [all, worked] = counts_[item.module];
      ++all;
      worked += worked_on.contains(item.id);
    }
  }

  const std::string* module_of(std::int64_t item) const {
    const auto found = module_of_.find(item);
    return found == module_of_.end() ? nullptr : found->second;
  }
  // Nothing for those in between, and those of which nothing was open since the start.
  std::optional<bool> is_touched(const std::string& module) const {
    const auto found = counts_.find(module);
    if (found == counts_.end()) return std::nullopt;
    const double share = static_cast<double>(found->second.second) / static_cast<double>(found->second.first);
    if (share >= kTouched) return true;
    return share < kUntouched ? std::optional(false) : std::nullopt;
  }

 private:
  std::vector<FlowItem> items_;
  std::unordered_map<std::int64_t, const std::string*> module_of_;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> counts_;
};

}  // namespace

ImpactDesign synthetic_modules(const Context& context, const People& people, const ImpactPerson& person,
                               const Outcome& outcome, const ImpactWeeks& weeks, const ImpactSeries& series) {
  const Timestamp start = weeks.begin() + static_cast<Timestamp>(weeks.start()) * kWeek,
                  end = weeks.begin() + static_cast<Timestamp>(weeks.count()) * kWeek;
  const WorkedModules modules(context, people, person.person, start, end);
  std::map<std::string, std::vector<double>> units;
  ImpactSeries touched = series;
  touched.question.controls.clear();
  touched.question.outcome.assign(weeks.count(), 0);
  for (const auto& mark : outcome.marks) {
    const std::string* module = modules.module_of(mark.item);
    if (module == nullptr || mark.at < weeks.begin() || mark.at >= end) continue;
    const auto week = static_cast<std::size_t>((mark.at - weeks.begin()) / kWeek);
    const auto side = modules.is_touched(*module);
    if (!side) continue;
    if (*side) {
      touched.question.outcome[week] += mark.value;
    } else {
      auto& unit = units[*module];
      unit.resize(weeks.count(), 0);
      unit[week] += mark.value;
    }
  }
  std::vector<std::string> names;
  std::vector<std::vector<double>> others;
  for (auto& [name, unit] : units) {
    names.push_back(name);
    others.push_back(std::move(unit));
  }
  return synthetic_design(touched, names, others, "modules that the person did not work on");
}

ImpactDesign module_design(const Context& context, const People& people, const ImpactPerson& person,
                           const Outcome& outcome, Timestamp start, Timestamp end) {
  ImpactDesign design{"difference in differences, by module", "modules that the person did not work on"};
  const WorkedModules worked(context, people, person.person, start, end);
  Timestamp first = start;
  for (const auto& mark : outcome.marks)
    if (worked.module_of(mark.item) != nullptr) first = std::min(first, mark.at);
  const auto before = std::clamp<Timestamp>((start - first) / kPeriod, 0, kMostPeriods),
             after = std::clamp<Timestamp>((end - start) / kPeriod, 0, kMostPeriods);
  const auto periods = static_cast<std::size_t>(before + after);
  const Timestamp begin = start - before * kPeriod;
  struct Course {
    std::vector<double> sums, marks;
  };
  std::map<std::string, Course> courses;
  for (const auto& mark : outcome.marks) {
    const std::string* module = worked.module_of(mark.item);
    if (module == nullptr || mark.at < begin) continue;
    const auto period = static_cast<std::size_t>((mark.at - begin) / kPeriod);
    if (period >= periods) continue;
    auto& [sums, marks] = courses[*module];
    sums.resize(periods, 0);
    marks.resize(periods, 0);
    sums[period] += mark.value;
    ++marks[period];
  }
  std::vector<std::vector<double>> rows;
  std::vector<bool> is_touched;
  for (const auto& [name, course] : courses) {
    const auto side = worked.is_touched(name);
    if (!side || before < 2 || after < 1) continue;
    const double usual =
        std::accumulate(course.sums.begin(), course.sums.begin() + before, 0.0) / static_cast<double>(before);
    if (outcome.is_mean ? std::count(course.marks.begin(), course.marks.end(), 0.0) > 0 : usual < kFewestMarks)
      continue;
    std::vector<double> row;
    for (std::size_t k = 0; k < periods; ++k)
      row.push_back(outcome.is_mean ? course.sums[k] / course.marks[k] : course.sums[k] / usual);
    rows.push_back(std::move(row));
    is_touched.push_back(*side);
  }
  Eigen::MatrixXd panel(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(periods));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t k = 0; k < periods; ++k)
      panel(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) = rows[i][k];
  const auto answer = stats::event_study(panel, is_touched, static_cast<std::size_t>(before));
  if (!answer.is_answered) {
    design.says = fmt::format(
        "Not possible: {}; {} modules were worked on (a tenth or more of their items), {} not (under 3 %), with "
        "figures in periods of eight weeks.",
        answer.missing, answer.touched, answer.untouched);
    return design;
  }
  design.effect = answer.effect;
  design.low = answer.low;
  design.high = answer.high;
  design.p = answer.permutation_p;
  design.placebos = static_cast<std::int64_t>(rows.size());
  design.says = fmt::format(
      "{} modules that the person worked on against {}, {} periods of eight weeks before and {} since; in {}. Interval "
      "robust by module, p by permutation. {} Who chose the modules chose with what they knew of them.",
      answer.touched, answer.untouched, before, after,
      outcome.is_mean ? "the outcome's own unit" : "shares of each module's usual level",
      !answer.is_pre_trend_tested ? "Too few modules to test whether they went alike before."
      : answer.pre_trend_p <= 0.05
          ? fmt::format("They did not go alike before (p {:.2f}), so this is no evidence.", answer.pre_trend_p)
          : fmt::format("Nothing says that they went apart before (p {:.2f}).", answer.pre_trend_p));
  return design;
}

ImpactDesign dose_design(const Context& context, const People& people, const ImpactPerson& person,
                         const Outcome& outcome, const ImpactWeeks& weeks) {
  ImpactDesign design{"dose", "weeks since the start with fewer of the person's acts"};
  const auto begins = weeks.begins();
  const auto others = weeks.series(outcome, [&](const OutcomeMark& mark) { return mark.person != person.person; });
  const std::size_t after = weeks.count() - std::min(weeks.start(), weeks.count());
  if (!others || after <= stats::kFewestShifts) {
    design.says = fmt::format("Not possible: {} since the start, and {} are needed.",
                              plural(static_cast<long long>(after), "whole week"), stats::kFewestShifts + 1);
    return design;
  }
  const Timestamp start = begins[weeks.start()], end = begins.back() + kWeek;
  std::vector<double> dose(after, 0), moved;
  for (const auto& act : acts_of(context, people, person.person, start, end))
    if (act.at >= start) dose[static_cast<std::size_t>((act.at - start) / kWeek)] += 1;
  for (double& each : dose) each = std::log1p(each);
  for (std::size_t t = weeks.start(); t < weeks.count(); ++t) moved.push_back(std::sqrt(std::max(0.0, (*others)[t])));
  const auto answer = stats::shift_test(dose, moved);
  if (!answer.is_answered) {
    design.says = "Not possible: the person's acts, or what others did, do not vary from week to week.";
    return design;
  }
  design.p = answer.p;
  design.placebos = static_cast<std::int64_t>(after) - 1;
  design.says = fmt::format(
      "What others did goes with the person's acts of the same week by a correlation of {:+.2f}; p by shifting the one "
      "against the other. Busy weeks are busy for all: it is evidence only with the others.",
      answer.correlation);
  return design;
}

std::vector<ImpactUnlocked> impact_unlocked(const Context& context, const People& people, const ImpactPerson& person,
                                            const ImpactWeeks& weeks, Timestamp start, Timestamp end,
                                            std::size_t window) {
  std::vector<ImpactUnlocked> rows;
  const auto is_others = [&](const OutcomeMark& mark) { return mark.person != person.person; };
  const auto since = [&](const Outcome& outcome) {
    return std::count_if(outcome.marks.begin(), outcome.marks.end(),
                         [&](const OutcomeMark& mark) { return is_others(mark) && mark.at >= start && mark.at < end; });
  };
  const Outcome reviews = load_outcome(context, people, "reviews"),
                answering = others_answering(context, people, person.person);
  rows.push_back(
      by_placebos("others' reviews a week", weeks.series(reviews, is_others), weeks, window, since(reviews)));
  rows.push_back(by_placebos("others' first answers a day, of what waits", weeks.series(answering, is_others), weeks,
                             window, since(answering)));
  rows.push_back(newcomers_back(load_flow_items(context, people, FlowDetail::times), person.person, person.name, start,
                                std::min(end, context.as_of)));
  return rows;
}

}  // namespace resident
