#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <framework/queue_choice.hpp>
#include <model/known_items.hpp>
#include <model/lines_changed.hpp>
#include <model/queues/review.hpp>
#include <stats/quantile.hpp>
#include <unordered_set>

namespace resident {

namespace {

std::string size_text(const OpenItem& item) {
  if (!item.additions && !item.deletions) return {};
  return lines_changed(item.additions.value_or(0), item.deletions.value_or(0));
}

// What makes a pull request come first. The weights are a choice, stated in the
// definition of the Result; each entry shows what it got.
std::vector<Reason> points_of(const ReviewEntry& entry, const Context& context) {
  const OpenItem& item = entry.item;
  const double days = static_cast<double>(context.as_of - entry.turn.since) / kDay;
  std::vector<Reason> list;
  switch (entry.turn.turn) {
    case Turn::committer:
      list.push_back({60, "ready to merge"});
      break;
    case Turn::reviewer:
      list.push_back({40, entry.turn.answered ? "waits for a reviewer" : "nobody has reviewed it"});
      break;
    case Turn::ci:
      list.push_back({8, "waits for CI"});
      break;
    case Turn::author:
      list.push_back({days > 90 ? 12.0 : 5.0,
                      days > 90 ? "waits for its author for long: ask, or take it over" : "waits for its author"});
      break;
    case Turn::nobody:
      list.push_back({0, "blocked"});
      break;
  }
  const bool on_us = entry.turn.turn == Turn::committer || entry.turn.turn == Turn::reviewer;
  if (std::string label; has_label(item, context.config.triage.urgent_labels, &label))
    list.push_back({30, fmt::format("labelled “{}”", label)});
  // A newcomer who has waited for half a year is a newcomer no more.
  if (on_us && item.is_newcomers() && days < 180)
    list.push_back({entry.turn.answered ? 12.0 : 25.0, item.first_contribution
                                                           ? "its author's first contribution"
                                                           : "nothing of its author is merged yet"});
  if (on_us && days >= 1)
    list.push_back({std::min(24.0, 6 * std::log2(1 + days / 7)),
                    fmt::format("for {}", waiting_text(entry.turn.since, context.as_of))});
  if (on_us && entry.turn.approvals > 0 && entry.turn.turn == Turn::reviewer)
    list.push_back({10, plural(entry.turn.approvals, "approval")});
  if (on_us && entry.turn.stale_approvals > 0 && entry.turn.approvals == 0)
    list.push_back({8, "approved before the last push"});
  if (item.additions || item.deletions) {
    const auto lines = item.additions.value_or(0) + item.deletions.value_or(0);
    if (lines <= 50) {
      list.push_back({on_us ? 8.0 : 1.0, fmt::format("small ({})", size_text(item))});
    } else if (lines > 1000) {
      list.push_back({-8, fmt::format("large ({})", size_text(item))});
    }
  }
  if (item.author_is_bot) list.push_back({-15, "by a bot"});
  if (item.is_draft && on_us) list.push_back({-15, "a draft"});
  return list;
}

// "2 approvals are needed, 1 where the author may merge".
std::string needed_text(const ApprovalHabits& habits) {
  const std::string needed = plural(habits.required, "approval is", "approvals are") + " needed";
  const int own = habits.required_of(true);
  return own == habits.required ? needed : fmt::format("{}, {} where the author may merge", needed, own);
}

std::vector<Result> run(const Context& context) {
  const ReviewQueue queue = review_queue(context, 0, Threads::dropped);
  Result result = context.result("review_queue", "Review queue",
                                 "Whose turn is it on each open pull request, and which should be looked at first?");
  std::map<Turn, std::int64_t> turns;
  for (const auto& entry : queue.entries) ++turns[entry.turn.turn];
  const std::int64_t total = static_cast<std::int64_t>(queue.entries.size());
  const char* none =
      knows_items(context, "pull") ? "No pull request is open." : "No pull request is known, so none can wait.";
  result.claim =
      total == 0 ? none
                 : fmt::format("Of {}: {} for a reviewer, {} ready to merge, {} for their authors{}{}.",
                               plural(total, "open pull request"), turns[Turn::reviewer], turns[Turn::committer],
                               turns[Turn::author], turns[Turn::ci] ? fmt::format(", {} for CI", turns[Turn::ci]) : "",
                               turns[Turn::nobody] ? fmt::format(", {} blocked", turns[Turn::nobody]) : "");
  result.columns = {
      {"rank", "#", ColumnType::integer},
      {"number", "PR", ColumnType::item, "", "", "url"},
      {"title", "Title", ColumnType::text},
      {"turn", "Turn", ColumnType::text, "", "author, reviewer, committer, ci or nobody"},
      {"waiting", "Waiting", ColumnType::duration, "", "since the turn began"},
      {"who", "Whom for", ColumnType::text},
      {"why", "Why this turn", ColumnType::text},
      {"rank_reason", "Why this rank", ColumnType::text, "", "points, most first"},
      {"author", "Author", ColumnType::text},
      {"first_contribution", "First", ColumnType::text, "",
       "yes: nothing by its author came before; nothing merged: something came, none was merged", "", true},
      {"labels", "Labels", ColumnType::text},
      {"age", "Age", ColumnType::duration},
      {"additions", "+", ColumnType::integer, "lines", "", "", true},
      {"deletions", "−", ColumnType::integer, "lines", "", "", true},
      {"approvals", "Approvals", ColumnType::integer, "", "of what stands now", "", true},
      {"since", "Since", ColumnType::time, "", "", "", true},
      {"score", "Points", ColumnType::number, "", "", "", true},
      {"url", "Address", ColumnType::url, "", "", "", true}};
  result.layout = Layout::queue;
  result.set_roles({{"turn", ColumnRole::verb},
                    {"title", ColumnRole::title},
                    {"why", ColumnRole::reason},
                    {"who", ColumnRole::person},
                    {"author", ColumnRole::person},
                    {"labels", ColumnRole::label}});
  std::int64_t rank = 0;
  const std::string wanted = one_of_argument(context, "turn", {"author", "reviewer", "committer", "ci", "nobody"});
  for (const auto& entry : queue.entries) {
    ++rank;
    if (!wanted.empty() && wanted != turn_name(entry.turn.turn)) continue;
    std::string who;
    for (const auto person : entry.turn.people) who += (who.empty() ? "" : ", ") + queue.people.name(person);
    for (const auto& team : entry.turn.teams) who += (who.empty() ? "team " : ", team ") + team;
    if (who.empty() && entry.turn.turn == Turn::author) who = queue.people.name(entry.item.author);
    const auto cell = [](const std::optional<std::int64_t>& value) { return value ? Cell(*value) : Cell(); };
    result.rows.push_back({rank, entry.item.number, entry.item.title, std::string(turn_name(entry.turn.turn)),
                           context.as_of - entry.turn.since, who, entry.turn.why, reasons_with_points(entry.reasons),
                           queue.people.name(entry.item.author),
                           std::string(entry.item.first_contribution ? "yes"
                                       : entry.item.nothing_merged   ? "nothing merged"
                                                                     : ""),
                           fmt::format("{}", fmt::join(entry.item.labels, ", ")),
                           std::max<Timestamp>(0, context.as_of - entry.item.began_at), cell(entry.item.additions),
                           cell(entry.item.deletions), std::int64_t{entry.turn.approvals}, entry.turn.since,
                           std::round(entry.score * 10) / 10, entry.item.url});
  }
  choose_rows(context, queue_choice(context), {"author", "labels", "age", "waiting"}, result);
  result.sample_size = total;
  result.definition = fmt::format(
      "The turn comes from a state machine over reviews, requests, pushes, comments, labels and drafts; approvals {}; "
      "{} ({}); those of older commits {} ({}). "
      "Rank: ready to merge 60 points, waiting for a reviewer 40, plus waiting time (up to 24), a first contribution "
      "or the first to be merged "
      "(12 or 25), urgent labels (30), "
      "approvals so far (8 or 10), small size (8); less for large size (8), drafts and bots (15).",
      queue.approval_by_comment ? "are reviews and comments that begin with ACK" : "are approving reviews",
      needed_text(queue.habits), queue.habits.reason, queue.push_rule.dismisses ? "do not count" : "count as well",
      queue.push_rule.reason);
  result.method =
      "each thread replayed up to the as-of time; its record against hand-read threads is in docs/accuracy.md";
  std::string maintainers;
  std::set<std::string> names;
  for (const auto person : queue.people.maintainers) names.insert(queue.people.name(person));
  for (const auto& name : names) maintainers += (maintainers.empty() ? "" : ", ") + name;
  result.notes.push_back(
      maintainers.empty()
          ? "No maintainers are known: nobody merged in the two years before, and none are configured."
          : fmt::format("Taken as maintainers ({}): {}.",
                        context.config.maintainers.empty() ? "they merged in the two years before" : "configured",
                        maintainers));
  result.evidence.push_back(
      {"open pull requests", fmt::format("SELECT i.number, i.title, v.opened_at FROM item i JOIN item_interval v USING "
                                         "(project_id, item_id) WHERE i.project_id = {0} "
                                         "AND i.kind = 'pull' AND v.opened_at <= {1} AND (v.closed_at IS NULL OR "
                                         "v.closed_at > {1}) ORDER BY i.number",
                                         context.project_id, context.as_of)});
  std::vector<Result> results;  // a list in braces would copy thousands of rows
  if (context.argument("summary") != "yes") {
    results.push_back(std::move(result));
    return results;
  }

  Result summary = context.result("review_turns", "Whose turn it is", "How many open pull requests wait for whom?");
  summary.claim = result.claim;
  summary.columns = {{"turn", "Turn", ColumnType::text},
                     {"pulls", "Open pull requests", ColumnType::integer, "pull requests"},
                     {"median_waiting", "Median wait", ColumnType::duration}};
  summary.chart = {Chart::Kind::bar, "turn", {"pulls"}, "", "", "", "open pull requests"};
  for (const Turn turn : {Turn::committer, Turn::reviewer, Turn::author, Turn::ci, Turn::nobody}) {
    std::vector<double> waits;
    for (const auto& entry : queue.entries)
      if (entry.turn.turn == turn) waits.push_back(static_cast<double>(context.as_of - entry.turn.since));
    summary.rows.push_back({std::string(turn_name(turn)), static_cast<std::int64_t>(waits.size()),
                            waits.empty() ? Cell() : Cell(std::llround(stats::median(waits)))});
  }
  summary.sample_size = total;
  summary.definition = result.definition;
  results.push_back(std::move(summary));
  results.push_back(std::move(result));
  return results;
}

}  // namespace

std::string waiting_text(Timestamp since, Timestamp as_of) {
  // The same figure as in the column beside the sentence.
  std::string text = format_duration(static_cast<double>(std::max<Timestamp>(0, as_of - since)));
  for (const auto& [unit, word] : {std::pair{" mo", " months"}, std::pair{" y", " years"}})
    if (text.ends_with(unit)) text.replace(text.size() - std::string_view(unit).size(), std::string::npos, word);
  return text;
}

std::string reasons_with_points(const std::vector<Reason>& reasons) {
  std::string result;
  for (const Reason& each : reasons)
    if (!each.text.empty()) result += fmt::format("{}{} ({:+.0f})", result.empty() ? "" : "; ", each.text, each.points);
  return result;
}

std::string raising_reasons(const std::vector<Reason>& reasons) {
  std::string result;
  for (const Reason& each : reasons)
    if (!each.text.empty() && each.points >= 0) result += (result.empty() ? "" : "; ") + each.text;
  return result;
}

bool has_label(const OpenItem& item, const std::vector<std::string>& labels, std::string* which) {
  for (const auto& wanted : labels) {
    const std::string* label = label_in(item.labels, wanted);
    if (!label) continue;
    if (which) *which = *label;
    return true;
  }
  return false;
}

ReviewQueue review_queue(const Context& context, std::int64_t number, Threads threads) {
  ReviewQueue queue;
  queue.approval_by_comment = approves_by_comment(context);
  queue.people = load_reviewing_people(context, queue.approval_by_comment);
  queue.push_rule = push_dismisses_approvals(context, queue.approval_by_comment);
  queue.habits = approval_habits(context, queue.people, queue.approval_by_comment, queue.push_rule.dismisses);
  const ReviewRules rules = settled_rules(context, queue.approval_by_comment, queue.habits);
  const ReviewPolicy policy(rules, queue.approval_by_comment, context.reference_rules(), queue.habits);
  std::unordered_set<std::int64_t> open;
  for (const auto rows =
           context.database.query("SELECT i.number FROM item_interval v JOIN item i ON i.project_id = v.project_id AND "
                                  "i.item_id = v.item_id WHERE v.project_id = :project "
                                  "AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of)",
                                  context.parameters());
       rows->next();)
    open.insert(rows->integer(0));
  const std::function<bool(std::int64_t)> is_open = [&](std::int64_t other) { return open.contains(other); };
  const auto take = [&](OpenItem&& item) {
    ReviewEntry entry;
    entry.turn = policy.decide(item, queue.people, context.as_of, is_open);
    if (threads == Threads::dropped) item.forget_thread();
    entry.item = std::move(item);
    auto points = points_of(entry, context);
    std::stable_sort(points.begin(), points.end(),
                     [](const Reason& a, const Reason& b) { return std::fabs(a.points) > std::fabs(b.points); });
    for (const Reason& each : points) entry.score += each.points;
    entry.reasons = std::move(points);
    queue.entries.push_back(std::move(entry));
  };
  each_open_item(context, queue.people, "pull", take, number);
  std::stable_sort(queue.entries.begin(), queue.entries.end(), [](const ReviewEntry& a, const ReviewEntry& b) {
    return a.score != b.score ? a.score > b.score : a.turn.since < b.turn.since;
  });
  return queue;
}

extern const Analysis review_analysis;
const Analysis review_analysis{
    "review",
    "Review queue",
    "Whose turn is it on each open pull request, and which should be looked at first?",
    with_queue_choice({{"turn", "TURN", "only this turn: author, reviewer, committer, ci, nobody"},
                       {"summary", "", "first, how many wait for whom"}}),
    run,
    {},
    {{"queues", 10, {{"summary", "yes"}}}}};

}  // namespace resident
