// Cards of items as the dashboard shows them: what is known, and the forms that collect
// a plan, note or snooze. Nothing here sends anything to a forge.
#pragma once

#include <cli/dashboard/desk.hpp>
#include <server/content.hpp>

namespace resident {

constexpr std::int64_t kCardsOnPage = 10;

void add_note_form(ActionCard& card, const OwnNotes& own);
// Forms that every open item has: a label, a note, a snooze; behind "More" a comment, and closing it.
void add_usual_forms(ActionCard& card, bool is_pull, const OwnNotes& own);
// One for each likely reviewer that has not been asked, and, behind "More", one for anybody else.
void add_reviewer_forms(ActionCard& card, const std::vector<reviewers::Suggestion>& suggestions, const OwnNotes& own);
// What is known of an open issue and what could be done about it; with passages of what is like it if `in_full`.
ActionCard triage_card(const Context& context, const TriageEntry& entry, const People& people, const TriageFacts& facts,
                       const OwnNotes& own, bool in_full);
void add_own_note(ActionCard& card, const OwnNotes& own);
// What the intro says of the plan and the keys; of the past, where nothing can be planned, nothing.
std::string working_hint(const PageRequest& request, const OwnNotes& own, bool has_cards);
// Fields by which a queue is narrowed and sorted (framework/queue_choice.hpp).
void add_choice_fields(const PageRequest& request, Page& page);
// "Previous" and "Next", where there are more than fit.
void add_places(Page& page, const PageRequest& request, std::int64_t count);

}  // namespace resident
