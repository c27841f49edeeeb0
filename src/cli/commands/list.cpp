// The list of commands, in the order of the help; a new one is a line here.
#include <cli/command.hpp>

namespace resident {

extern const Command today_command, review_command, triage_command, measures_command, modules_command, experts_command,
    ownership_command, knowledge_command, survival_command, burndown_command, hotspots_command, coupling_command,
    reverts_command, backports_command, merges_command, people_command, contributors_command, report_command,
    search_command, inbox_command, ask_command, accuracy_command, plan_command, add_command, sync_command, auth_command,
    mcp_command, status_command, doctor_command, sql_command, export_command, page_command, serve_command,
    simulate_command, mine_command, completion_command, man_command;

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> list{
      &today_command,      &review_command,       &triage_command,    &measures_command,  &modules_command,
      &experts_command,    &ownership_command,    &knowledge_command, &survival_command,  &burndown_command,
      &hotspots_command,   &coupling_command,     &reverts_command,   &backports_command, &merges_command,
      &people_command,     &contributors_command, &report_command,    &search_command,    &inbox_command,
      &ask_command,        &accuracy_command,     &plan_command,      &add_command,       &sync_command,
      &auth_command,       &mcp_command,          &status_command,    &doctor_command,    &sql_command,
      &export_command,     &page_command,         &serve_command,     &simulate_command,  &mine_command,
      &completion_command, &man_command};
  return list;
}

}  // namespace resident
