#include <fmt/format.h>

#include <actions/plan.hpp>
#include <actions/questions.hpp>
#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <optional>

namespace resident {

namespace {

constexpr Timestamp kSilence = 60 * kDay;
constexpr std::size_t kMostConsidered = 10;  // likely reviewers of a pull request

PlannedAction action_on(const OpenItem& item, const char* kind, std::string content, std::string reason) {
  PlannedAction action;
  action.item_id = item.id;
  action.number = item.number;
  action.item_kind = item.is_pull ? "pull" : "issue";
  action.title = item.title;
  action.url = item.url;
  action.kind = kind;
  action.content = std::move(content);
  action.reason = std::move(reason);
  // A question to the same item is the same within a stretch of silence, not for ever.
  action.key = fmt::format("{}/{}/{}", item.id, kind, fingerprint(action.content).substr(0, 16));
  return action;
}

class Planner {
 public:
  Planner(const Context& context, int per_person)
      : context_(context), per_person_(per_person), sent_(sent_keys(context)) {}

  Plan make(const ReviewQueue& reviews, const TriageQueue& triage,
            const std::function<const reviewers::Suggester&()>& suggester) {
    std::vector<const ReviewEntry*> unreviewed;
    for (const auto& entry : reviews.entries)
      if (!entry.item.author_is_bot && !entry.item.is_draft && entry.turn.turn == Turn::reviewer &&
          entry.turn.people.empty() && context_.as_of - entry.turn.since > kDay)
        unreviewed.push_back(&entry);
    count_load(reviews);
    request_reviews(reviews, unreviewed, suggester);
    for (const auto& entry : reviews.entries) {
      if (entry.item.author_is_bot || entry.item.is_draft || entry.turn.turn != Turn::author) continue;
      ask(entry.item, reviews.people);
    }
    for (const auto& entry : triage.entries)
      if (entry.state == TriageState::waiting_for_reporter) ask(entry.item, triage.people);
    return std::move(plan_);
  }

 private:
  void add(PlannedAction action) {
    if (sent_.contains(action.key)) {
      ++plan_.already_sent;
      return;
    }
    plan_.actions.push_back(std::move(action));
  }

  void ask(const OpenItem& item, const People& people) {
    if (context_.as_of - item.opened_at < kSilence) return;
    if (auto action = question_to_author(item, people, context_.as_of, kSilence)) add(std::move(*action));
  }

  // Who is waited for already has that much to do.
  void count_load(const ReviewQueue& queue) {
    for (const auto& entry : queue.entries)
      if (entry.turn.turn == Turn::reviewer && context_.as_of - entry.turn.since < 365 * kDay)
        for (const auto person : entry.turn.people) ++load_[person];
  }

  // Likely reviewers of all that nobody reviews, spread over them in the queue's order; of each the first who merges in
  // this project, was not asked yet, and is not waited for too much.
  void request_reviews(const ReviewQueue& queue, const std::vector<const ReviewEntry*>& entries,
                       const std::function<const reviewers::Suggester&()>& suggester) {
    if (entries.empty()) return;
    std::vector<std::int64_t> items;
    for (const auto* entry : entries) items.push_back(entry->item.id);
    const auto may = [&](const reviewers::Suggestion& each) {
      return !each.asked && queue.people.maintainers.contains(each.person);
    };
    const auto suggestions = suggester().suggest_spread(items, kMostConsidered, may);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const ReviewEntry& entry = *entries[i];
      const auto chosen = std::find_if(suggestions[i].begin(), suggestions[i].end(),
                                       [&](const auto& each) { return load_[each.person] < per_person_; });
      if (chosen == suggestions[i].end()) continue;
      ++load_[chosen->person];
      add(action_on(entry.item, "request_review", chosen->name,
                    fmt::format("{} ({}); likely reviewer: {}", entry.turn.why,
                                waiting_text(entry.turn.since, context_.as_of), chosen->why)));
    }
  }

  const Context& context_;
  int per_person_;
  Plan plan_;
  std::set<std::string> sent_;
  std::map<std::int64_t, int> load_;
};

}  // namespace

Plan make_plan(const Context& context, int per_person, const PlanMeans& means) {
  std::optional<ReviewQueue> reviews;
  std::optional<TriageQueue> triage;
  if (!means.reviews) reviews = review_queue(context);
  if (!means.triage) triage = triage_queue(context);
  const ReviewQueue& queue = reviews ? *reviews : *means.reviews;
  std::optional<reviewers::Suggester> suggester;
  return Planner(context, per_person)
      .make(queue, triage ? *triage : *means.triage, [&]() -> const reviewers::Suggester& {
        if (means.suggester) return means.suggester();
        if (suggester) return *suggester;
        std::vector<std::int64_t> open;
        for (const ReviewEntry& entry : queue.entries) open.push_back(entry.item.id);
        return suggester.emplace(context, queue.people, open);
      });
}

std::set<std::string> sent_keys(const Context& context) {
  std::set<std::string> keys;
  for (const auto rows =
           context.database.query("SELECT action_key FROM action_log WHERE project_id = :project AND state = 'sent'",
                                  {{"project", context.project_id}});
       rows->next();)
    keys.insert(rows->string(0));
  return keys;
}

Plan joined_plan(std::vector<PlannedAction> collected, Plan proposed) {
  std::set<std::string> keys;
  for (const auto& action : collected) keys.insert(action.key);
  for (auto& action : proposed.actions)
    if (!keys.contains(action.key)) collected.push_back(std::move(action));
  proposed.actions = std::move(collected);
  return proposed;
}

Result plan_result(const Context& context, const Plan& plan) {
  Result result = context.result("plan", "Plan", "What could be sent to the forge now, and why?");
  result.columns = {
      {"number", "Item", ColumnType::item, "", "", "url"},
      {"kind", "Action", ColumnType::text},
      {"content", "What", ColumnType::text, "", "", "", false, true},
      {"reason", "Why", ColumnType::text},
      {"said", "Said", ColumnType::text, "", "what the comment refers to: who, when, in which words, where", "", true},
      {"title", "Title", ColumnType::text, "", "", "", true},
      {"key", "Key", ColumnType::text, "", "the same for the same proposal", "", true},
      {"url", "Address", ColumnType::url, "", "", "", true}};
  std::map<std::string, std::int64_t> kinds;
  for (const auto& action : plan.actions) {
    ++kinds[action.kind];
    std::string said;
    for (const Said& each : action.said) said += (said.empty() ? "" : "; ") + said_text(each);
    result.rows.push_back(
        {action.number, action.kind, action.content, action.reason, said, action.title, action.key, action.url});
  }
  static const std::map<std::string, std::pair<const char*, const char*>> names{
      {"request_review", {"review request", ""}},
      {"comment", {"comment", ""}},
      {"label", {"label", ""}},
      {"unlabel", {"label to take off", "labels to take off"}},
      {"close", {"closing", ""}},
      {"assign", {"assignment", ""}},
      {"unassign", {"assignment to take back", "assignments to take back"}},
      {"reopen", {"reopening", ""}},
      {"milestone", {"milestone", ""}}};
  std::vector<std::string> parts;
  for (const auto& [kind, count] : kinds) {
    const auto name = names.find(kind);
    parts.push_back(name == names.end() ? fmt::format("{} × {}", count, kind)
                                        : plural(count, name->second.first, name->second.second));
  }
  std::string list;
  for (std::size_t i = 0; i < parts.size(); ++i)
    list += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  result.claim =
      plan.actions.empty() ? "Nothing is proposed." : fmt::format("Proposed: {}; nothing has been sent.", list);
  result.sample_size = static_cast<std::int64_t>(plan.actions.size());
  result.definition =
      "Review requests go to the likely reviewer (as resident review show names them, spread over the queue so that "
      "not always the same are asked) who merges in this project, was not asked yet, and is waited for on fewer than "
      "three others; questions go to authors and reporters who have owed an answer for 60 days, never where a "
      "maintainer owes the reply: each names who asked what and when (or what the author announced), and is left out "
      "where the thread does not show that it was said to them and that nothing came from them, or overtook it, since.";
  if (plan.already_sent)
    result.notes.push_back(
        fmt::format("{} proposed before and sent; left out.", plural(plan.already_sent, "action was", "actions were")));
  return result;
}

}  // namespace resident
