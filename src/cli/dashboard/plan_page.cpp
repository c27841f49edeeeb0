// The plan page: what was collected, with reasons, each to be taken out; and the command that would send it.
#include <fmt/format.h>

#include <actions/apply.hpp>
#include <algorithm>
#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <iterator>
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

std::string place_of(const CollectedAction& action) {
  const std::string& made_by = action.made_by;
  if (made_by == "web" && !action.user.empty()) return "on the dashboard by " + action.user;
  if (made_by == "web") return "on the dashboard";
  if (made_by == "terminal") return "in the terminal";
  if (made_by == "mcp") return "by an assistant";
  return "by " + made_by;
}

// The card of the action's item: one an item, in the order in which they are first named.
ActionCard& card_of(std::vector<ActionCard>& cards, std::map<std::int64_t, std::size_t>& places,
                    const PlannedAction& action) {
  const auto [place, is_new] = places.emplace(action.item_id, cards.size());
  if (is_new) {
    ActionCard card;
    card.item_id = action.item_id;
    card.title = fmt::format("#{} {}", action.number, action.title);
    card.url = action.url;
    card.key = item_key(action.number, action.url);
    card.tag = action.item_kind == "pull" ? "pull request" : "issue";
    cards.push_back(std::move(card));
  }
  return cards[place->second];
}

void add_collected(const Context& context, const OwnNotes& own, const Plan& plan, std::vector<ActionCard>& cards) {
  std::map<std::string, std::string> refused;  // why, by key
  for (const auto& each : check_plan(context, plan.actions)) refused[each.action.key] = each.message;
  std::map<std::int64_t, std::size_t> places;
  for (const auto& each : own.collected) {
    const PlannedAction& action = each.action;
    ActionCard& card = card_of(cards, places, action);
    const std::string kind = name_of_action(action);
    card.facts.push_back(
        {kind.substr(0, kind.find(" “")),
         action.kind == "close" || action.kind == "reopen" ? std::string("the item") : action.content,
         fmt::format("{}; collected {} on {}", action.reason, place_of(each), format_date(each.made_at))});
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
}

// What nobody has collected yet: the same words as `resident plan`, each to be taken over, a comment also in other
// words.
std::vector<ActionCard> proposed_cards(const Plan& proposed, std::int64_t from, bool has_forms) {
  std::vector<ActionCard> cards;
  const auto first = std::min(static_cast<std::size_t>(from), proposed.actions.size());
  const auto last = std::min(first + static_cast<std::size_t>(kCardsOnPage), proposed.actions.size());
  for (std::size_t i = first; i < last; ++i) {
    const PlannedAction& action = proposed.actions[i];
    std::map<std::int64_t, std::size_t> alone;
    std::vector<ActionCard> one;
    ActionCard card = card_of(one, alone, action);
    card.anchor = fmt::format("proposed-{}", i + 1);
    const std::string kind = name_of_action(action);
    // Where there is a form it has the comment, in words that can be changed.
    if (action.kind == "comment" && has_forms)
      card.facts.push_back({"why", action.reason});
    else
      card.facts.push_back({kind.substr(0, kind.find(" “")), action.content, action.reason});
    ActionForm form;
    form.kind = action.kind;
    form.content = action.content;
    form.reason = action.reason;
    form.shows_reason = false;
    form.button = "Plan this " + kind.substr(0, kind.find(" “"));
    if (action.kind == "request_review") form.button = fmt::format("Plan asking {} for a review", action.content);
    if (action.kind == "comment") form.input = ActionForm::Input::text, form.label = "Comment";
    card.forms.push_back(std::move(form));
    cards.push_back(std::move(card));
  }
  return cards;
}

}  // namespace

Page plan_page(Desk& desk, const OwnNotes& own, const PageRequest& request, const std::string& command) {
  const Context& context = desk.context();
  Page page{"plan", "Plan"};
  Plan plan;
  for (const auto& each : own.collected) plan.actions.push_back(each.action);
  add_collected(context, own, plan, page.cards);
  Plan proposed;
  const std::set<std::string> sent = sent_keys(context);
  for (const PlannedAction& action : desk.proposals().actions)
    if (!sent.contains(action.key) && !own.is_planned(action.item_id, action.kind, action.content))
      proposed.actions.push_back(action);
  const auto count = static_cast<long long>(own.collected.size());
  const auto proposals = static_cast<std::int64_t>(proposed.actions.size());
  page.intro = count == 0
                   ? std::string(
                         "Nothing is collected. What you accept on Review, Triage, Inbox or an item's page, in "
                         "`resident triage walk` or through an assistant comes here, to be read before it is sent.")
                   : fmt::format("{} on {}. This page never sends anything.", plural(count, "action"),
                                 plural(static_cast<long long>(page.cards.size()), "item"));
  if (count > 0) {
    page.cards_title = "Collected";
    page.markdown = fmt::format(
        "To send it: this shows it once more, asks, and sends what `write.allowed` of the configuration names.\n\n"
        "```\n{}\n```\n",
        one_line(command));
  }
  std::vector<ActionCard> cards = proposed_cards(proposed, request.from, !request.as_of);
  if (!cards.empty()) {
    const std::string title =
        proposals <= kCardsOnPage
            ? std::string("Proposed by the queues")
            : fmt::format("Proposed by the queues: {} to {} of {}", request.from + 1,
                          request.from + static_cast<std::int64_t>(cards.size()), with_thousands(proposals));
    (page.cards.empty() ? page.cards_title : cards.front().heading) = title;
    add_places(page, request, proposals);
  }
  page.intro += proposals == 0 ? std::string(" The queues propose nothing more.")
                               : fmt::format(" The queues propose {}, below; `resident plan` lists the same.",
                                             plural(proposals, count == 0 ? "action" : "more action"));
  page.cards.insert(page.cards.end(), std::make_move_iterator(cards.begin()), std::make_move_iterator(cards.end()));
  page.data.push_back(plan_result(context, plan));
  Result others = plan_result(context, proposed);
  others.name = "plan_proposed";
  others.title = "Proposed";
  page.data.push_back(std::move(others));
  return page;
}

}  // namespace resident
