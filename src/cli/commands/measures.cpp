// The plain metrics and, beside them, what needs more than a query.
#include <fmt/format.h>

#include <analyses/flow/metrics.hpp>
#include <analyses/list.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>

namespace resident {

namespace {
Result names_of_metrics(const Context& context) {
  Result result = context.result("metrics", "Metrics", "Which measures are there, by name?");
  result.columns = {{"name", "Name"}, {"title", "Title"}, {"page", "Page"}, {"question", "Question"}};
  for (const auto& metric : metrics_for(context))
    result.rows.push_back({metric.name, metric.title, metric.page, metric.question});
  result.rows.push_back({std::string("cycles"), std::string(find_analysis("cycles").title), std::string("flow"),
                         std::string(find_analysis("cycles").question)});
  result.claim = fmt::format("{}; `resident measures --metric NAME` shows one.",
                             plural(static_cast<long long>(result.rows.size()), "metric"));
  return result;
}

}  // namespace

extern const Command measures_command;
const Command measures_command{
    "measures", "Measures of the project: open, opened, closed, merged, response times, contributors, cycles",
    "Names and definitions are CHAOSS's where there are any. A measure of your own is one .sql file in the folder that "
    "RESIDENT_METRICS names (docs/guide/metrics.md).\nExample: resident measures --metric open_items",
    [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
      invocation.add_store_options(app);
      invocation.add_project_option(app);
      invocation.add_result_options(app);
      auto arguments = std::make_shared<std::map<std::string, std::string>>();
      for (const auto& parameter : find_analysis("measures").parameters) {
        const std::string name(parameter.name);
        app.add_option_function(
               "--" + name, [arguments, name](const std::string& value) { (*arguments)[name] = value; },
               std::string(parameter.description))
            ->type_name(std::string(parameter.argument));
      }
      auto list = std::make_shared<bool>(false);
      app.add_flag("--list", *list, "Only the names and titles of the metrics");
      return [&invocation, arguments, list] {
        const auto database = invocation.open(Access::read);
        Context context = invocation.context(*database);
        context.arguments = *arguments;
        if (*list) {
          invocation.print({names_of_metrics(context)});
          return 0;
        }
        const std::string metric = context.argument("metric"), page = context.argument("page");
        std::vector<Result> results;
        if (!metric.empty() && metric != "cycles") find_metric(metrics_for(context), metric, {"cycles"});
        if (metric != "cycles") results = find_analysis("measures").run(context);
        // Release cycles need more than a query, and stand beside the plain metrics.
        if (metric == "cycles" || (metric.empty() && (page.empty() || page == "flow")))
          for (auto& result : find_analysis("cycles").run(context)) results.push_back(std::move(result));
        invocation.print(results);
        return 0;
      };
    }};

}  // namespace resident
