// The plan page: what was collected, with reasons, each to be taken out; and the command that would send it.
#include <fmt/format.h>

#include <actions/apply.hpp>
#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <map>

namespace resident {

namespace {

constexpr std::size_t kNamed = 60;

// "label “bug”", "comment “Thank you …”", "close (not planned)".
std::string name_of_action(const PlannedAction& action) {
  std::string kind = action.kind;
  for (char& c : kind)
    if (c == '_') c = ' ';
  if (action.kind == "reopen") return kind;
  if (action.kind == "close")
    return fmt::format("close ({})", action.content == "not_planned" ? "not planned" : action.content);
  return fmt::format("{} “{}”", kind, fit_width(one_line(action.content), kNamed));
}

std::string place_of(const std::string& made_by) {
  if (made_by == "web") return "on the dashboard";
  if (made_by == "terminal") return "in the terminal";
  if (made_by == "mcp") return "by an assistant";
  return "by " + made_by;
}

}  // namespace

Page plan_page(Desk& desk, const OwnNotes& own, const std::string& command) {
  const Context& context = desk.context();
  Page page{"plan", "Plan"};
  Plan plan;
  for (const auto& each : own.collected) plan.actions.push_back(each.action);
  std::map<std::string, std::string> refused;  // why, by key
  for (const auto& each : check_plan(context, plan.actions)) refused[each.action.key] = each.message;
  std::map<std::int64_t, std::size_t> places;  // of the items' cards
  for (const auto& each : own.collected) {
    const PlannedAction& action = each.action;
    const auto [place, is_new] = places.emplace(action.item_id, page.cards.size());
    if (is_new) {
      ActionCard card;
      card.item_id = action.item_id;
      card.title = fmt::format("#{} {}", action.number, action.title);
      card.url = action.url;
      card.key = item_key(action.number, action.url);
      card.tag = action.item_kind == "pull" ? "pull request" : "issue";
      page.cards.push_back(std::move(card));
    }
    ActionCard& card = page.cards[place->second];
    const std::string kind = name_of_action(action);
    card.facts.push_back(
        {kind.substr(0, kind.find(" “")),
         action.kind == "close" || action.kind == "reopen" ? std::string("the item") : action.content,
         fmt::format("{}; collected {} on {}", action.reason, place_of(each.made_by), format_date(each.made_at))});
    if (each.state == "failed")
      card.facts.push_back({"failed", each.message, "it is tried again with the next sending"});
    if (const auto why = refused.find(action.key); why != refused.end())
      card.facts.push_back({"can't be sent", why->second});
    ActionForm form;
    form.kind = "drop";
    form.content = action.key;
    form.button = "Take out: " + kind;
    card.forms.push_back(std::move(form));
  }
  const auto count = static_cast<long long>(own.collected.size());
  page.intro = count == 0
                   ? std::string(
                         "Nothing is collected. What you accept on Review, Triage, Inbox or an item's page, in "
                         "resident triage walk or through an assistant comes here, to be read before it is sent.")
                   : fmt::format("{} on {}. This page never sends anything.", plural(count, "action"),
                                 plural(static_cast<long long>(page.cards.size()), "item"));
  if (count > 0)
    page.markdown = fmt::format(
        "To send it: this shows it once more, asks, and sends what `write.allowed` of the configuration names.\n\n"
        "```\n{}\n```\n",
        one_line(command));
  page.data.push_back(plan_result(context, plan));
  return page;
}

}  // namespace resident
