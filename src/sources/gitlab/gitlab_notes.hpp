// What a system note of GitLab says, as events. "approved", "unapproved",
// "changes_requested", "review_dismissed" (approvals that a push reset, GitLab 16.6 and
// later) and "reviews_bypassed" are for the caller to make reviews of.
#pragma once

#include <store/records.hpp>
#include <string_view>
#include <vector>

namespace resident::gitlab {

// Kind, subject, sha and detail are set; nothing where the note says what is told better elsewhere. Notes whose
// words are not known become "system_note" with their first line.
std::vector<EventRecord> events_of_note(std::string_view text, const PersonRecord& author);

}  // namespace resident::gitlab
