#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/dashboard/pages.hpp>

namespace resident {

namespace {

constexpr std::int64_t kMostDays = 3650;

}  // namespace

std::string collect_from_page(const Context& context, const PlanRequest& request, Timestamp now) {
  if (is_pair_answer(request.kind)) return answer_pair(context, request, now);
  if (request.kind == "snooze") {
    std::int64_t days = 0;
    const auto text = trim(request.content);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (problem != std::errc() || end != text.data() + text.size() || days < 1 || days > kMostDays)
      throw Error(ErrorKind::usage, "something is snoozed for a number of days");
    TriageMarks(context.database, context.project_id, request.user)
        .snooze(request.item_id, now + days * kDay, "web", now);
    return "snoozed";
  }
  if (request.kind == "unsnooze") {
    TriageMarks(context.database, context.project_id, request.user).wake(request.item_id);
    return "unsnoozed";
  }
  if (request.kind == "note") {
    TriageMarks marks(context.database, context.project_id, request.user);
    const bool was_there = !marks.all()[request.item_id].note.empty();
    marks.note(request.item_id, request.content, "web", now);
    if (!marks.all()[request.item_id].note.empty()) return "note-kept";
    return was_there ? "note-removed" : "no-note";
  }
  if (request.kind == "drop") {
    PlanBook book(context.database, context.project_id);
    if (!book.drop(request.content))
      throw Error(ErrorKind::usage, "that is not in the plan", "it was taken out or sent meanwhile: reload the page");
    return "dropped";
  }
  const auto action = make_action(context, request.item_id, request.kind, request.content,
                                  request.reason.empty() ? "said on the dashboard" : request.reason);
  const bool is_new = PlanBook(context.database, context.project_id).add(action, "web", now, request.user);
  return is_new ? "planned." + action.key : std::string();
}

}  // namespace resident
