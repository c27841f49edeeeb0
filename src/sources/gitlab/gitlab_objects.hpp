// Issues, merge requests, notes and events of GitLab (REST v4) as records: JSON in,
// records out, no requests. Event kinds get GitHub's names, which is what every
// analysis knows; a system note becomes an event where it says something.
#pragma once

#include <functional>
#include <sources/forge/item_parts.hpp>
#include <sources/json/json_reader.hpp>
#include <store/result_book.hpp>
#include <string>
#include <vector>

namespace resident::gitlab {

using Problem = json::Problem;

// provider: "gitlab:HOST", so that accounts of two forges never mix.
PersonRecord account(const json::Object& object, const std::string& provider);
PersonRecord person(const json::Object& parent, std::string_view key, const std::string& provider);
ItemRecord item(const json::Object& object, bool is_pull, const std::string& provider, const Problem& problem);

// A note of an issue or merge request: a comment, an inline comment (it has a position), or, where it is the
// system's, an event. first: key of its discussion's first note, which it answers; "" if it stands alone.
void note(const json::Object& object, const std::string& provider, const std::string& first, ItemRecord& item);
void label_event(const json::Object& object, const std::string& provider, ItemRecord& item);
void state_event(const json::Object& object, const std::string& provider, ItemRecord& item);
void milestone_event(const json::Object& object, const std::string& provider, ItemRecord& item);
void commit(const json::Object& object, ItemRecord& item);
// Approvals that stand now but left no note; those that do not stand any more and left none either.
void approvals(const json::Object& object, const std::string& provider, ItemRecord& item);
// Brings events into the order of time, gives pushed commits the moment their note says, and closings that no event
// tells of a derived event. reviewers: asked for now; those who have spoken are not waited for.
void finish(ItemRecord& item, const std::vector<PersonRecord>& reviewers);
std::vector<PersonRecord> people(const json::Object& object, std::string_view key, const std::string& provider);

CiRunRecord pipeline(const json::Object& object);
CiRunRecord job(const json::Object& object, const std::string& pipeline_key);
// The tests of a pipeline, a run for each suite (GitLab's word for a job's reports). None where no job has a report.
std::vector<TestRunRecord> test_report(const json::Object& object, const CiRunRecord& pipeline);
ReleaseRecord release(const json::Object& object, const std::string& provider);

}  // namespace resident::gitlab
