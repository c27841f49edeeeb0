// resident plan: what could be sent to the forge, with reasons; sent only on --apply.
#include <actions/plan.hpp>
#include <base/error.hpp>
#include <cli/command.hpp>

namespace resident {

namespace {

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto per_person = std::make_shared<int>(3);
  auto apply = std::make_shared<bool>(false);
  app.add_option("--per-person", *per_person, "How many reviews one person may be waited for at once")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_flag("--apply", *apply, "Send it; only where a source is a forge that can be written to");
  return [&invocation, per_person, apply] {
    const auto database = invocation.open(Access::read);
    const Context context = invocation.context(*database);
    invocation.print({plan_result(context, make_plan(context, *per_person))});
    if (*apply)
      throw Error("nothing was sent: the sources of this project are archives and clones, which cannot be written to",
                  "the plan above can be followed by hand; --json gives it to a script");
    return 0;
  };
}

}  // namespace

extern const Command plan_command;
const Command plan_command{"plan", "What could be sent to the forge now: review requests, questions; with reasons",
                           "Nothing is ever sent without --apply.\nExample: resident plan --per-person 2", declare};

}  // namespace resident
