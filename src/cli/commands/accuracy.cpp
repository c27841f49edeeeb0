// resident accuracy [TASK]: backtests of the suggestions on the project's own history.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <framework/accuracy.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

// People's names among them may be addresses.
std::vector<std::string> shown(std::vector<std::string> names) {
  for (std::string& name : names) name = hide_emails(name);
  return names;
}

Json json_of(const AccuracyReport& report) {
  Json figures = Json::array(), cases = Json::array(), notes = Json::array();
  for (const auto& figure : report.figures)
    figures.push_back({{"metric", figure.metric},
                       {"value", figure.value},
                       {"low", figure.low},
                       {"high", figure.high},
                       {"baseline", figure.baseline ? Json(*figure.baseline) : Json()},
                       {"n", figure.n}});
  for (const auto& one : report.cases) {
    Json row{{"item", one.item},
             {"as_of", format_time(one.as_of)},
             {"truth", shown(one.truth)},
             {"ranked", shown(one.ranked)},
             {"baseline", shown(one.baseline)}};
    if (!one.scores.empty()) row["scores"] = one.scores;
    cases.push_back(std::move(row));
  }
  for (const auto& note : report.notes) notes.push_back(note);
  return {{"task", report.task},
          {"definition", report.definition},
          {"figures", std::move(figures)},
          {"cases", std::move(cases)},
          {"notes", std::move(notes)}};
}

std::vector<std::string> fields_left_out(const std::string& fields) {
  std::vector<std::string> names{"task", "definition", "figures", "cases", "notes"};
  for (const auto& name : wanted_fields(fields, names)) std::erase(names, name);
  return names;
}

std::function<int()> declare_accuracy(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto task = std::make_shared<std::string>();
  std::string tasks;
  for (const auto* each : accuracy_tasks()) tasks += fmt::format("\n  {}: {}", each->name, each->question);
  app.add_option("task", *task, "Which; all without it")->type_name("TASK");
  app.footer("The tasks are:" + tasks +
             "\n--json gives the figures and every case: what was suggested, what the simple way would have, and what "
             "happened.\nExample: resident accuracy turn --project demo");
  return [&invocation, task] {
    fields_left_out(invocation.json);  // an unknown one is an error before the replay
    std::vector<const AccuracyTask*> wanted = accuracy_tasks();
    if (!task->empty()) wanted = {&find_accuracy_task(*task)};
    const auto database = invocation.open(Access::write);
    const Context context = invocation.context(*database);
    std::vector<Result> results;
    Json list = Json::array();
    for (const auto* each : wanted) {
      const AccuracyReport report = replay_task(*each, context);
      store_figures(context, report);
      if (invocation.wants_own_json()) {
        Json object = json_of(report);
        for (const auto& name : fields_left_out(invocation.json)) object.erase(name);
        list.push_back(std::move(object));
      } else {
        results.push_back(accuracy_result(context, *each, report));
      }
    }
    if (invocation.wants_own_json()) {
      invocation.out
          << (task->empty() ? list : list.front()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
          << "\n";
    } else {
      invocation.print(results);
    }
    return 0;
  };
}

}  // namespace

extern const Command accuracy_command;
const Command accuracy_command{"accuracy", "How right the suggestions have been on this project's own history", "",
                               declare_accuracy};

}  // namespace resident
