// resident triage: the queue; triage show N: one issue; triage walk: one after the other.
#include <fmt/format.h>

#include <actions/plan_book.hpp>
#include <actions/triage_marks.hpp>
#include <analyses/list.hpp>
#include <analyses/triage/facts.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <framework/queue_choice.hpp>
#include <iostream>
#include <views/view.hpp>

namespace resident {

namespace {

constexpr std::size_t kShownText = 1200;  // bytes of an issue's text on the screen
constexpr std::size_t kShownComments = 3, kShownComment = 400;
constexpr std::int64_t kMostDays = 3650;

constexpr std::string_view kHelp =
    "  1, 2, …         accept that proposal into the plan; several: 1 3\n"
    "  a               accept all of them\n"
    "  c N TEXT        accept proposal N with another text (or label)\n"
    "  l LABEL         plan another label\n"
    "  m TEXT          plan a comment\n"
    "  x [REASON]      plan to close it: not_planned (else completed)\n"
    "  n TEXT          note it, for yourself\n"
    "  z DAYS          snooze: not shown again before\n"
    "  Enter or s      next one\n"
    "  b               back to the one before\n"
    "  q               stop; nothing is sent, `resident plan --collected` shows the plan\n";

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Walks through the queue; what is accepted goes into the plan that is being collected.
class Walk {
 public:
  Walk(Invocation& invocation, const Context& context, std::size_t most)
      : invocation_(invocation),
        context_(context),
        advisor_(context),
        book_(context.database, context.project_id),
        marks_(context.database, context.project_id) {
    const auto marks = marks_.all();
    const Timestamp now = invocation.clock.now();
    const std::string wanted = wanted_triage_state(context);
    for (const auto& entry : advisor_.queue().entries) {
      if (!wanted.empty() && wanted != triage_state_name(entry.state) && !(wanted == "unlabelled" && entry.unlabelled))
        continue;
      const auto mark = marks.find(entry.item.id);
      if (mark != marks.end() && mark->second.snoozed_until.value_or(0) > now) {
        ++snoozed_;
        continue;
      }
      if (list_.size() < most) list_.push_back(&entry);
      ++waiting_;
    }
  }

  int run() {
    if (list_.empty()) {
      invocation_.out << fmt::format("Nothing to triage{}.\n", snoozed_ ? fmt::format("; {} snoozed", snoozed_) : "");
      return 0;
    }
    std::size_t at = 0;
    while (at < list_.size()) {
      const TriageFacts facts = advisor_.facts(*list_[at]);
      show(at, facts);
      switch (ask(*list_[at], facts)) {
        case Then::next:
          ++at;
          break;
        case Then::back:
          at -= at > 0;
          break;
        case Then::stop:
          at = list_.size();
          break;
      }
    }
    const auto planned = book_.planned().size();
    invocation_.out << fmt::format(
        "{} planned in this walk; {} in the plan. Nothing was sent: `resident plan --collected` shows it, `resident "
        "plan --collected --apply` sends it.\n",
        plural(static_cast<long long>(added_), "action"), planned);
    return 0;
  }

 private:
  enum class Then { next, back, stop };

  void show(std::size_t at, const TriageFacts& facts) {
    const TriageEntry& entry = *list_[at];
    auto& out = invocation_.out;
    out << fmt::format("\n[{} of {}] ", at + 1, with_thousands(static_cast<long long>(waiting_)));
    invocation_.print({facts_result(context_, entry, advisor_.queue().people, facts)});
    if (!entry.item.url.empty()) out << visible_text(entry.item.url) << "\n";
    out << quoted(entry.item.body, kShownText);
    std::vector<const Entry*> comments;
    for (const auto& each : entry.item.entries)
      if (each.kind == EntryKind::comment && !each.is_bot) comments.push_back(&each);
    if (comments.size() > kShownComments)
      out << fmt::format("  … {} earlier comments …\n", comments.size() - kShownComments);
    for (std::size_t i = comments.size() > kShownComments ? comments.size() - kShownComments : 0; i < comments.size();
         ++i)
      out << fmt::format("  {} on {}:\n{}",
                         visible_text(hide_emails(advisor_.queue().people.name(comments[i]->person))),
                         format_date(comments[i]->at), quoted(comments[i]->body, kShownComment));
    const auto marks = marks_.all();
    if (const auto mark = marks.find(entry.item.id); mark != marks.end() && !mark->second.note.empty())
      out << "your note: " << one_line(mark->second.note) << "\n";
  }

  // Text of the forge: made harmless line by line, indented, bounded.
  static std::string quoted(const std::string& text, std::size_t most) {
    std::string result;
    const std::string kept = hide_emails(clean_text(text, most));
    for (const auto line : split(kept, '\n'))
      if (!trim(line).empty()) result += "  | " + one_line(std::string(line)) + "\n";
    if (text.size() > kept.size()) result += "  | …\n";
    return result;
  }

  void plan(const TriageEntry& entry, const std::string& kind, const std::string& content, const std::string& reason) {
    const auto action = make_action(context_, entry.item.id, kind, content, reason);
    const bool is_new = book_.add(action, "terminal", invocation_.clock.now());
    added_ += is_new;
    invocation_.out << fmt::format("{}: {} {}\n", is_new ? "planned" : "in the plan already, or sent before", kind,
                                   fit_width(one_line(action.content), 60));
  }

  void accept(const TriageEntry& entry, const TriageFacts& facts, std::int64_t number, const std::string& instead) {
    if (number < 1 || number > static_cast<std::int64_t>(facts.proposals.size()))
      throw Error(ErrorKind::usage, fmt::format("there is no proposal {}", number));
    const TriageProposal& proposal = facts.proposals[static_cast<std::size_t>(number) - 1];
    plan(entry, proposal.kind, instead.empty() ? proposal.content : instead, proposal.reason);
  }

  // Reads lines until one of them leads on.
  Then ask(const TriageEntry& entry, const TriageFacts& facts) {
    for (;;) {
      invocation_.out << "(? for help) > ";
      invocation_.out.flush();
      std::string line;
      if (!std::getline(std::cin, line)) {
        invocation_.out << "\n";
        return Then::stop;
      }
      const std::string words(trim(line));
      if (words.empty() || words == "s") return Then::next;
      if (words == "b") return Then::back;
      if (words == "q") return Then::stop;
      try {
        obey(entry, facts, words);
        if (done_) {
          done_ = false;
          return Then::next;
        }
      } catch (const Error& error) {
        invocation_.out << error.what() << "\n";
      }
    }
  }

  void obey(const TriageEntry& entry, const TriageFacts& facts, const std::string& words) {
    const std::string rest(words.size() > 1 ? trim(std::string_view(words).substr(1)) : std::string_view());
    const Timestamp now = invocation_.clock.now();
    const bool stands_alone = words.size() == 1 || words[1] == ' ';
    if (words == "?") {
      invocation_.out << kHelp;
    } else if (words[0] >= '0' && words[0] <= '9') {
      std::vector<std::int64_t> numbers;
      for (const auto each : split(words, ' ')) {
        if (trim(each).empty()) continue;
        const auto number = whole(trim(each));
        if (!number)
          throw Error(ErrorKind::usage, fmt::format("{} is no number of a proposal", one_line(std::string(each))));
        numbers.push_back(*number);
      }
      for (const auto number : numbers) accept(entry, facts, number, {});
    } else if (words == "a") {
      for (std::size_t i = 0; i < facts.proposals.size(); ++i)
        accept(entry, facts, static_cast<std::int64_t>(i) + 1, {});
    } else if (stands_alone && words[0] == 'c') {
      const auto space = rest.find(' ');
      const auto number = whole(rest.substr(0, space));
      if (!number || space == std::string::npos)
        throw Error(ErrorKind::usage, "c takes a proposal's number and the text: c 1 TEXT");
      accept(entry, facts, *number, std::string(trim(std::string_view(rest).substr(space))));
    } else if (stands_alone && words[0] == 'l') {
      plan(entry, "label", rest, "said while triaging");
    } else if (stands_alone && words[0] == 'm') {
      plan(entry, "comment", rest, "said while triaging");
    } else if (stands_alone && words[0] == 'x') {
      plan(entry, "close", rest, "said while triaging");
    } else if (stands_alone && words[0] == 'n') {
      marks_.note(entry.item.id, rest, "terminal", now);
      invocation_.out << (rest.empty() ? "note taken away\n" : "noted\n");
    } else if (stands_alone && words[0] == 'z') {
      const auto days = whole(rest);
      if (!days || *days < 1 || *days > kMostDays) throw Error(ErrorKind::usage, "z takes a number of days: z 14");
      marks_.snooze(entry.item.id, now + *days * kDay, "terminal", now);
      invocation_.out << fmt::format("not shown again before {}\n", format_date(now + *days * kDay));
      done_ = true;
    } else {
      throw Error(ErrorKind::usage, "that is no answer here; ? lists them");
    }
  }

  Invocation& invocation_;
  const Context& context_;
  TriageAdvisor advisor_;
  PlanBook book_;
  TriageMarks marks_;
  std::vector<const TriageEntry*> list_;
  std::size_t waiting_ = 0, snoozed_ = 0, added_ = 0;
  bool done_ = false;
};

std::function<int()> declare_triage(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto action = std::make_shared<std::string>("queue");
  auto number = std::make_shared<std::string>();
  auto arguments = std::make_shared<Arguments>();
  auto most = std::make_shared<std::size_t>(100);
  takes_one_of(
      app.add_option(
             "action", *action,
             "queue, show N (one issue, ready to decide), proposals (for all of them), or walk (one after the other)")
          ->type_name("ACTION"),
      {"queue", "show", "proposals", "walk"});
  app.add_option("number", *number, "show: the issue's number")->type_name("N");
  declare_parameters(app, find_analysis("triage"), arguments);
  const OptionHandle limit = takes_whole_number(
      app.add_option("--limit", *most, "walk: how many at most")->type_name("N")->capture_default_str(), 1, 100'000);
  return [&invocation, action, number, arguments, most, limit] {
    const auto refuse = [&](bool is_given, const char* option, const char* where) {
      if (is_given)
        throw Error(ErrorKind::usage, fmt::format("triage {} takes no --{}", *action, option),
                    fmt::format("it belongs to `resident triage {}`", where));
    };
    refuse(*action != "walk" && limit->count() > 0, "limit", "walk");
    refuse((*action == "show" || *action == "proposals") && arguments->contains("state"), "state", "queue");
    for (const std::string_view name : queue_choice_names())
      refuse(*action != "queue" && arguments->contains(std::string(name)), std::string(name).c_str(), "queue");
    if (*action != "show" && !number->empty())
      throw Error(ErrorKind::usage, fmt::format("triage {} takes no number", *action), "`resident triage show N` does");
    if (*action == "queue") return print_analysis(invocation, find_analysis("triage"), *arguments);
    if (*action == "proposals") return print_analysis(invocation, find_analysis("triage_proposals"), {});
    if (*action == "walk" && invocation.wants_json())
      throw Error(ErrorKind::usage, "a walk is a conversation and has no JSON", "`resident triage show N --json` does");
    const auto database = invocation.open(*action == "walk" ? Access::write : Access::read);
    Context context = invocation.context(*database);
    if (*action == "show") {
      context.arguments = {{"number", context.typed_number(*number)}};
      invocation.print(find_analysis("triage_facts").run(context));
      return 0;
    }
    context.arguments = *arguments;
    return Walk(invocation, context, *most).run();
  };
}

}  // namespace

extern const Command triage_command;
const Command triage_command{
    "triage", "Open issues that need a decision; one looked at closely; or walked through, one by one",
    "Walking, what you accept is collected into the plan; nothing is sent before `resident plan --apply`.\n"
    "Example: resident triage --state unanswered; resident triage show 12; resident triage walk",
    declare_triage};

}  // namespace resident
