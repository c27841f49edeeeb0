// resident forecast: the backlog of the next weeks. --json is the list of weeks and nothing else.
#include <analyses/flow/forecast.hpp>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <nlohmann/json.hpp>

namespace resident {

namespace {

std::function<int()> declare_forecast(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto arguments = std::make_shared<Arguments>();
  declare_parameters(app, find_analysis("forecast"), arguments);
  return [&invocation, arguments] {
    const auto database = invocation.open(Access::read);
    Context context = invocation.context(*database);
    context.arguments = *arguments;
    if (!invocation.wants_own_json()) {
      invocation.print(find_analysis("forecast").run(context));
      return 0;
    }
    const std::vector<std::string> names{"week", "mean", "low50", "high50", "low80", "high80", "low95", "high95"};
    const auto wanted = wanted_fields(invocation.json, names);
    const BacklogForecast forecast = forecast_of(context);
    if (!forecast.missing.empty()) invocation.err << "Nothing can be foreseen yet: " << forecast.missing << ".\n";
    auto list = nlohmann::ordered_json::array();
    for (const auto& week : forecast.weeks) {
      const nlohmann::ordered_json all{{"week", format_date(week.end)}, {"mean", week.mean},    {"low50", week.low50},
                                       {"high50", week.high50},         {"low80", week.low80},  {"high80", week.high80},
                                       {"low95", week.low95},           {"high95", week.high95}};
      nlohmann::ordered_json row;
      for (const auto& name : wanted) row[name] = all[name];
      list.push_back(std::move(row));
    }
    invocation.out << list.dump() << "\n";
    return 0;
  };
}

}  // namespace

extern const Command forecast_command;
const Command forecast_command{"forecast", "How many will be open in the next weeks, with its own past error",
                               "Replays itself at past weeks against simple ways (no change, last year's, smoothing) "
                               "and uses what did best there.\nExample: resident forecast --kind pull --weeks 13",
                               declare_forecast};

}  // namespace resident
