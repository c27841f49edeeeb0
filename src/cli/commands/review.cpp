// resident review: the queue; review next: a session; review show N: one pull request.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/review/readiness.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <filesystem>
#include <sources/git/merge_check.hpp>

namespace resident {

namespace {

// The clones of a project that are on this machine.
std::vector<std::string> clones_of(const Context& context) {
  std::vector<std::string> clones;
  for (const auto rows = context.database.query(
           "SELECT location FROM source WHERE project_id = :project AND kind = 'git' ORDER BY source_id",
           {{"project", context.project_id}});
       rows->next();)
    if (std::error_code ignored; std::filesystem::exists(rows->string(0), ignored)) clones.push_back(rows->string(0));
  return clones;
}

// Asks git whether the pull request merges and keeps the answer; a store that cannot
// be written to, or a clone that is gone, leaves it unknown.
void answer_merge(Context& context, std::int64_t number, Timestamp now) {
  const ReviewQueue queue = review_queue(context);
  const ReviewEntry entry = find_open_pull(context, queue, number);
  const MergeQuestion question = merge_question(context, entry.item);
  if (question.head.empty() || question.base.empty() || merge_is_known(context, question)) return;
  git::MergeAnswer answer;
  for (const auto& clone : clones_of(context)) {
    answer = git::MergeCheck(clone).check(question.base, question.head);
    if (answer.state != git::MergeAnswer::State::unknown) break;
  }
  const std::string detail =
      answer.state == git::MergeAnswer::State::unknown ? answer.why : fmt::format("{}", fmt::join(answer.files, "\n"));
  if (answer.state == git::MergeAnswer::State::unknown && answer.why.empty()) return;
  context.database.insert({"merge_check",
                           {"project_id", "head_sha", "base_sha", "state", "detail", "checked_at"},
                           {"project_id", "head_sha", "base_sha"}},
                          {{context.project_id, question.head, question.base,
                            std::string(git::merge_state_name(answer.state)), text_or_null(detail), now}});
}

std::function<int()> declare(CLI::App& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("queue");
  auto number = std::make_shared<std::string>();
  auto arguments = std::make_shared<std::map<std::string, std::string>>();
  app.add_option("action", *action, "queue (whose turn, everywhere), next (a session), or show N")
      ->type_name("ACTION")
      ->check(CLI::IsMember({"queue", "next", "show"}));
  app.add_option("number", *number, "show: the pull request's number")->type_name("N");
  for (const char* analysis : {"review", "review_session"}) {
    for (const auto& parameter : find_analysis(analysis).parameters) {
      const std::string name(parameter.name);
      const std::string text = std::string(std::string_view(analysis) == "review" ? "queue: " : "next: ") +
                               std::string(parameter.description);
      const auto set = [arguments, name](const std::string& value) { (*arguments)[name] = value; };
      if (parameter.argument.empty()) {
        app.add_flag_callback(
            "--" + name, [set] { set("yes"); }, text);
      } else {
        app.add_option_function<std::string>("--" + name, set, text)->type_name(std::string(parameter.argument));
      }
    }
  }
  return [&invocation, action, number, arguments] {
    const auto refuse = [&](std::initializer_list<const char*> names, const char* where) {
      for (const char* name : names)
        if (arguments->contains(name))
          throw Error(ErrorKind::usage, fmt::format("--{} belongs to `resident review{}`", name, where));
    };
    if (*action != "queue") refuse({"turn"}, "");
    if (*action != "next") refuse({"minutes", "mine", "me", "module"}, " next");
    if (*action != "show") {
      if (!number->empty())
        throw Error(ErrorKind::usage, fmt::format("review {} takes no number", *action),
                    "`resident review show N` does");
      return print_analysis(invocation, find_analysis(*action == "next" ? "review_session" : "review"), *arguments);
    }
    const std::string digits = number->starts_with('#') ? number->substr(1) : *number;
    const auto database = invocation.open(Access::write);
    Context context = invocation.context(*database);
    context.arguments = {{"number", digits}};
    const std::int64_t wanted = context.whole_number("number", 0, 0, 4'000'000'000);
    if (wanted > 0) answer_merge(context, wanted, invocation.clock.now());
    invocation.print(find_analysis("readiness").run(context));
    return 0;
  };
}

}  // namespace

extern const Command review_command;
const Command review_command{"review",
                             "Whose turn it is on every open pull request; a session planned; one looked at closely",
                             "Example: resident review --turn reviewer --as-of 2024-01-01; resident review next "
                             "--minutes 90; resident review show 12",
                             declare};

}  // namespace resident
