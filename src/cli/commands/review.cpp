// resident review: the queue; review next: a session; review show N: one pull request.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <analyses/review/readiness.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/merge_answer.hpp>
#include <cli/options.hpp>

namespace resident {

namespace {

std::function<int()> declare_review(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("queue");
  auto number = std::make_shared<std::string>();
  auto arguments = std::make_shared<Arguments>();
  takes_one_of(app.add_option("action", *action, "queue (whose turn, everywhere), next (a session), or show N")
                   ->type_name("ACTION"),
               {"queue", "next", "show"});
  app.add_option("number", *number, "show: the pull request's number")->type_name("N");
  declare_parameters(app, find_analysis("review"), arguments, "queue: ");
  declare_parameters(app, find_analysis("review_session"), arguments, "next: ");
  return [&invocation, action, number, arguments] {
    const auto refuse = [&](std::initializer_list<const char*> names, const char* where) {
      for (const char* name : names)
        if (arguments->contains(name))
          throw Error(ErrorKind::usage, fmt::format("--{} belongs to `resident review{}`", name, where));
    };
    if (*action != "queue") refuse({"turn", "summary", "label", "author", "older", "sort"}, "");
    if (*action != "next") refuse({"minutes", "mine", "me", "module"}, " next");
    if (*action != "show") {
      if (!number->empty())
        throw Error(ErrorKind::usage, fmt::format("review {} takes no number", *action),
                    "`resident review show N` does");
      return print_analysis(invocation, find_analysis(*action == "next" ? "review_session" : "review"), *arguments);
    }
    const auto database = invocation.open(Access::read);
    Context context = invocation.context(*database);
    context.arguments = {{"number", context.typed_number(*number)}};
    const std::int64_t asked = asked_number(context);
    reviewers::SuggesterBeside suggester(context);
    const ReviewQueue queue = review_queue(context, asked);
    const ReviewEntry entry = find_open_pull(context, queue, asked);
    if (merge_is_unanswered(context, entry)) {
      try {
        const auto writer = database->open_writer();
        answer_merge(invocation.context(*writer), entry, invocation.clock.now());
      } catch (const Error&) {
        // A store that cannot be written to leaves it unknown.
      }
    }
    invocation.print(readiness_and_reviewers(context, queue, entry, suggester));
    return 0;
  };
}

}  // namespace

extern const Command review_command;
const Command review_command{"review",
                             "Whose turn it is on every open pull request; a session planned; one looked at closely",
                             "Example: resident review --turn reviewer --as-of 2024-01-01; resident review next "
                             "--minutes 90; resident review show 12",
                             declare_review};

}  // namespace resident
