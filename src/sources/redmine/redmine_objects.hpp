// Issues of a Redmine as records: JSON in, records out, no requests. A journal tells what changed by numbers; names are
// those of now, since Redmine keeps no others. Journals are read in the order of their time, whatever order the account
// that asks prefers.
//
// Fields become labels ("status: New", "tracker: Bug", "priority: High", "category: Core", custom fields by their
// names), with an event for each change, so that a past moment's labels are today's with later ones undone; the version
// becomes the milestone. What Redmine changed without a journal (a deleted category, a deleted person's issues) shows
// as a difference between the journals and now, and becomes a derived event of nobody's.
//
// https://www.redmine.org/projects/redmine/wiki/Rest_api
#pragma once

#include <map>
#include <set>
#include <sources/forge/tracker_sync.hpp>
#include <sources/json/json_reader.hpp>
#include <string>
#include <vector>

namespace resident::redmine {

struct Status {
  std::string name;
  bool is_closed = false;
};

struct CustomField {
  std::string name, format;  // format: list, user, version, bool, …; "" where only an administrator may know
  bool is_visible = true;    // to all roles
  std::map<std::string, std::string> labels;  // of values
};

// What numbers in journals stand for.
struct Names {
  std::string provider, origin;  // "redmine:HOST", "https://HOST/PREFIX"
  std::int64_t project = 0;
  std::map<std::int64_t, Status> statuses;
  std::map<std::int64_t, std::string> trackers, priorities, categories, versions, projects, groups;
  std::map<std::int64_t, CustomField> fields;
  std::map<std::int64_t, PersonRecord> people;
  std::set<std::int64_t> nobody;  // accounts that stand for nobody: Redmine's "Anonymous"
};

// Redmine's stand-in for whoever has no account or was deleted, as its translations call it.
bool is_anonymous(const std::string& name);

// Every account that the issue names.
std::map<std::int64_t, std::string> accounts_of(const json::Object& issue, const Names& names);
// {id, login, firstname, lastname, mail}; an account without a login is nobody.
PersonRecord account(const json::Object& user, const std::string& provider);

// The issue as /issues/N.json?include=journals,relations,attachments,changesets gives it. copied_notes: journals whose
// note Redmine copied from the original that this one duplicates.
ItemRecord issue(const json::Object& object, const Names& names, const std::set<std::int64_t>& copied_notes,
                 const trackers::Problem& problem);
// /time_entries.json?issue_id=N, as events "time_spent".
void time_entry(const json::Object& object, const Names& names, ItemRecord& item);
// Commits that Redmine linked to it.
std::vector<ItemCommitRecord> commits(const json::Object& issue, const ItemRecord& item);

// Numbers of the issues that this one duplicates, where a note of its own closed it: closing an original closes its
// duplicates, with a copy of the note.
std::vector<std::int64_t> originals(const json::Object& issue);
// Journals of the duplicate whose note stands in a journal of the original by the same person at the same moment.
std::set<std::int64_t> copied_notes(const json::Object& duplicate, const json::Object& original);

}  // namespace resident::redmine
