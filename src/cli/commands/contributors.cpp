// resident contributors: how people who come are met; drafts of welcomes for the plan.
#include <fmt/format.h>

#include <actions/plan_book.hpp>
#include <analyses/list.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>

namespace resident {

namespace {

// Puts the drafts into the plan that is being collected; returns how many were new.
std::int64_t plan_welcomes(const Context& context, const std::vector<Result>& results, Timestamp now) {
  std::int64_t added = 0;
  PlanBook book(context.database, context.project_id);
  for (const Result& result : results) {
    if (result.name != "newcomers") continue;
    const std::size_t number = result.column("number"), draft = result.column("draft"), why = result.column("why");
    for (const auto& row : result.rows) {
      const std::string& text = std::get<std::string>(row[draft]);
      if (text.empty()) continue;
      const std::int64_t item_id = 2 * std::get<std::int64_t>(row[number]) + 1;
      const auto action =
          make_action(context, item_id, "comment", text, "a first contribution: " + std::get<std::string>(row[why]));
      added += book.add(action, "terminal", now);
    }
  }
  return added;
}

std::function<int()> declare_contributors(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto plan = std::make_shared<bool>(false);
  app.add_flag("--plan-welcomes", *plan, "Put the drafts of welcomes into the plan; nothing is sent");
  return [&invocation, plan] {
    const auto database = invocation.open(*plan ? Access::write : Access::read);
    const Context context = invocation.context(*database);
    const auto results = find_analysis("contributors").run(context);
    invocation.print(results);
    if (*plan) {
      const std::int64_t added = plan_welcomes(context, results, invocation.clock.now());
      invocation.err << fmt::format("{} put into the plan; nothing is sent\n", plural(added, "welcome"));
    }
    return 0;
  };
}

}  // namespace

extern const Command contributors_command;
const Command contributors_command{
    "contributors", "First answers promised and kept; newcomers to welcome, thank, invite; almost core; never answered",
    "--json has the drafts of welcomes (contributors.welcome is their template).\nExample: resident contributors "
    "--as-of 2024-01-01",
    declare_contributors};

}  // namespace resident
