// GitLab's system notes: sentences that say what happened. They have no other form
// in the interface, so they are read as the forge writes them (app/services/system_notes).
#include <fmt/format.h>

#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/gitlab/gitlab_notes.hpp>

namespace resident::gitlab {

namespace {

constexpr std::size_t kLongestDetail = 200;

struct Phrase {
  std::string_view start;
  std::string_view kind;  // "" : told better elsewhere, or of no weight
};

// The first that the note begins with decides.
constexpr Phrase kPhrases[] = {
    {"approved this merge request", "approved"},
    {"unapproved this merge request", "unapproved"},
    {"requested changes", "changes_requested"},
    {"bypassed reviews on this merge request", "reviews_bypassed"},
    {"marked this merge request as **draft**", "convert_to_draft"},
    {"marked as a **Work In Progress**", "convert_to_draft"},
    {"marked this merge request as **ready**", "ready_for_review"},
    {"unmarked as a **Work In Progress**", "ready_for_review"},
    {"changed title from", "renamed"},
    {"changed the description", "description_edited"},
    {"changed target branch", "base_ref_changed"},
    {"mentioned in commit", "referenced"},
    {"mentioned in", "cross-referenced"},
    {"marked this issue as a duplicate of", "marked_as_duplicate"},
    {"marked this issue as related to", "connected"},
    {"locked", "locked"},
    {"unlocked", "unlocked"},
    {"made the issue confidential", "made_confidential"},
    {"made the issue visible", "made_visible"},
    {"moved to", "transferred"},
    {"moved from", "transferred_from"},
    {"enabled an automatic merge", "auto_merge_enabled"},
    {"enabled automatic add to merge train", "auto_merge_enabled"},
    {"canceled the automatic merge", "auto_merge_disabled"},
    {"aborted the automatic merge", "auto_merge_disabled"},
    {"cancelled automatic add to merge train", "auto_merge_disabled"},
    {"aborted automatic add to merge train", "auto_merge_disabled"},
    {"started a merge train", "added_to_merge_queue"},
    {"added this merge request to the merge train", "added_to_merge_queue"},
    {"removed this merge request from the merge train", "removed_from_merge_queue"},
    {"aborted this merge request from the merge train", "removed_from_merge_queue"},
    {"added", ""},  // commits are listed by themselves; labels and milestones have events
    {"removed", ""},
    {"closed",
     "closed"},  // of GitLab before 13.2, which told them nowhere else (finish() takes what is told twice away)
    {"reopened", "reopened"},
    {"merged", ""},
    {"changed milestone", ""},
    {"set the milestone", ""},
};

std::string first_line(std::string_view text) {
  text = trim(text);
  return one_line(clean_text(text.substr(0, text.find('\n')), kLongestDetail));
}

// "assigned to @ann and unassigned @bob", "requested review from @ann and @bob": a run of names after each verb.
void people_events(std::string_view text, const PersonRecord& shape, std::vector<EventRecord>& events) {
  static const Pattern token(
      R"((requested review from|removed review request for|unassigned|assigned to|reset approvals from)|@([A-Za-z0-9_][A-Za-z0-9_.\-]*))");
  std::string_view rest(text);
  std::string verb, login, kind;
  while (token.find_next(rest, &verb, &login)) {
    if (!verb.empty()) {
      kind = verb == "requested review from"        ? "review_requested"
             : verb == "removed review request for" ? "review_request_removed"
             : verb == "reset approvals from"       ? "review_dismissed"
             : verb == "unassigned"                 ? "unassigned"
                                                    : "assigned";
      continue;
    }
    if (kind.empty()) continue;
    while (login.ends_with('.') || login.ends_with('-')) login.pop_back();
    EventRecord event;
    event.kind = kind;
    event.subject.provider = shape.provider;
    event.subject.login = login;
    events.push_back(std::move(event));
  }
}

}  // namespace

std::vector<EventRecord> events_of_note(std::string_view text, const PersonRecord& author) {
  std::vector<EventRecord> events;
  // Names stand in other notes, too: in a title, say, that somebody changed.
  static const Pattern about_people(
      R"(^(?:requested review from|removed review request for|unassigned|assigned to|reset approvals from)\b)");
  if (about_people.found_in(text)) people_events(text.substr(0, 2000), author, events);
  if (!events.empty()) return events;
  EventRecord event;
  event.kind = "system_note";
  for (const Phrase& phrase : kPhrases)
    if (text.starts_with(phrase.start)) {
      if (phrase.kind.empty()) return {};
      event.kind = phrase.kind;
      break;
    }
  event.detail = first_line(text);
  if (event.kind == "renamed") {
    // "changed title from **a {-b-} c** to **a {+d+} c**"
    static const Pattern titles(R"(changed title from \*\*(.*)\*\* to \*\*(.*)\*\*)"), marks(R"(\{[-+]|[-+]\})");
    std::string before, after;
    if (titles.found_in(event.detail, &before, &after)) {
      for (std::string* each : {&before, &after}) marks.replace_all(*each, "");
      event.detail = fmt::format("{} → {}", before, after);
    }
  } else if (event.kind == "closed" || event.kind == "reopened") {
    static const Pattern commit(R"(via commit ([0-9a-f]{7,40})\b)");
    commit.found_in(event.detail, &event.sha);
    event.detail.clear();
  } else if (event.kind == "referenced") {
    static const Pattern sha(R"(\b([0-9a-f]{7,40})\b)");
    sha.found_in(event.detail, &event.sha);
  } else if (event.kind == "cross-referenced" || event.kind == "marked_as_duplicate") {
    static const Pattern reference(R"(((?:[\w.\-]+/)*[\w.\-]*[#!]\d+))");
    std::string target;
    if (reference.found_in(event.detail, &target)) event.detail = target;
  }
  events.push_back(std::move(event));
  return events;
}

}  // namespace resident::gitlab
