// GitHub's REST objects (issue, pull, timeline, inline comments) as records. Pure
// functions over parsed JSON, shared by every source that meets these objects, and
// fuzzed. An item that cannot be read throws Error; a bad entry inside a readable
// item is told to `problem` and left out.
#pragma once

#include <functional>
#include <sources/forge/item_parts.hpp>
#include <sources/json/json_reader.hpp>
#include <store/records.hpp>
#include <string>

namespace resident::github {

// place: where in the record ("events/12"); reason: what is wrong there.
using Problem = json::Problem;

// {login, id, type}; null is a deleted account (an unknown person).
PersonRecord person(const json::Object& parent, std::string_view key);

// An issue or pull request as REST gives it, without timeline.
ItemRecord item_object(const json::Object& object, bool is_pull, const Problem& problem);
// An entry of its timeline, added to the item's events and, as it is, comments or reviews.
void add_timeline_event(const json::Object& event, ItemRecord& item);
// A comment on a line of a pull request.
CommentRecord inline_comment_object(const json::Object& object);

// What REST and GraphQL say differently, in the one way that is stored. An item of the own repository is "#12", of
// another "OWNER/NAME#12"; "completed" is no reason to close, it is the usual; no reaction, and a source that does not
// tell, are alike.
std::string reference_text(const std::string& repository, std::int64_t number, const ItemRecord& item);
std::string closing_reason(const std::string& reason);
// Whether the forge counts a review: by its author's association with the repository as it is now (who left since is no
// member any more), so a "no" is weaker than a "yes". Nothing where it is not told.
std::optional<bool> is_official_association(const std::string& association);
// The dismissal of a review by its number: the forge rewrote the review's state in place, and the event alone tells
// what it had been ("approved", "changes_requested", "commented").
void dismiss_review(const std::string& review_key, const std::string& was, EventRecord& event, ItemRecord& item);
std::optional<std::int64_t> reaction_count(const std::optional<std::int64_t>& count);

// What github-metadata-backup writes: {type, issue|pull, events, comments}.
ItemRecord metadata_file(json::Element root, const Problem& problem);

}  // namespace resident::github
