// The list of analyses; a new one is a line here (a plain metric is not even that:
// it is one .sql file in metrics/).
#include <analyses/analysis.hpp>

namespace resident {

extern const Analysis today_analysis, review_analysis, triage_analysis, measures_analysis, cycles_analysis,
    modules_analysis, experts_analysis, ownership_analysis, knowledge_analysis, survival_analysis, burndown_analysis,
    people_analysis, report_analysis, coupling_analysis, hotspots_analysis, reverts_analysis, backports_analysis,
    merges_analysis, search_analysis, inbox_analysis, ask_analysis, readiness_analysis, session_analysis,
    contributors_analysis, dossier_analysis, triage_facts_analysis, triage_proposals_analysis;

const std::vector<const Analysis*>& analyses() {
  static const std::vector<const Analysis*> list{
      &today_analysis,     &review_analysis,       &triage_analysis,          &measures_analysis,
      &cycles_analysis,    &modules_analysis,      &experts_analysis,         &ownership_analysis,
      &knowledge_analysis, &survival_analysis,     &burndown_analysis,        &people_analysis,
      &report_analysis,    &coupling_analysis,     &hotspots_analysis,        &reverts_analysis,
      &backports_analysis, &merges_analysis,       &search_analysis,          &inbox_analysis,
      &ask_analysis,       &readiness_analysis,    &session_analysis,         &contributors_analysis,
      &dossier_analysis,   &triage_facts_analysis, &triage_proposals_analysis};
  return list;
}

}  // namespace resident
