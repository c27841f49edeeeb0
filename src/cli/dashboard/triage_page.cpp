// The triage page: issue after issue with what is known of it and forms.
#include <fmt/format.h>

#include <base/text.hpp>
#include <cli/dashboard/cards.hpp>
#include <cli/dashboard/pages.hpp>

namespace resident {

Page triage_page(Desk& desk, const OwnNotes& own, const PageRequest& request) {
  TriageAdvisor& advisor = desk.advisor();
  Page page{"triage", "Triage"};
  std::int64_t place = 0, snoozed = 0;
  for (const auto& entry : advisor.queue().entries) {
    if (own.is_snoozed(entry.item.id)) {
      ++snoozed;
      continue;
    }
    if (place >= request.from && place < request.from + kCardsOnPage)
      page.cards.push_back(
          triage_card(desk.context(), entry, advisor.queue().people, advisor.facts(entry), own, false));
    ++place;
  }
  advisor.save();
  const auto count = static_cast<std::int64_t>(page.cards.size());
  page.intro = place == 0   ? std::string("No open issue waits to be triaged.")
               : count == 0 ? fmt::format("There are only {} in the queue.", plural(place, "issue"))
                            : fmt::format("{} to {} of {} in the queue{}.{}", request.from + 1, request.from + count,
                                          plural(place, "open issue"),
                                          snoozed ? fmt::format(", {} snoozed", snoozed) : std::string(),
                                          working_hint(request, own, true));
  add_places(page, request, place);
  for (const auto& result : desk.said("triage")) page.data.push_back(result);
  return page;
}

}  // namespace resident
