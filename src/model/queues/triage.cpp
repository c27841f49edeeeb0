#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <framework/queue_choice.hpp>
#include <model/known_items.hpp>
#include <model/queues/triage.hpp>
#include <text/speech.hpp>

namespace resident {

const char* triage_state_name(TriageState state) {
  switch (state) {
    case TriageState::reopened:
      return "reopened";
    case TriageState::unanswered:
      return "unanswered";
    case TriageState::reporter_answered:
      return "reporter answered";
    case TriageState::waiting_for_reporter:
      return "waiting for reporter";
    case TriageState::stale:
      return "stale";
    case TriageState::discussion:
      return "in discussion";
  }
  return "?";
}

bool asks_reporter(const std::string& words) {
  static const Pattern request(
      R"((?i)\b(?:can|could|would|do|did|are|have) you\b|\bplease (?:provide|share|try|check|confirm|post|send|test|attach|include)\b|\bwhat (?:version|platform|compiler|os|exactly)\b|\bwhich (?:version|platform|compiler|os)\b|\b(?:is this|does this) (?:still )?(?:an issue|happen|relevant|reproducible)|\bmore (?:info|information|details)\b)");
  return words.find('?') != std::string::npos && request.found_in(words);
}

namespace {

TriageEntry judge(OpenItem item, const People& people, const Context& context) {
  TriageEntry entry;
  entry.by_outsider = !people.maintainers.contains(item.author);
  entry.unlabelled = item.labels.empty();
  Timestamp last_activity = item.opened_at, reopened_at = 0, asked_at = 0, answered_at = 0, last_other = 0;
  bool waiting_by_question = false, ever_answered = item.answered_before.has_value();
  if (item.answered_before) last_activity = std::max(last_activity, *item.answered_before);
  for (const Entry& event : item.entries) {
    if (event.is_bot) continue;
    if (event.kind == EntryKind::reopened) {
      reopened_at = event.at;
      last_activity = std::max(last_activity, event.at);
      continue;
    }
    if (event.kind != EntryKind::comment || speaks_only_to_machines(event.body)) continue;
    last_activity = std::max(last_activity, event.at);
    if (item.by_author(event)) {
      if (last_other > 0) answered_at = event.at;
      waiting_by_question = false;
      continue;
    }
    ever_answered = true;
    last_other = event.at;
    const std::string words = own_words(event.body);
    if (people.maintainers.contains(event.person)) {
      if (answered_at <= event.at) answered_at = 0;
      waiting_by_question = entry.by_outsider && asks_reporter(words);
      asked_at = event.at;
    }
    // Somebody else's remark does not answer a question that is put to the reporter.
    else if (!waiting_by_question && entry.by_outsider && last_other > 0 && asked_at > 0) {
      answered_at = event.at;
    }
  }
  std::string waiting_label;
  const bool labelled_waiting = has_label(item, context.config.triage.waiting_labels, &waiting_label);
  if (reopened_at > 0 && last_other <= reopened_at) {
    entry.state = TriageState::reopened;
    entry.since = reopened_at;
  } else if (!ever_answered) {
    entry.state = TriageState::unanswered;
    entry.since = item.opened_at;
  } else if (waiting_by_question || (labelled_waiting && answered_at <= asked_at && entry.by_outsider)) {
    entry.state = TriageState::waiting_for_reporter;
    entry.since = asked_at ? asked_at : item.opened_at;
  } else if (answered_at > asked_at && entry.by_outsider) {
    entry.state = TriageState::reporter_answered;
    entry.since = answered_at;
  } else if (context.as_of - last_activity > context.config.triage.stale_days * kDay) {
    entry.state = TriageState::stale;
    entry.since = last_activity;
  } else {
    entry.state = TriageState::discussion;
    entry.since = last_activity;
  }
  entry.item = std::move(item);
  return entry;
}

void rank(TriageEntry& entry, const Context& context) {
  std::vector<Reason> list;
  const double days = static_cast<double>(context.as_of - entry.since) / kDay;
  const std::string waiting = waiting_text(entry.since, context.as_of);
  // What was said in another tracker is known in part: of it nothing is claimed.
  const std::string since_it_came = entry.item.began_as.empty() || entry.since != entry.item.opened_at
                                        ? ""
                                        : fmt::format(" since it came from {}", entry.item.began_as);
  switch (entry.state) {
    case TriageState::reopened:
      list.push_back({45, fmt::format("reopened {} ago and nobody has answered since", waiting)});
      break;
    case TriageState::unanswered:
      if (entry.by_outsider) {
        list.push_back({50, fmt::format("nobody has answered in {}{}", waiting, since_it_came)});
      } else {
        list.push_back({14, fmt::format("a maintainer's own note, unanswered for {}", waiting)});
      }
      break;
    case TriageState::reporter_answered:
      list.push_back({38, fmt::format("the reporter's side answered {} ago; nobody came back to it", waiting)});
      break;
    case TriageState::waiting_for_reporter:
      list.push_back(
          {days > 60 ? 22.0 : 4.0,
           days > 60 ? fmt::format("the reporter has not answered a question for {}: ask once more, or close", waiting)
                     : fmt::format("waits for the reporter for {}", waiting)});
      break;
    case TriageState::stale:
      list.push_back({10, fmt::format("no activity for {}: decide whether it still holds", waiting)});
      break;
    case TriageState::discussion:
      list.push_back({6, since_it_came.empty() ? fmt::format("last comment {} ago", waiting)
                                               : fmt::format("no comment in {}{}", waiting, since_it_came)});
      break;
  }
  if (std::string label; has_label(entry.item, context.config.triage.urgent_labels, &label))
    list.push_back({25, fmt::format("labelled “{}”", label)});
  if (entry.unlabelled) list.push_back({entry.state == TriageState::unanswered ? 8.0 : 12.0, "has no label"});
  if (entry.item.first_contribution && entry.by_outsider && entry.state == TriageState::unanswered)
    list.push_back({10, "from somebody new"});
  if (entry.state != TriageState::stale && entry.state != TriageState::discussion)
    list.push_back({-std::min(20.0, 2.5 * std::log2(1 + days / 30)), days > 60 ? "old" : ""});
  if (has_label(entry.item, context.config.triage.ignored_labels))
    list.push_back({-30, "for discussion, by its label"});
  if (entry.item.author_is_bot) list.push_back({-20, "opened by a bot"});
  for (const Reason& each : list) entry.score += each.points;
  entry.reasons = std::move(list);
}

std::vector<Result> run(const Context& context) {
  const TriageQueue queue = triage_queue(context, nullptr, Threads::dropped);
  Result result =
      context.result("triage_queue", "Triage queue", "Which open issues need somebody to decide something, and what?");
  std::map<TriageState, std::int64_t> states;
  std::int64_t unlabelled = 0, own = 0;
  for (const auto& entry : queue.entries) {
    ++states[entry.state];
    own += entry.state == TriageState::unanswered && !entry.by_outsider;
    unlabelled += entry.unlabelled;
  }
  const auto total = static_cast<std::int64_t>(queue.entries.size());
  const char* none = knows_items(context, "issue") ? "No issue is open." : "No issue is known, so none can wait.";
  result.claim = total == 0 ? none
                            : fmt::format(
                                  "Of {}: {} unanswered{}, {} with the maintainers after an answer, {} with their "
                                  "reporters, {} reopened, {} stale; {} without a label.",
                                  plural(total, "open issue"), states[TriageState::unanswered],
                                  own > 0 ? fmt::format(" ({} of them maintainers' own)", own) : std::string(),
                                  states[TriageState::reporter_answered], states[TriageState::waiting_for_reporter],
                                  states[TriageState::reopened], states[TriageState::stale], unlabelled);
  result.columns = {{"rank", "#", ColumnType::integer},
                    {"number", "Issue", ColumnType::item, "", "", "url"},
                    {"title", "Title", ColumnType::text},
                    {"state", "State", ColumnType::text},
                    {"waiting", "Since", ColumnType::duration},
                    {"why", "Why", ColumnType::text, "", "with the points of each reason"},
                    {"reporter", "Reporter", ColumnType::text},
                    {"labels", "Labels", ColumnType::text},
                    {"age", "Age", ColumnType::duration, "", "from its first life, where it began in another tracker"},
                    {"comments", "Comments", ColumnType::integer},
                    {"since", "Since", ColumnType::time, "", "", "", true},
                    {"score", "Points", ColumnType::number, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"state", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"why", ColumnRole::reason},
                    {"reporter", ColumnRole::person},
                    {"labels", ColumnRole::label}});
  std::int64_t position = 0;
  const std::string wanted = wanted_triage_state(context);
  for (const auto& entry : queue.entries) {
    ++position;
    if (!wanted.empty() && wanted != triage_state_name(entry.state) && !(wanted == "unlabelled" && entry.unlabelled))
      continue;
    std::string labels;
    for (const auto& label : entry.item.labels) labels += (labels.empty() ? "" : ", ") + label;
    result.rows.push_back({position, entry.item.number, entry.item.title, std::string(triage_state_name(entry.state)),
                           context.as_of - entry.since, reasons_with_points(entry.reasons),
                           queue.people.name(entry.item.author), labels,
                           std::max<Timestamp>(0, context.as_of - entry.item.began_at), entry.comments, entry.since,
                           std::round(entry.score * 10) / 10, entry.item.url});
  }
  choose_rows(context, queue_choice(context), {"reporter", "labels", "age", "waiting"}, result);
  result.sample_size = total;
  result.definition = fmt::format(
      "unanswered: no human but the reporter has written, in another tracker where it began neither; reporter "
      "answered: an outsider's issue on which they (or "
      "others) wrote last, after a maintainer; "
      "waiting for reporter: a maintainer's question to an outsider stands, or a waiting label; stale: no activity in "
      "{} days; reopened: and not answered since.",
      context.config.triage.stale_days);
  result.method =
      "each thread replayed up to the as-of time; its record against hand-read threads is in docs/accuracy.md";
  result.evidence.push_back(
      {"open issues", fmt::format("SELECT i.number, i.title, v.opened_at FROM item i JOIN item_interval v USING "
                                  "(project_id, item_id) WHERE i.project_id = {0} "
                                  "AND i.kind = 'issue' AND v.opened_at <= {1} AND (v.closed_at IS NULL OR v.closed_at "
                                  "> {1}) ORDER BY i.number",
                                  context.project_id, context.as_of)});
  std::vector<Result> results;  // a list in braces would copy thousands of rows
  results.push_back(std::move(result));
  return results;
}

}  // namespace

std::string wanted_triage_state(const Context& context) {
  std::vector<std::string> names{"unlabelled"};
  for (const auto state : {TriageState::reopened, TriageState::unanswered, TriageState::reporter_answered,
                           TriageState::waiting_for_reporter, TriageState::stale, TriageState::discussion})
    names.emplace_back(triage_state_name(state));
  // "reporter-answered" is how a shell likes it.
  std::string given = context.argument("state");
  std::replace_if(
      given.begin(), given.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  if (std::find(names.begin(), names.end(), given) != names.end()) return given;
  return one_of_argument(context, "state", names);
}

void each_triage_entry(const Context& context, const People& people, const std::function<void(TriageEntry&&)>& take) {
  const auto spam = spam_items(context);
  each_open_item(context, people, "issue", [&](OpenItem&& item) {
    // Nobody can answer what is locked.
    if (item.is_locked || spam.contains(item.id)) return;
    TriageEntry entry = judge(std::move(item), people, context);
    rank(entry, context);
    std::set<std::int64_t> commenters;
    for (const Entry& each : entry.item.entries) {
      if (each.kind != EntryKind::comment) continue;
      ++entry.comments;
      if (!each.is_bot && each.person != 0 && !entry.item.by_author(each)) commenters.insert(each.person);
    }
    entry.commenters = static_cast<std::int64_t>(commenters.size());
    take(std::move(entry));
  });
}

TriageQueue triage_queue(const Context& context, const People* people, Threads threads) {
  TriageQueue queue;
  if (!people) queue.people = load_people(context);
  each_triage_entry(context, people ? *people : queue.people, [&](TriageEntry&& entry) {
    if (threads == Threads::dropped ||
        (threads == Threads::of_waiting && entry.state != TriageState::waiting_for_reporter))
      entry.item.forget_thread();
    queue.entries.push_back(std::move(entry));
  });
  std::stable_sort(queue.entries.begin(), queue.entries.end(), [](const TriageEntry& a, const TriageEntry& b) {
    return a.score != b.score ? a.score > b.score : a.since > b.since;
  });
  return queue;
}

extern const Analysis triage_analysis;
const Analysis triage_analysis{
    "triage",
    "Triage queue",
    "Which open issues need somebody to decide something, and what?",
    with_queue_choice(
        {{"state", "STATE",
          "only this state: unanswered, reporter answered, waiting for reporter, stale, reopened, unlabelled"}}),
    run,
    {},
    {{"queues", 20}}};

}  // namespace resident
