// Whose turn Gerrit says it is beside whose turn it is by what was written: how often both name the same, and every
// change where they do not, each side with its reason.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/arguments.hpp>
#include <map>
#include <model/queues/attention_turn.hpp>
#include <model/queues/review.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

struct Count {
  std::int64_t changes = 0, same = 0;
  void add(bool is_same) { ++changes, same += is_same; }
};

std::string names_of(const std::set<std::int64_t>& people, const People& who) {
  std::string text;
  for (const std::int64_t person : people) text += (text.empty() ? "" : ", ") + who.name(person);
  return text;
}

// "34 of 37 (92 %, 79–97 %)"
std::string share_text(const Count& count) {
  const auto interval = stats::wilson_interval(count.same, count.changes);
  if (!interval) return "0 of 0";
  return fmt::format("{} of {} ({:.0f} %, {:.0f}–{:.0f} %)", with_thousands(count.same), with_thousands(count.changes),
                     100.0 * static_cast<double>(count.same) / static_cast<double>(count.changes), 100 * interval->low,
                     100 * interval->high);
}

std::vector<Cell> row_of(const ReviewEntry& entry, const People& people, bool is_same) {
  const OpenItem& item = entry.item;
  const OwnTurn& own = *entry.turn.own;
  std::string reason;
  for (const auto& [person, place] : item.attention.people)
    reason += fmt::format("{}{}: {}", reason.empty() ? "" : "; ", people.name(person),
                          place.reason.empty() ? "no reason told" : place.reason);
  return {item.number,
          item.title,
          people.name(item.author),
          std::string(turn_name(entry.turn.turn)),
          attention_text(item, people),
          reason,
          entry.turn.since,
          std::string(turn_name(own.turn)),
          own.turn == Turn::author ? people.name(item.author) : names_of(own.people, people),
          own.why,
          own.since,
          std::string(is_same ? "yes" : "no"),
          std::string(item.attention.was_edited ? "yes" : "no"),
          item.url};
}

std::vector<Column> columns() {
  return {{"number", "Change", ColumnType::item, "", "", "url"},
          {"title", "Title"},
          {"author", "Author"},
          {"turn", "Turn", ColumnType::text, "", "as it is shown: of who came into the attention set last"},
          {"attention", "Attention set", ColumnType::text, "", "who is in it"},
          {"reason", "Gerrit's reason"},
          {"since", "Since", ColumnType::time, "", "", "", true},
          {"own_turn", "Our turn", ColumnType::text, "", "by what was written, pushed, voted and asked for"},
          {"own_people", "Whom for"},
          {"own_why", "Our reason"},
          {"own_since", "Ours since", ColumnType::time, "", "", "", true},
          {"same", "Same", ColumnType::text, "", "whether the set has whom our judgement waits for"},
          {"edited", "Edited", ColumnType::text, "", "somebody put an account in or out by hand"},
          {"url", "Address", ColumnType::url, "", "", "", true}};
}

Result by_turn(const Context& context, const Result& of, const std::map<std::pair<Turn, bool>, Count>& counts) {
  Result result = context.result("attention_turns", "The attention set and our judgement, by turn",
                                 "Where do Gerrit and our rules name the same, by whose turn we say it is?");
  result.claim = of.claim;
  result.columns = {{"own_turn", "Our turn"},
                    {"edited", "Edited", ColumnType::text, "", "somebody put an account in or out by hand"},
                    {"changes", "Changes", ColumnType::integer, "changes"},
                    {"same", "Same", ColumnType::integer, "changes"},
                    {"share", "Share", ColumnType::share},
                    {"low", "From", ColumnType::share},
                    {"high", "To", ColumnType::share}};
  for (const auto& [key, count] : counts) {
    const auto interval = stats::wilson_interval(count.same, count.changes);
    result.rows.push_back({std::string(turn_name(key.first)), std::string(key.second ? "yes" : "no"), count.changes,
                           count.same, static_cast<double>(count.same) / static_cast<double>(count.changes),
                           interval ? Cell(interval->low) : Cell(), interval ? Cell(interval->high) : Cell()});
  }
  result.sample_size = of.sample_size;
  result.definition = of.definition;
  result.uncertainty = of.uncertainty;
  return result;
}

std::vector<Result> analyse_attention(const Context& context) {
  Result result = context.result("attention", "The attention set and our judgement",
                                 "Where do Gerrit and our rules not name the same for whose turn it is?");
  result.columns = columns();
  const ReviewQueue queue = review_queue(context);
  const bool shows_all = flag_argument(context, "all");
  Count all, untouched;
  std::map<std::pair<Turn, bool>, Count> counts;
  std::int64_t empty = 0, unknown = 0;
  for (const ReviewEntry& entry : queue.entries) {
    if (!entry.turn.own) {
      (entry.item.attention.is_known ? empty : unknown) += 1;
      continue;
    }
    const bool is_same = is_in_attention(entry.item, *entry.turn.own), is_edited = entry.item.attention.was_edited;
    all.add(is_same);
    if (!is_edited) untouched.add(is_same);
    counts[{entry.turn.own->turn, is_edited}].add(is_same);
    if (shows_all || !is_same) result.rows.push_back(row_of(entry, queue.people, is_same));
  }
  const std::size_t number = result.column("number");
  std::sort(result.rows.begin(), result.rows.end(), [&](const auto& a, const auto& b) {
    return std::get<std::int64_t>(a[number]) < std::get<std::int64_t>(b[number]);
  });
  result.sample_size = all.changes;
  const auto more = [&](std::int64_t n, const char* what) {
    return n ? fmt::format("; {} {}", n, what) : std::string();
  };
  result.claim = all.changes == 0 ? fmt::format("No open change has somebody in its attention set{}.",
                                                more(unknown, "have none that is known"))
                                  : fmt::format(
                                        "Our judgement names somebody of the attention set for {} open changes, and "
                                        "for {} of those that nobody edited by hand{}{}.",
                                        share_text(all), share_text(untouched), more(empty, "have nobody in it"),
                                        more(unknown, "have none that is known"));
  result.definition =
      "Over open changes whose attention set (Gerrit 3.3 and later) is known as of the moment and not empty: the same "
      "where our judgement waits for the author and the author is in the set, or waits for reviewers or committers and "
      "somebody whom it names is (where it names nobody: anybody but the author). Edited by hand: Gerrit's reason says "
      "that somebody used the hovercard or the icon; choices in the reply dialog cannot be told apart. Whose turn is "
      "shown elsewhere is the set's.";
  result.method =
      "Gerrit tells of each account the last time it came into the set or left it; what earlier readings saw is kept. "
      "Our judgement is the review queue's (docs/guide/review-rules.md), which looks at no attention set";
  result.uncertainty = "95 % intervals: Wilson's, over changes";
  result.evidence.push_back(
      {"what Gerrit told of attention sets",
       fmt::format("SELECT e.item_id / 2 AS change, e.kind, e.occurred_at, e.subject_id, e.detail FROM event e WHERE "
                   "e.project_id = {} AND e.kind IN ('attention_added', 'attention_removed') AND e.occurred_at <= {} "
                   "ORDER BY e.item_id, e.occurred_at",
                   context.project_id, context.as_of),
       {}});
  result.set_roles({{"title", ColumnRole::title}, {"author", ColumnRole::person}});
  Result turns = by_turn(context, result, counts);
  return {std::move(result), std::move(turns)};
}

}  // namespace

extern const Analysis attention_analysis;
const Analysis attention_analysis{
    "attention",
    "The attention set and our judgement",
    "Where do Gerrit and our rules not name the same for whose turn it is?",
    {{"all", "", "also the changes where both name the same"}},
    analyse_attention,
    {groups::kMorning, "Gerrit's attention sets beside our own judgement of whose turn it is",
     "Needs changes of a Gerrit (`resident add gerrit:…`). Lists every open change where the two differ, with both "
     "reasons; --all lists all. Example: resident attention --project go"}};

}  // namespace resident
