#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/triage_page.hpp>
#include <set>

namespace resident {

namespace {

constexpr std::int64_t kCards = 10;  // on a page
constexpr std::int64_t kMostDays = 3650;

std::string text_of(const Cell& cell, ColumnType type) {
  return std::holds_alternative<std::monostate>(cell) ? std::string() : format_cell(cell, type);
}

ActionCard card_of(const Context& context, const TriageEntry& entry, const People& people, const TriageFacts& facts,
                   const std::set<std::string>& planned, const TriageMark& mark) {
  ActionCard card;
  card.item_id = entry.item.id;
  card.title = fmt::format("#{} {}", entry.item.number, entry.item.title);
  card.url = entry.item.url;
  card.text = entry.item.body;
  const Result table = facts_result(context, entry, people, facts);
  for (const auto& row : table.rows) {
    const std::string what = std::get<std::string>(row[0]);
    if (what.starts_with("proposal ")) continue;
    const std::string probability = text_of(row[2], ColumnType::share), why = text_of(row[3], ColumnType::text);
    card.facts.emplace_back(what, fmt::format("{}{}{}", std::get<std::string>(row[1]),
                                              probability.empty() ? "" : fmt::format(" ({})", probability),
                                              why.empty() ? "" : fmt::format(" – {}", why)));
  }
  if (!mark.note.empty()) card.facts.emplace_back("your note", mark.note);
  for (const auto& each : facts.proposals) {
    const bool is_comment = each.kind == "comment";
    ActionForm form;
    form.kind = each.kind;
    form.content = each.content;
    form.reason = each.reason;
    form.button = is_comment ? "Plan this comment" : fmt::format("Plan the label “{}”", each.content);
    if (is_comment) form.input = ActionForm::Input::text, form.label = "Comment";
    form.is_planned = planned.contains(action_key(entry.item.id, each.kind, each.content));
    card.forms.push_back(std::move(form));
  }
  const auto add = [&](const char* kind, const char* content, const char* button, const char* label) {
    ActionForm form;
    form.kind = kind;
    form.content = content;
    form.button = button;
    form.label = label;
    form.input = ActionForm::Input::line;
    card.forms.push_back(std::move(form));
  };
  add("label", "", "Plan the label", "Another label");
  add("note", mark.note.c_str(), "Note it", "A note for yourself");
  add("snooze", "14", "Snooze", "Not again for days");
  return card;
}

}  // namespace

Page TriagePage::make(Context context, const std::string& version, std::int64_t from, Timestamp now) {
  const std::string key = fmt::format("{}\n{}\n{}", version, context.project, context.as_of / kHour);
  if (key != key_ || !kept_) {
    kept_.reset();
    kept_ = std::make_unique<Kept>(std::move(context));
    key_ = key;
  }
  TriageAdvisor& advisor = kept_->advisor;
  Database& database = kept_->context.database;
  const auto marks = TriageMarks(database, kept_->context.project_id).all();
  std::set<std::string> planned;
  const auto collected = PlanBook(database, kept_->context.project_id).planned();
  for (const auto& each : collected) planned.insert(each.action.key);
  Page page{"triage", "Triage"};
  std::int64_t place = 0, snoozed = 0;
  for (const auto& entry : advisor.queue().entries) {
    const auto found = marks.find(entry.item.id);
    const TriageMark mark = found == marks.end() ? TriageMark() : found->second;
    if (mark.snoozed_until.value_or(0) > now) {
      ++snoozed;
      continue;
    }
    if (place >= from && place < from + kCards)
      page.cards.push_back(card_of(kept_->context, entry, advisor.queue().people, advisor.facts(entry), planned, mark));
    ++place;
  }
  const auto count = static_cast<std::int64_t>(page.cards.size());
  page.intro = place == 0   ? std::string("No open issue waits to be triaged.")
               : count == 0 ? fmt::format("There are only {} in the queue.", plural(place, "issue"))
                            : fmt::format(
                                  "{} to {} of {} in the queue{}; {} in the plan. Nothing is sent from here: resident "
                                  "plan --apply does, after showing it. "
                                  "Keys: j and k move, 1 to 9 press a card's buttons, o shows its text.",
                                  from + 1, from + count, plural(place, "open issue"),
                                  snoozed ? fmt::format(", {} snoozed", snoozed) : std::string(),
                                  plural(static_cast<long long>(collected.size()), "action"));
  const auto link = [&](std::int64_t to, const char* title) {
    page.links.emplace_back(fmt::format("/triage?project={}&from={}", escape_url(kept_->context.project), to), title);
  };
  if (from > 0) link(std::max<std::int64_t>(0, from - kCards), "Previous");
  if (from + kCards < place) link(from + kCards, "Next");
  return page;
}

void collect_from_page(const Context& context, const PlanRequest& request, Timestamp now) {
  if (request.kind == "snooze") {
    std::int64_t days = 0;
    const auto text = trim(request.content);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (problem != std::errc() || end != text.data() + text.size() || days < 1 || days > kMostDays)
      throw Error(ErrorKind::usage, "something is snoozed for a number of days");
    TriageMarks(context.database, context.project_id).snooze(request.item_id, now + days * kDay, "web", now);
    return;
  }
  if (request.kind == "note")
    return TriageMarks(context.database, context.project_id).note(request.item_id, request.content, "web", now);
  const auto action = make_action(context, request.item_id, request.kind, request.content,
                                  request.reason.empty() ? "said while triaging" : request.reason);
  PlanBook(context.database, context.project_id).add(action, "web", now);
}

}  // namespace resident
