// The pages of the dashboard that one works on: each takes what was learnt (the desk),
// what the person has noted, and what was asked for. They read; the forms on them are
// taken by collect_from_page. Nothing sends anything to a forge.
#pragma once

#include <cli/dashboard/desk.hpp>
#include <server/content.hpp>

namespace resident {

Page triage_page(Desk& desk, const OwnNotes& own, const PageRequest& request);
Page review_page(Desk& desk, const OwnNotes& own, const PageRequest& request);
Page inbox_page(Desk& desk, const OwnNotes& own, const PageRequest& request);
// command: that would send it, as it is typed.
Page plan_page(Desk& desk, const OwnNotes& own, const PageRequest& request, const std::string& command);
// Nothing where the project has none of that number, or key. answer_merge: asks git whether an open pull request
// merges, once; true if something new is known.
std::optional<Page> item_page(Desk& desk, const OwnNotes& own, const PageRequest& request,
                              const std::function<bool(const ReviewEntry&)>& answer_merge);
// Who may be one person; asked as of now, whatever the moment of the page.
Page pairs_page(Desk& desk, const PageRequest& request, Timestamp now);
bool is_pair_answer(const std::string& kind);
// Joins, refuses or postpones; gives the word for what was done.
std::string answer_pair(const Context& context, const PlanRequest& request, Timestamp now);
// What is found for these words; "": how one searches.
Page search_page(Context context, const std::string& words);
std::optional<Page> thread_page(Desk& desk, const PageRequest& request);

// What a form asks for: an action into the plan or out of it, a snooze (days), or a note; an empty note takes away what
// there is. Gives the word for what was done, where the page is to tell of it. Throws Error where it cannot be.
std::string collect_from_page(const Context& context, const PlanRequest& request, Timestamp now);

}  // namespace resident
