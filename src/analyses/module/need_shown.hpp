// Need of modules as the ranking and the dossier show it: the same words and the same importance in both.
#pragma once

#include <framework/analysis.hpp>
#include <learn/module_need.hpp>
#include <map>
#include <string>
#include <vector>

namespace resident {

// How important a module is, each way for itself: they are never added up.
enum class Importance { churn, dependents, users };
inline constexpr Importance kImportances[] = {Importance::churn, Importance::dependents, Importance::users};
std::string_view name_of(Importance importance);
// By module that stands; empty where it is not known (users: no corpus was counted).
using ImportanceOf = std::map<std::string, double>;
ImportanceOf importance_of(const Context& context, const ModuleWork& work, Importance importance);

// What stands for need in the ranking: the probability where its backtest bears it out, else how many hours of what
// came in the last year were not worked, as a share of them.
double ranked_need(const NeedModel& model, const ModuleNeed& need);

// The layer of each module that can be judged, 1 for the front.
std::map<std::string, int> need_layers(const NeedModel& model, const ImportanceOf& importance);

// "0.71 (0.55–0.83)".
std::string probability_text(const ModuleNeed& need);
// "400 h (250–640)".
std::string hours_text(const Estimate& hours);
// How right it was: a sentence that says whether it may be gone by.
std::string backtest_text(const NeedModel& model);
// How hours and probability are found, for `definition` and `method`.
std::string need_definition(const ModuleWork& work);
std::string need_method(const NeedModel& model);
// What speaks for help: "what comes outruns the hours", "its work hangs on ada".
std::string reasons_of(const ModuleNeed& need, const ModuleWork::Module& module);
// --half-life in days; without it knowledge_half_life_days.
double half_life_argument(const Context& context);

}  // namespace resident
