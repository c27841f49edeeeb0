// The triage page: issue after issue with what is known of it and forms.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>
#include <framework/queue_choice.hpp>
#include <model/known_items.hpp>

namespace resident {

namespace {

std::vector<std::string> state_names() {
  std::vector<std::string> names{"unlabelled"};
  for (const auto state : {TriageState::reopened, TriageState::unanswered, TriageState::reporter_answered,
                           TriageState::waiting_for_reporter, TriageState::stale, TriageState::discussion})
    names.emplace_back(triage_state_name(state));
  return names;
}

// The queue's entries that were asked for, in the order that was. What cannot be asked for is said in the intro.
std::vector<const TriageEntry*> wanted_entries(Desk& desk, const PageRequest& request, Page& page) {
  const TriageQueue& queue = desk.advisor().queue();
  std::vector<const TriageEntry*> entries;
  Context context = desk.context();
  context.arguments = request.arguments;
  QueueChoice choice;
  std::string state;
  try {
    choice = queue_choice(context);
    state = wanted_triage_state(context);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    page.intro = fmt::format("Not as it was asked for: {}.", error.what());
  }
  for (const TriageEntry& entry : queue.entries) {
    if (!state.empty() && state != triage_state_name(entry.state) && !(state == "unlabelled" && entry.unlabelled))
      continue;
    if (choice.takes(fmt::format("{}", fmt::join(entry.item.labels, ", ")), queue.people.name(entry.item.author),
                     context.as_of - entry.item.began_at))
      entries.push_back(&entry);
  }
  if (choice.order != QueueChoice::Order::rank)
    std::stable_sort(entries.begin(), entries.end(), [&](const TriageEntry* a, const TriageEntry* b) {
      return choice.order == QueueChoice::Order::age ? a->item.began_at < b->item.began_at : a->since < b->since;
    });
  return entries;
}

}  // namespace

Page triage_page(Desk& desk, const OwnNotes& own, const PageRequest& request) {
  const bool has_learnt = desk.has_learnt_triage();
  TriageAdvisor& advisor = desk.advisor();
  Page page{"triage", "Triage"};
  const auto given = request.arguments.find("state");
  page.fields = {{PageField::Kind::choice, "state", "State",
                  given == request.arguments.end() ? std::string() : given->second, state_names()}};
  add_choice_fields(request, page);
  for (const auto& [name, value] : request.arguments) page.query.emplace_back(name, value);
  std::int64_t place = 0, snoozed = 0;
  for (const TriageEntry* each : wanted_entries(desk, request, page)) {
    const TriageEntry& entry = *each;
    if (own.is_snoozed(entry.item.id)) {
      ++snoozed;
      continue;
    }
    if (place >= request.from && place < request.from + kCardsOnPage) {
      const TriageEntry full = advisor.with_text(entry);
      page.cards.push_back(triage_card(desk.context(), full, advisor.queue().people, advisor.facts(full), own, false));
    }
    ++place;
  }
  advisor.save();
  const auto count = static_cast<std::int64_t>(page.cards.size());
  const std::string problem = page.intro;
  page.intro = place == 0   ? std::string(!knows_items(desk.context(), "issue") ? "No issue is known, so none can wait."
                                          : request.arguments.empty()           ? "No open issue waits to be triaged."
                                                                                : "No open issue is like that.")
               : count == 0 ? fmt::format("There are only {} in the queue.", plural(place, "issue"))
                            : fmt::format("{} to {} of {} in the queue{}.{}", request.from + 1, request.from + count,
                                          plural(place, "open issue"),
                                          snoozed ? fmt::format(", {} snoozed", snoozed) : std::string(),
                                          working_hint(request, own, true));
  if (!has_learnt && count > 0)
    page.intro += " Labels and likely duplicates are being learnt; they stand here when you come back to this page.";
  if (!problem.empty()) page.intro = problem + " " + page.intro;
  add_places(page, request, place);
  for (const auto& result : desk.said("triage")) page.data.push_back(result);
  return page;
}

}  // namespace resident
