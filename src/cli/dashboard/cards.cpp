#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>

namespace resident {

namespace {

ActionForm line_form(std::string kind, std::string content, std::string button, std::string label,
                     bool is_rare = false) {
  ActionForm form;
  form.kind = std::move(kind);
  form.content = std::move(content);
  form.button = std::move(button);
  form.label = std::move(label);
  form.input = ActionForm::Input::line;
  form.is_rare = is_rare;
  return form;
}

std::string text_of(const Cell& cell, ColumnType type) {
  return std::holds_alternative<std::monostate>(cell) ? std::string() : format_cell(cell, type);
}

}  // namespace

void add_note_form(ActionCard& card, const OwnNotes& own) {
  const std::string& note = own.mark(card.item_id).note;
  card.forms.push_back(
      line_form("note", note, "Note it", note.empty() ? "A note for yourself" : "Your note (emptied, it is removed)"));
  card.forms.back().may_be_empty = true;
}

void add_usual_forms(ActionCard& card, bool is_pull, const OwnNotes& own) {
  card.forms.push_back(line_form("label", "", "Plan the label", is_pull ? "A label" : "Another label"));
  add_note_form(card, own);
  card.forms.push_back(line_form("snooze", "14", "Snooze", "Not again for days"));
  ActionForm comment = line_form("comment", "", "Plan the comment", "Comment", true);
  comment.input = ActionForm::Input::text;
  card.forms.push_back(std::move(comment));
  for (const auto& [content, button] : {std::pair{"completed", "Plan closing it as completed"},
                                        std::pair{"not_planned", "Plan closing it as not planned"}}) {
    if (is_pull && std::string_view(content) == "completed") continue;
    ActionForm form;
    form.kind = "close";
    form.content = content;
    form.button = is_pull ? "Plan closing it without a merge" : button;
    form.is_rare = true;
    form.is_planned = own.is_planned(card.item_id, "close", content);
    card.forms.push_back(std::move(form));
  }
}

void add_reviewer_forms(ActionCard& card, const std::vector<reviewers::Suggestion>& suggestions, const OwnNotes& own) {
  for (const auto& each : suggestions) {
    if (each.asked) continue;
    ActionForm form;
    form.kind = "request_review";
    form.content = each.name;
    form.reason = fmt::format("likely reviewer: {}", each.why);
    form.button = fmt::format("Plan asking {} for a review", each.name);
    form.is_planned = own.is_planned(card.item_id, form.kind, form.content);
    form.shows_reason = false;
    card.forms.push_back(std::move(form));
  }
  card.forms.push_back(line_form("request_review", "", "Plan asking them", "Review by (login)", true));
}

void add_own_note(ActionCard& card, const OwnNotes& own) {
  if (const TriageMark& mark = own.mark(card.item_id); !mark.note.empty())
    card.facts.push_back({"your note", mark.note});
}

ActionCard triage_card(const Context& context, const TriageEntry& entry, const People& people, const TriageFacts& facts,
                       const OwnNotes& own, bool in_full) {
  ActionCard card;
  card.item_id = entry.item.id;
  card.title = fmt::format("#{} {}", entry.item.number, entry.item.title);
  card.url = entry.item.url;
  card.key = item_key(entry.item.number, entry.item.url);
  card.text = entry.item.body;
  const Result table = facts_result(context, entry, people, facts);
  for (const auto& row : table.rows) {
    const std::string what = std::get<std::string>(row[0]);
    if (what.starts_with("proposal ") || (in_full && what == "like it")) continue;
    const std::string probability = text_of(row[2], ColumnType::share);
    const std::string why = text_of(row[3], ColumnType::text);
    card.facts.push_back({what,
                          fmt::format("{}{}", std::get<std::string>(row[1]),
                                      probability.empty() ? "" : fmt::format(" ({})", probability)),
                          what == "state" ? raising_reasons(entry.reasons) : why});
  }
  if (in_full)
    for (const auto& each : facts.similar)
      card.facts.push_back({"like it", fmt::format("#{} {}", each.number, one_line(each.title)), each.why(true)});
  add_own_note(card, own);
  for (const auto& each : facts.proposals) {
    const bool is_comment = each.kind == "comment";
    ActionForm form;
    form.kind = each.kind;
    form.content = each.content;
    form.reason = each.reason;
    form.button = is_comment ? "Plan this comment" : fmt::format("Plan the label “{}”", each.content);
    form.shows_reason = is_comment;  // a label's stands among the facts
    if (is_comment) form.input = ActionForm::Input::text, form.label = "Comment";
    form.is_planned = own.is_planned(entry.item.id, each.kind, each.content);
    card.forms.push_back(std::move(form));
  }
  add_usual_forms(card, false, own);
  return card;
}

std::string working_hint(const PageRequest& request, const OwnNotes& own, bool has_cards) {
  if (request.as_of) return {};
  return fmt::format(" {} in the plan; nothing is sent from here.{}",
                     plural(static_cast<long long>(own.collected.size()), "action"),
                     has_cards ? " With a keyboard: ? shows the keys." : "");
}

void add_choice_fields(const PageRequest& request, Page& page) {
  const auto given = [&](const char* name) {
    const auto found = request.arguments.find(name);
    return found == request.arguments.end() ? std::string() : found->second;
  };
  page.fields.push_back({PageField::Kind::text, "label", "Label", given("label")});
  page.fields.push_back({PageField::Kind::text, "author", "Author", given("author")});
  page.fields.push_back({PageField::Kind::number, "older", "Older than (days)", given("older")});
  page.fields.push_back({PageField::Kind::choice, "sort", "Order", given("sort"), {"rank", "age", "waiting"}});
}

void add_places(Page& page, const PageRequest& request, std::int64_t count) {
  const auto link = [&](std::int64_t to, const char* title) {
    PageRequest there = request;
    there.from = to;
    std::string address = address_of(there);
    if (request.as_of) address += "&as_of=" + format_date(*request.as_of);
    page.links.emplace_back(address, title);
  };
  if (request.from > 0) link(std::max<std::int64_t>(0, request.from - kCardsOnPage), "Previous");
  if (request.from + kCardsOnPage < count) link(request.from + kCardsOnPage, "Next");
}

}  // namespace resident
