// Issues, pull requests, timelines and reviews of Gitea and Forgejo (API v1) as
// records: JSON in, records out, no requests. Event kinds get GitHub's names, which
// is what every analysis knows.
#pragma once

#include <functional>
#include <sources/forge/item_parts.hpp>
#include <sources/json/json_reader.hpp>
#include <string>

namespace resident::gitea {

using Problem = json::Problem;

// provider: "gitea:HOST", so that accounts of two forges never mix.
PersonRecord person(const json::Object& parent, std::string_view key, const std::string& provider);
ItemRecord item(const json::Object& object, bool is_pull, const std::string& provider, const Problem& problem);
// What /pulls/N tells beside.
void pull_details(const json::Object& object, const std::string& provider, ItemRecord& item);
// One entry of the timeline: comments, events, pushes.
void timeline_entry(const json::Object& object, const std::string& provider, ItemRecord& item);
// A review; its id where it has comments to ask for, else nothing.
std::optional<std::int64_t> review(const json::Object& object, const std::string& provider, ItemRecord& item);
// Once timeline and reviews are read: when each review was sent (the forge's submitted_at is when it was begun), what a
// dismissed one had been and until when, whose reviews are official, and all events in order of time.
void finish_reviews(ItemRecord& item);
// When it was closed, where the item itself does not say.
void date_closing(ItemRecord& item);
// open: numbers of those that have to be closed first ("dependencies"), as they are now. The timeline tells on both
// sides of a dependence the same; with them its entries become "blocked_by_added", where they are of such a number.
void name_dependencies(const std::vector<std::int64_t>& open, ItemRecord& item);
void review_comment(const json::Object& object, const std::string& provider, ItemRecord& item);
CiRunRecord status(const json::Object& object, const ItemRecord& item);
CiRunRecord action_run(const json::Object& object);
ReleaseRecord release(const json::Object& object, const std::string& provider);

}  // namespace resident::gitea
