// The list of commands, by heading of the help; a new one is a line here. Those that print one analysis and need
// nothing else are not here: the analysis declares its command.
#include <analyses/list.hpp>
#include <cli/command.hpp>
#include <deque>

namespace resident {

extern const Command review_command, triage_command, plan_command, measures_command, people_command,
    contributors_command, report_command, search_command, ask_command, results_command, add_command, sync_command,
    auth_command, status_command, doctor_command, sql_command, export_command, serve_command, page_command, mcp_command,
    accuracy_command, stats_command, simulate_command, mine_command, completion_command, man_command, ci_command,
    gate_command, bench_command, forecast_command, impact_command, bisect_command, interest_command, proposals_command,
    effort_command, truck_factor_command, brief_command, site_command, init_command, quarantine_command, moves_command,
    survey_command, store_command, initiative_command, remove_command, cycles_command;

namespace {

// Those of analyses stand before the others of their heading, in the order of analyses().
void add_commands_of_analyses(std::vector<CommandGroup>& groups) {
  static std::deque<Command> made;
  for (auto& group : groups) {
    std::vector<const Command*> own;
    for (const Analysis* analysis : analyses()) {
      if (analysis->command.summary.empty() || analysis->command.group != group.name) continue;
      made.push_back({std::string(analysis->name), std::string(analysis->command.summary),
                      std::string(analysis->command.description), [analysis](OptionSet& app, Invocation& invocation) {
                        return declare_analysis(app, invocation, *analysis);
                      }});
      own.push_back(&made.back());
    }
    group.commands.insert(group.commands.begin(), own.begin(), own.end());
  }
}

}  // namespace

const std::vector<CommandGroup>& command_groups() {
  static const auto all = [] {
    std::vector<CommandGroup> groups{
        {groups::kMorning, {&review_command, &triage_command, &search_command, &ask_command, &plan_command}},
        {groups::kProject,
         {&measures_command, &people_command, &contributors_command, &forecast_command, &impact_command,
          &effort_command, &proposals_command, &report_command, &brief_command, &moves_command, &survey_command,
          &initiative_command, &cycles_command}},
        {groups::kCode, {&truck_factor_command, &interest_command}},
        {groups::kTests,
         {&ci_command, &gate_command, &quarantine_command, &results_command, &bench_command, &bisect_command}},
        {groups::kStore,
         {&init_command, &add_command, &sync_command, &auth_command, &status_command, &doctor_command, &remove_command,
          &sql_command, &export_command, &store_command}},
        {groups::kViews, {&serve_command, &page_command, &site_command, &mcp_command}},
        {groups::kTools,
         {&accuracy_command, &stats_command, &simulate_command, &mine_command, &completion_command, &man_command}}};
    add_commands_of_analyses(groups);
    return groups;
  }();
  return all;
}

std::vector<const Command*> commands() {
  std::vector<const Command*> all;
  for (const auto& group : command_groups()) all.insert(all.end(), group.commands.begin(), group.commands.end());
  return all;
}

}  // namespace resident
