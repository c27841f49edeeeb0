// Changes of a Gerrit as pull requests: JSON in, records out, no requests. A patch set is a push with its commit; a
// message with votes or remarks is a review; votes on the labels that approve are its decision, those on labels of CI
// are runs, others stand as labels ("Workflow-1"). Whether a vote stands on a newer patch set is told by event:
// `review_copied` or `review_dismissed` (messages.hpp has the rule). The attention set, topics, hashtags, requirements
// and unresolved remarks are labels and events.
// https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html
#pragma once

#include <map>
#include <set>
#include <sources/forge/item_parts.hpp>
#include <sources/gerrit/messages.hpp>
#include <sources/json/json_reader.hpp>
#include <store/records.hpp>
#include <string>
#include <vector>

namespace resident::gerrit {

struct Settings {
  std::string provider, origin;            // "gerrit:HOST", "https://HOST[/PREFIX]"
  std::vector<std::string> vote_labels;    // whose votes approve or object
  std::vector<std::string> check_labels;   // whose votes are results of CI
  std::map<std::string, LabelRule> rules;  // of the project's labels, as far as the project tells them
};

struct ChangeAnswer {
  ItemRecord item;
  std::vector<CiRunRecord> runs;
};

// detail: of /changes/N/detail; comments: the map of /changes/N/comments.
ChangeAnswer change(const json::Object& detail, const std::optional<json::Object>& comments, const Settings& settings,
                    const json::Problem& problem);

// "2013-02-01 09:59:32.126000000", which is UTC. Throws Error for anything else.
Timestamp time_of(const json::Object& object, std::string_view key);
std::optional<Timestamp> optional_time_of(const json::Object& object, std::string_view key);

// An AccountInfo. A service user is a bot; who may not be seen has a number alone.
PersonRecord person(const std::optional<json::Object>& account, const std::string& provider);

// The list of /projects/NAME/labels/?inherited=true.
std::map<std::string, LabelRule> label_rules(const json::Array& list);

}  // namespace resident::gerrit
