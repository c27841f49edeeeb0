#include <fmt/format.h>

#include <algorithm>
#include <analyses/module/need_shown.hpp>
#include <base/text.hpp>
#include <cmath>
#include <stats/pareto.hpp>

namespace resident {

namespace {

constexpr double kMuch = 0.5;  // of a module's hours by one person

double of_last_year(const std::vector<double>& series, std::size_t years_ago = 0) {
  double total = 0;
  for (std::size_t i = 0; i < kQuartersAYear; ++i)
    if (const std::size_t at = years_ago * kQuartersAYear + i; at < series.size()) total += series[at];
  return total;
}

}  // namespace

std::string_view name_of(Importance importance) {
  switch (importance) {
    case Importance::churn:
      return "churn";
    case Importance::dependents:
      return "dependents";
    case Importance::users:
      return "users";
  }
  return "";
}

ImportanceOf importance_of(const Context& context, const ModuleWork& work, Importance importance) {
  ImportanceOf result;
  if (importance == Importance::users) {
    for (const auto rows = context.database.query("SELECT module, projects FROM module_use WHERE project_id = :project",
                                                  {{"project", context.project_id}});
         rows->next();)
      result[rows->string(0)] = static_cast<double>(rows->integer(1));
    return result;
  }
  for (const auto& module : work.modules)
    if (module.stands)
      result[module.name] =
          importance == Importance::churn ? of_last_year(module.changes) : static_cast<double>(module.dependents);
  return result;
}

double ranked_need(const NeedModel& model, const ModuleNeed& need) {
  if (model.is_trusted()) return need.probability;
  return need.needed_last_year > 0 ? 1 - need.hours_last_year / need.needed_last_year : 0;
}

std::map<std::string, int> need_layers(const NeedModel& model, const ImportanceOf& importance) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> points;
  for (const auto& need : model.modules) {
    if (model.is_trusted() ? !need.is_said() : need.needed_last_year <= 0) continue;
    const auto found = importance.find(need.module);
    if (found == importance.end()) continue;
    names.push_back(need.module);
    points.push_back({ranked_need(model, need), found->second});
  }
  const std::vector<int> layers = stats::pareto_layers(points);
  std::map<std::string, int> result;
  for (std::size_t i = 0; i < names.size(); ++i) result[names[i]] = layers[i];
  return result;
}

std::string probability_text(const ModuleNeed& need) {
  return fmt::format("{:.2f} ({:.2f}–{:.2f})", need.probability, need.low, need.high);
}

std::string hours_text(const Estimate& hours) {
  return fmt::format("{} h ({}–{})", with_thousands(std::llround(hours.value)), with_thousands(std::llround(hours.low)),
                     with_thousands(std::llround(hours.high)));
}

std::string backtest_text(const NeedModel& model) {
  if (!model.why_not.empty()) return fmt::format("No probability is given: {}.", model.why_not);
  const NeedBacktest& backtest = model.backtest;
  if (backtest.cases.empty())
    return "How right such probabilities are is not known: too little of the past is over. The ranking goes without "
           "them.";
  return fmt::format(
      "Replayed on {} of a module's year ({}, {} of the past), its Brier score is {:.3f} ({:.3f}–{:.3f}), that of the "
      "base rate "
      "{:.3f}: "
      "{}.",
      plural(static_cast<long long>(backtest.cases.size()), "case"), plural(backtest.modules, "module"),
      plural(backtest.moments, "moment"), backtest.brier.value, backtest.brier.low, backtest.brier.high,
      backtest.base.value,
      backtest.is_enough() ? fmt::format("{:.0f} % better, so that it may be gone by", 100 * backtest.skill)
                           : "not shown to be better than the base rate, so that the ranking goes without it");
}

std::string need_definition(const ModuleWork& work) {
  return fmt::format(
      "Need: probability that hours supplied are fewer than hours needed within the next 12 months. {} Hours supplied: "
      "the level of each person's hours in the module (sessions of all acts, as `resident effort`), times the share "
      "that "
      "such people still gave a year later, by how long ago they were seen there, whether they are new to it and "
      "whether they are still seen anywhere; and what newcomers bring.",
      work.has_items ? "Hours needed: items expected to come × hours of work over items closed in three years."
                     : "Hours needed: no tracker is known, so nothing tells what comes; it is the module's usual pace, "
                       "the level of its hours in three years.");
}

std::string need_method(const NeedModel& model) {
  return fmt::format(
      "Levels by exponential smoothing over 12 quarters (Brown 1963), half-life {:.0f} days; probability from a "
      "regression of what came on what was forecast (Mincer & Zarnowitz 1969) and its empirical errors among modules "
      "of "
      "like size (Williams & Goodman 1971); intervals by drawing modules again (95 %; of hours 80 %, from past "
      "errors). Everything is learnt from years that were over. docs/guide/modules.md has the formulas.",
      model.half_life_days);
}

std::string reasons_of(const ModuleNeed& need, const ModuleWork::Module& module, const People& people) {
  std::vector<std::string> reasons;
  if (need.needed.value > 1.1 * need.supplied.value)
    reasons.push_back(
        fmt::format("{:.0f} h are expected where {:.0f} h are needed", need.supplied.value, need.needed.value));
  const double now = of_last_year(module.hours), before = of_last_year(module.hours, 1);
  if (before > 0 && now < 0.75 * before)
    reasons.push_back(fmt::format("its hours fell by {:.0f} % in a year", 100 * (1 - now / before)));
  if (module.open.size() > kQuartersAYear && module.open[0] >= module.open[kQuartersAYear] + 1 &&
      module.open[0] >= 1.1 * module.open[kQuartersAYear])
    reasons.push_back(
        fmt::format("what is open grew from {:.1f} to {:.1f}", module.open[kQuartersAYear], module.open[0]));
  double most = 0;
  std::int64_t who = 0;
  for (const auto& worker : module.workers) {
    double hours = 0;
    for (std::size_t i = 0; i < worker.quarters.size(); ++i)
      if (worker.quarters[i] < kQuartersAYear) hours += worker.hours[i];
    if (hours > most) most = hours, who = worker.person;
  }
  if (now > 0 && most > kMuch * now)
    reasons.push_back(fmt::format("{:.0f} % of its hours are {}'s", 100 * most / now, people.name(who)));
  std::string text;
  for (const auto& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

double half_life_argument(const Context& context) {
  return static_cast<double>(
      context.whole_number("half-life", std::max(30, context.config.knowledge_half_life_days), 30, 100'000));
}

}  // namespace resident
