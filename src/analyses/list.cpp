// The lists of analyses and of backtests; a new one is a line here (a plain metric is not even that: it is one .sql
// file in flow/metrics/).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {

extern const Analysis today_analysis, review_analysis, triage_analysis, measures_analysis, cycles_analysis,
    modules_analysis, experts_analysis, ownership_analysis, knowledge_analysis, survival_analysis, burndown_analysis,
    people_analysis, report_analysis, coupling_analysis, hotspots_analysis, reverts_analysis, backports_analysis,
    merges_analysis, search_analysis, inbox_analysis, ask_analysis, readiness_analysis, session_analysis,
    contributors_analysis, dossier_analysis, triage_facts_analysis, triage_proposals_analysis, speed_analysis,
    forecast_analysis, impact_analysis, flow_analysis, backlog_analysis, effort_analysis, truck_factor_analysis,
    person_analysis, label_analysis, file_analysis, module_analysis, need_analysis, fleet_analysis, layers_analysis,
    funnel_analysis, fading_analysis, succession_analysis, first_response_analysis, yardsticks_analysis,
    measure_next_analysis, releases_analysis, initiative_analysis, patches_analysis, moves_analysis, attention_analysis,
    ci_analysis, ci_explain_analysis, ci_tests_analysis, ci_test_analysis, ci_costs_analysis, ci_card_analysis;

extern const AccuracyTask verdicts_accuracy, turn_accuracy, reviewers_accuracy, duplicates_accuracy, labels_accuracy,
    facts_accuracy, pairs_accuracy, need_accuracy;

namespace {

// The one of that name. `what`: how one is called in the message; `hint`: what helps where no name is near.
template <class Thing>
const Thing& find_named(const std::vector<const Thing*>& things, std::string_view name, const char* what,
                        const std::string& hint) {
  std::vector<std::string> names;
  for (const auto* thing : things) {
    if (thing->name == name) return *thing;
    names.emplace_back(thing->name);
  }
  const std::string nearest = near_miss(name, names);
  throw Error(ErrorKind::usage, fmt::format("there is no {} called {}", what, one_line(name)),
              !nearest.empty() ? fmt::format("did you mean {}?", nearest)
              : hint.empty()   ? fmt::format("they are {}", fmt::join(names, ", "))
                               : hint);
}

}  // namespace

const std::vector<const Analysis*>& analyses() {
  static const std::vector<const Analysis*> list{
      &today_analysis,        &review_analysis,       &triage_analysis,
      &measures_analysis,     &cycles_analysis,       &modules_analysis,
      &experts_analysis,      &ownership_analysis,    &knowledge_analysis,
      &survival_analysis,     &burndown_analysis,     &people_analysis,
      &report_analysis,       &coupling_analysis,     &hotspots_analysis,
      &reverts_analysis,      &backports_analysis,    &merges_analysis,
      &search_analysis,       &inbox_analysis,        &ask_analysis,
      &readiness_analysis,    &session_analysis,      &contributors_analysis,
      &dossier_analysis,      &triage_facts_analysis, &triage_proposals_analysis,
      &ci_analysis,           &ci_tests_analysis,     &ci_explain_analysis,
      &measure_next_analysis, &releases_analysis,     &initiative_analysis,
      &speed_analysis,        &forecast_analysis,     &impact_analysis,
      &flow_analysis,         &backlog_analysis,      &effort_analysis,
      &truck_factor_analysis, &person_analysis,       &label_analysis,
      &file_analysis,         &patches_analysis,      &module_analysis,
      &need_analysis,         &fleet_analysis,        &layers_analysis,
      &funnel_analysis,       &fading_analysis,       &succession_analysis,
      &moves_analysis,        &attention_analysis,    &ci_test_analysis,
      &ci_costs_analysis,     &ci_card_analysis,      &first_response_analysis,
      &yardsticks_analysis};
  return list;
}

const Analysis& find_analysis(std::string_view name) {
  return find_named(analyses(), name, "analysis", {});
}

const std::vector<const AccuracyTask*>& accuracy_tasks() {
  static const std::vector<const AccuracyTask*> list{&turn_accuracy,     &reviewers_accuracy, &duplicates_accuracy,
                                                     &labels_accuracy,   &facts_accuracy,     &pairs_accuracy,
                                                     &verdicts_accuracy, &need_accuracy};
  return list;
}

const AccuracyTask& find_accuracy_task(std::string_view name) {
  return find_named(accuracy_tasks(), name, "backtest", "`resident accuracy` alone runs them all");
}

}  // namespace resident
