// Need: how likely a module gets fewer hours of work than it needs within the next twelve months.
//
// Hours needed     what comes in a year × hours that each takes. What comes: the yearly level of what came in up to
//                  three years (exponential smoothing: Brown, "Smoothing, Forecasting and Prediction", 1963; weights
//                  halved every half-life), times how much more came in the past than such levels said. Hours that each
//                  takes: of three years, hours of work over items closed, drawn towards the project's own as if by
//                  five items more.
// Hours supplied   the same level of each person's hours in the module, times the share of such hours that was there a
//                  year later, by how long ago the person was last seen there, how new they are to it and whether they
//                  are still seen anywhere in the project; and the share that newcomers brought.
// Without a tracker nothing tells what comes: then what is needed is the module's usual pace, the level of its hours.
//
// Probability      of the past, at each earlier moment, hours supplied over hours needed as they came, regressed on
// what
//                  was forecast (J. Mincer & V. Zarnowitz, "The Evaluation of Economic Forecasts", NBER 1969; with a
//                  ridge of ten rows: where little is known, all modules are told nearly the same); then the share of
//                  that regression's errors that would make it fall short (W. H. Williams & M. L. Goodman, "A Simple
//                  Method for the Construction of Empirical Confidence Limits for Economic Forecasts", JASA 66, 1971),
//                  of modules of like size. Its interval: modules drawn again, all moments of each.
//
// Each part is learnt from years that were over at the moment that is looked from. The backtest repeats the whole at
// half-yearly moments of the past: scores after G. W. Brier ("Verification of forecasts expressed in terms of
// probability", Monthly Weather Review 78, 1950) beside those of the share of years that fell short before.
#pragma once

#include <model/module_work.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct Estimate {
  double value = 0, low = 0, high = 0;
};

struct ModuleNeed {
  std::string module;
  std::string why_not;                        // why nothing is said; "": something is
  double arrivals = 0;                        // a year to come, items (without a tracker: commits)
  Estimate needed, supplied;                  // hours in the next twelve months; 80 %
  double probability = 0, low = 0, high = 0;  // that supplied < needed; 95 %
  // The same of the year that is over, from what happened.
  double hours_last_year = 0, needed_last_year = 0;
  bool is_said() const { return why_not.empty(); }
};

struct NeedCase {
  std::string module;
  Timestamp at = 0;                  // looked from there; the year after it is over
  double probability = 0, base = 0;  // base: share of years that fell short, of those that were over
  bool fell_short = false;
  bool is_named = false;  // among the fifth with the most probable need at that moment
  std::optional<bool> lost_experts, backlog_grew;
};

struct ShareBetween {
  std::int64_t happened = 0, n = 0;
  double share() const { return n == 0 ? 0 : static_cast<double>(happened) / static_cast<double>(n); }
};

// Of the base rate's Brier score, the share that a probability must do without to be gone by.
inline constexpr double kLeastSkill = 0.05;

struct NeedBacktest {
  std::vector<NeedCase> cases;
  std::int64_t modules = 0, moments = 0;
  Estimate brier, base, difference;  // difference: of the two, below 0 is better than the base rate; 95 %
  double skill = 0;                  // 1 − brier / base
  double calibration_error = 0;
  // Of modules named, and of all others: lost their experts or had a growing backlog in the year after.
  ShareBetween named, others;
  Estimate named_more;  // difference of the two shares; 95 %
  bool is_better() const { return !cases.empty() && difference.high < 0; }
  // Beyond chance, and by enough to matter. The interval alone is not enough: of 40 projects of nothing but chance it
  // took 6 for better.
  bool is_enough() const { return is_better() && skill >= kLeastSkill; }
};

struct NeedModel {
  std::string why_not;  // why no probability can be learnt; "": it is
  std::vector<ModuleNeed> modules;
  NeedBacktest backtest;
  double half_life_days = 0;
  // Whether ranking may go by it.
  bool is_trusted() const { return why_not.empty() && backtest.is_enough(); }
  const ModuleNeed* find(const std::string& module) const;
};

// with_backtest: also the cases and intervals, which take most of the time.
NeedModel learn_module_need(const ModuleWork& work, double half_life_days, bool with_backtest = true);

}  // namespace resident
