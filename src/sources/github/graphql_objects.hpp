// GitHub's GraphQL nodes as records: the same records that its REST objects give
// (archive/github_objects.hpp), to the row, so that an import from files, over REST
// and over GraphQL are one. What differs is levelled here: names of events, bots'
// logins (GraphQL leaves "[bot]" out), upper-case enumerations, deleted accounts.
#pragma once

#include <sources/forge/github_objects.hpp>
#include <sources/json/json_reader.hpp>
#include <store/records.hpp>
#include <string>
#include <vector>

namespace resident::github {

// Person of fragment_person.graphql; null is a deleted account.
PersonRecord graphql_person(const json::Object& parent, std::string_view key);
// An Issue or PullRequest node (fragment_issue, fragment_pull), with the first entries of its timeline.
ItemRecord graphql_item(const json::Object& node, const Problem& problem);
// Further entries of the timeline: {nodes: […]}.
void add_graphql_entries(const json::Object& timeline, ItemRecord& item, const Problem& problem);
// "HeadRefForcePushedEvent" → "head_ref_force_pushed", as REST calls it.
std::string event_kind(const std::string& type_name);

ReleaseRecord graphql_release(const json::Object& node);
// A Discussion with its first comments.
ThreadRecord graphql_discussion(const json::Object& node);
void add_graphql_remarks(const json::Object& comments, ThreadRecord& thread);
// What CI says of a commit: {contexts: {nodes}}.
std::vector<CiRunRecord> graphql_checks(const json::Object& rollup, const std::string& sha, std::int64_t item_id);

}  // namespace resident::github
