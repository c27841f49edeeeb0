// resident accuracy TASK: how right the suggestions would have been in the past.
#include <analyses/accuracy.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

nlohmann::ordered_json report_json(const AccuracyReport& report) {
  nlohmann::ordered_json figures = nlohmann::ordered_json::array(), cases = nlohmann::ordered_json::array();
  for (const auto& each : report.figures) {
    nlohmann::ordered_json figure{
        {"metric", each.metric}, {"value", each.value}, {"low", each.low}, {"high", each.high}};
    figure["baseline"] = each.baseline ? nlohmann::ordered_json(*each.baseline) : nlohmann::ordered_json();
    figure["n"] = each.n;
    figures.push_back(std::move(figure));
  }
  for (const auto& each : report.cases) {
    nlohmann::ordered_json one{{"item", each.item},
                               {"as_of", format_time(each.as_of)},
                               {"truth", each.truth},
                               {"ranked", each.ranked},
                               {"baseline", each.baseline}};
    if (!each.scores.empty()) one["scores"] = each.scores;
    cases.push_back(std::move(one));
  }
  return {{"task", report.task},
          {"definition", report.definition},
          {"figures", std::move(figures)},
          {"cases", std::move(cases)},
          {"notes", report.notes}};
}

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  std::string names;
  for (const auto* task : accuracy_tasks()) names += (names.empty() ? "" : ", ") + std::string(task->name);
  auto name = std::make_shared<std::string>();
  app.add_option("task", *name, "One of " + names)->required()->type_name("TASK");
  return [&invocation, name] {
    const AccuracyTask& task = find_accuracy_task(*name);
    const auto database = invocation.open(Access::read);
    const Context context = invocation.context(*database);
    const AccuracyReport report = task.run(context);
    if (invocation.wants_json()) {
      invocation.out << report_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    } else {
      invocation.print({accuracy_result(context, report)});
    }
    return 0;
  };
}

}  // namespace

extern const Command accuracy_command;
const Command accuracy_command{
    "accuracy", "How right the suggestions would have been: the project's past replayed, against a simple way",
    "At each past moment only what was known then is used. --json gives every case in full, for a script of your own "
    "to score.\nExample: resident accuracy reviewers --project demo",
    declare};

}  // namespace resident
