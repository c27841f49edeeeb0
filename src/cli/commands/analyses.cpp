// The commands that print one analysis and need nothing else.
#include <cli/command.hpp>

namespace resident {

extern const Command today_command, measures_command, modules_command, experts_command;

const Command today_command{
    "today", "What needs me now, in order, with a line of why for each",
    "Draws from the review and triage queues, CI, the modules and the state of the data.\nExample: resident today "
    "--project demo --me ada",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "today"); }};

const Command measures_command{
    "measures", "Measures of the project: open, opened, closed, merged, response times, contributors, cycles",
    "Names and definitions are CHAOSS's where there are any. A measure of your own is one .sql file in the folder that "
    "RESIDENT_METRICS names "
    "(docs/guide/metrics.md).\nExample: resident measures --metric open_items",
    [](CLI::App& app, Invocation& invocation) -> std::function<int()> {
      invocation.add_store_options(app);
      invocation.add_project_option(app);
      invocation.add_result_options(app);
      auto arguments = std::make_shared<std::map<std::string, std::string>>();
      for (const auto& parameter : find_analysis("measures").parameters) {
        const std::string name(parameter.name);
        app.add_option_function<std::string>(
               "--" + name, [arguments, name](const std::string& value) { (*arguments)[name] = value; },
               std::string(parameter.description))
            ->type_name(std::string(parameter.argument));
      }
      return [&invocation, arguments] {
        const auto database = invocation.open(Access::read);
        Context context = invocation.context(*database);
        context.arguments = *arguments;
        const std::string metric = context.argument("metric"), page = context.argument("page");
        std::vector<Result> results;
        if (metric != "cycles") results = find_analysis("measures").run(context);
        // Release cycles need more than a query, and stand beside the plain metrics.
        if (metric == "cycles" || (metric.empty() && (page.empty() || page == "flow")))
          for (auto& result : find_analysis("cycles").run(context)) results.push_back(std::move(result));
        invocation.print(results);
        return 0;
      };
    }};

const Command modules_command{
    "modules", "Modules: what changes, who knows it, who still does",
    "Rules that group files to modules are configuration; without any, folders are modules.\nExample: resident modules",
    [](CLI::App& app, Invocation& invocation) { return declare_analysis(app, invocation, "modules"); }};

const Command experts_command{
    "experts", "Who knows a file, a folder or a module, and is still here to ask",
    "Example: resident experts src/main.c", [](CLI::App& app, Invocation& invocation) -> std::function<int()> {
      invocation.add_store_options(app);
      invocation.add_project_option(app);
      invocation.add_result_options(app);
      auto path = std::make_shared<std::string>();
      app.add_option("path", *path, "A file, a folder or a module")->required()->type_name("PATH");
      return [&invocation, path] { return print_analysis(invocation, find_analysis("experts"), {{"path", *path}}); };
    }};

}  // namespace resident
