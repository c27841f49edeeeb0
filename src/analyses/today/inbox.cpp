// resident inbox: questions in the channels and issues that nobody has answered, and
// where the asker came back and waits; the oldest promise first.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <model/queues/review.hpp>
#include <model/threads.hpp>

namespace resident {

namespace {

struct Waiting {
  const ThreadSummary* thread;
  Timestamp due;
};

// What asks nothing in words waits as well.
std::string none_waits(bool is_nothing_known, std::int64_t ask_nothing) {
  if (is_nothing_known) return "No open issue and no thread is known, so nobody is seen to wait.";
  if (ask_nothing == 0) return "Nobody waits for an answer.";
  return fmt::format("No question waits for an answer; of those that ask nothing in words, {} {} (--questions no).",
                     ask_nothing, ask_nothing == 1 ? "does" : "do");
}

std::vector<Result> analyse_inbox(const Context& context) {
  const People people = load_people(context);
  const std::string which = context.choice("state", {"all", "unanswered", "asker-waits"});
  const bool questions_only = context.choice("questions", {"yes", "no"}) == "yes";
  const auto threads = load_threads(context, people);
  const Timestamp promise = context.config.triage.first_response_days * kDay;
  std::vector<Waiting> waiting;
  std::int64_t overdue = 0, unanswered = 0, ask_nothing = 0;
  for (const auto& thread : threads) {
    if (!thread.waits() || thread.asker_is_bot || people.maintainers.contains(thread.asker)) continue;
    const bool is_unanswered = thread.state == ThreadState::unanswered;
    if ((which == "unanswered" && !is_unanswered) || (which == "asker-waits" && is_unanswered)) continue;
    if (questions_only && !thread.question.is_question) {
      ++ask_nothing;
      continue;
    }
    waiting.push_back({&thread, thread.waiting_since + promise});
    unanswered += is_unanswered;
    overdue += waiting.back().due < context.as_of;
  }
  std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) { return a.due < b.due; });
  Result result = context.result("inbox", "Inbox", "Who has asked something and waits for an answer?");
  result.columns = {{"rank", "#", ColumnType::integer},
                    {"kind", "Where", ColumnType::text, "", "issue, or the channel"},
                    {"number", "Item", ColumnType::item, "", "", "url"},
                    {"title", "Title", ColumnType::text},
                    {"asker", "Who", ColumnType::text},
                    {"state", "State", ColumnType::text},
                    {"waiting", "Waiting", ColumnType::duration, "", "since they asked, or came back"},
                    {"due", "Promised", ColumnType::date, "", "first response promised by"},
                    {"overdue", "Overdue", ColumnType::text},
                    {"why", "Why a question", ColumnType::text},
                    {"key", "Key", ColumnType::text, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"state", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"why", ColumnRole::reason},
                    {"asker", ColumnRole::person}});
  std::int64_t rank = 0;
  for (const auto& one : waiting) {
    const ThreadSummary& thread = *one.thread;
    result.rows.push_back({++rank, thread.kind == "issue" ? thread.kind : thread.channel,
                           thread.number ? Cell(*thread.number) : Cell(), thread.title, people.name(thread.asker),
                           std::string(name_of(thread.state)), context.as_of - thread.waiting_since, one.due,
                           std::string(one.due < context.as_of ? "yes" : ""), thread.question.why, thread.key,
                           thread.url});
  }
  result.claim =
      waiting.empty()
          ? none_waits(threads.empty(), ask_nothing)
          : fmt::format("{} for an answer: {} with none yet, {} came back after one; {} longer than promised.",
                        plural(static_cast<long long>(waiting.size()), "question waits", "questions wait"), unanswered,
                        static_cast<std::int64_t>(waiting.size()) - unanswered, overdue);
  result.sample_size = static_cast<std::int64_t>(threads.size());
  result.definition = fmt::format(
      "Open issues{} and threads of the channels, by people who are no maintainers, where nobody but the asker (and "
      "bots) has written, or the asker has written again since the last reply. Promised: {} after they asked or came "
      "back (triage.first_response_days). Whether something is a question is judged by its words; --questions no shows "
      "all.",
      questions_only ? " that ask something" : "", plural(context.config.triage.first_response_days, "day"));
  result.method =
      "each thread replayed up to the moment; how often its judgement of questions is right stands in docs/accuracy.md";
  return {result};
}

}  // namespace

extern const Analysis inbox_analysis;
const Analysis inbox_analysis{
    "inbox",
    "Inbox",
    "Who has asked something and waits for an answer?",
    {{"state", "STATE", "all, unanswered or asker-waits"}, {"questions", "YES|NO", "only what asks something (yes)"}},
    analyse_inbox,
    {groups::kMorning, "Questions that wait for an answer, the oldest promise first",
     "From issues and all channels (discussions, forums, mailing lists, chats).\nExample: resident inbox --state "
     "unanswered"}};

}  // namespace resident
