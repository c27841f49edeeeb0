// resident plan: what could be sent to the forge, with reasons; sent only on --apply.
#include <fmt/format.h>

#include <actions/apply.hpp>
#include <actions/plan_book.hpp>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <map>

namespace resident {

namespace {

struct Wishes {
  int per_person = 3;
  bool apply = false, yes = false, collected_only = false;
  std::string drop;
  std::string user;
  std::optional<double> max_wait;
};

// Collected by people first, then what the queues propose, each once.
Plan whole_plan(const Context& context, const Wishes& wishes) {
  std::vector<PlannedAction> collected;
  for (auto& one : PlanBook(context.database, context.project_id).planned())
    if (wishes.user.empty() || one.user == wishes.user) collected.push_back(std::move(one.action));
  return joined_plan(std::move(collected), wishes.collected_only ? Plan() : make_plan(context, wishes.per_person));
}

int send(const Invocation& invocation, const Context& context, const Plan& plan, const Wishes& wishes) {
  const auto refused = check_plan(context, plan.actions);
  if (!plan.actions.empty() && refused.size() == plan.actions.size())
    throw Error(fmt::format("nothing was sent: {}", refused.front().message),
                refused.front().state == "refused"
                    ? fmt::format("allow it in the configuration: [project.{}.write] allowed = [\"{}\"]",
                                  one_line(context.project), refused.front().action.kind)
                    : "the plan above can be followed by hand; --json gives it to a script");
  if (plan.actions.empty()) return 0;
  const std::string question =
      fmt::format("Send {} to the forge? Type yes to send: ",
                  plural(static_cast<long long>(plan.actions.size() - refused.size()), "action"));
  if (!is_confirmed(invocation, wishes.yes, question, "Nothing was sent.")) return 0;
  std::map<std::string, std::int64_t> counts;
  const Config config = invocation.load_config();
  apply_plan(context, config, plan.actions, invocation.clock, wishes.max_wait, [&](const AppliedAction& one) {
    ++counts[one.state];
    invocation.err << fmt::format("#{} {} {}: {}{}\n", one.action.number, one.action.kind,
                                  fit_width(one_line(one.action.content), 60), one.state,
                                  one.message.empty() ? "" : " (" + one_line(one.message) + ")");
  });
  invocation.err << fmt::format("{} sent, {} were so already, {} overtaken, {} not allowed, {} failed.\n",
                                counts["sent"], counts["done"], counts["overtaken"],
                                counts["refused"] + counts["no forge"], counts["failed"]);
  return counts["failed"] ? 1 : 0;
}

std::function<int()> declare_plan(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto wishes = std::make_shared<Wishes>();
  auto what = std::make_shared<std::string>();
  auto arguments = std::make_shared<Arguments>();
  takes_one_of(app.add_option("plan", *what, "backlog: what must happen for it to shrink; else what could be sent")
                   ->type_name("backlog"),
               {"backlog"});
  declare_parameters(app, find_analysis("backlog"), arguments, "backlog: ");
  takes_whole_number(
      app.add_option("--per-person", wishes->per_person, "How many reviews one person may be waited for at once")
          ->type_name("N")
          ->capture_default_str(),
      1, 100);
  app.add_flag("--collected", wishes->collected_only, "Only what was collected while triaging and reviewing");
  app.add_option("--user", wishes->user, "Only what this user of the dashboard collected")->type_name("NAME");
  app.add_option("--drop", wishes->drop, "Take one out of what was collected")->type_name("KEY");
  app.add_flag("--apply", wishes->apply, "Send it, after asking; only what write.allowed of the configuration names");
  app.add_flag("--yes", wishes->yes, "Do not ask");
  takes_number(app.add_option("--max-wait", wishes->max_wait,
                              "Seconds to wait for a limit at most; then it stops, to be resumed")
                   ->type_name("SECONDS"),
               0, 1e9);
  return [&invocation, wishes, what, arguments] {
    if (!what->empty()) return print_analysis(invocation, find_analysis("backlog"), *arguments);
    if (!arguments->empty())
      throw Error(ErrorKind::usage, fmt::format("--{} is for `resident plan backlog`", arguments->begin()->first), "");
    const bool writes = wishes->apply || !wishes->drop.empty();
    const auto database = invocation.open(writes ? Access::write : Access::read);
    const Context context = invocation.context(*database);
    if (!wishes->drop.empty()) {
      if (!PlanBook(*database, context.project_id).drop(wishes->drop))
        throw Error(ErrorKind::usage, fmt::format("nothing collected has the key {}", one_line(wishes->drop)),
                    "`resident plan --collected --json` shows the keys");
      return 0;
    }
    const Plan plan = whole_plan(context, *wishes);
    invocation.print({plan_result(context, plan)});
    return wishes->apply ? send(invocation, context, plan, *wishes) : 0;
  };
}

}  // namespace

extern const Command plan_command;
const Command plan_command{"plan",
                           "What could be sent to the forge now: review requests, questions, what you collected",
                           "Nothing is ever sent without --apply, nothing beyond write.allowed of the configuration, "
                           "and nothing twice.\nExample: resident plan --per-person 2",
                           declare_plan};

}  // namespace resident
