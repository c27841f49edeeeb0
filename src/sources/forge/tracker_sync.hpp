// How the issues of a tracker (Redmine, Trac, Bugzilla), or the changes of a Gerrit, are kept up to date: the list of
// what was touched since the last time, with an overlap; the details of what the list shows differently; once a day the
// whole list, which shows what moves without being "updated", and what is gone; and, slowly, the details of everything
// again, for what no list shows (an edited comment): each item within two weeks, however often one syncs. What differs
// between trackers is a Tracker.
//
// An interrupted run goes on: an item that was read is known by what the list said of it, and the cursor moves only
// when a list was read to its end. A list whose count is not what its pages held is read again. What the whole list no
// longer has, and the tracker denies, becomes a tombstone; what comes back loses it.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <sources/forge/item_parts.hpp>
#include <sources/source.hpp>
#include <string>
#include <vector>

namespace resident::trackers {

using Problem = json::Problem;

// One row of a list.
struct TrackerEntry {
  std::int64_t number = 0;
  std::string print;  // of all that the list says: another one means that the item has changed
  std::optional<Timestamp> updated_at = std::nullopt;
  bool is_touched = false;  // the list says that it has changed, and not when, nor how
};

struct TrackerPage {
  std::vector<TrackerEntry> entries;
  std::vector<std::pair<std::string, std::string>> broken;  // rows that cannot be read: a name, and why
  std::optional<std::int64_t> total;                        // of all pages, where the tracker says so
  bool is_last = true;
  std::size_t rows() const { return entries.size() + broken.size(); }
};

// What a tracker says of one item.
struct TrackerAnswer {
  std::optional<ItemRecord> item;
  std::vector<ItemCommitRecord> commits;
  std::vector<CiRunRecord> runs;
  std::string payload;  // what was read: another one means that the item has changed
  std::string kept;     // of it, what is kept beside the rows; empty: all
  // Where there is no item: deleted, hidden (from this account), transferred; and where to.
  std::string gone, target;
};

class Tracker {
 public:
  virtual ~Tracker() = default;
  // Rows from `position` on of what was changed at or after `since`, or of everything.
  virtual TrackerPage list(std::optional<Timestamp> since, std::size_t position) = 0;
  // Parts that cannot be read go to problem.
  virtual TrackerAnswer item(std::int64_t number, const Problem& problem) = 0;
};

struct TrackerSyncOptions {
  std::string name = "issues";      // of the stream
  bool are_pulls = false;           // pull requests instead of issues
  std::optional<Timestamp> since;   // leave out what was not touched after it
  std::vector<std::int64_t> items;  // these alone
  bool anew = false;                // those also where they are as they were
  Timestamp now = 0;
  Timestamp overlap = 2 * kHour;  // clocks differ
  // What was touched is asked for before the whole list, too: its rows tell of no comment, say.
  bool list_hides_changes = false;
  Timestamp whole_every = kDay, reread_in = 14 * kDay;  // 0: the tracker's list shows all that there is
};

struct TrackerSyncResult {
  std::set<std::int64_t> found;  // of those that were asked for alone
  std::int64_t gone = 0, reread = 0;
  std::string coverage;  // a sentence where the counts differ in the end
};

TrackerSyncResult sync_tracker(Tracker& tracker, Writer& writer, const TrackerSyncOptions& options);
// What a source's run was asked for, of its stream of that name.
TrackerSyncOptions tracker_options(const SyncOptions& asked, std::string name);
// sync_tracker, and what is to be said of it: which of the items that were asked for alone were not found; else where
// the counts differ, and the remark.
std::string sync_tracker_and_tell(Tracker& tracker, Writer& writer, const TrackerSyncOptions& options,
                                  const std::string& remark = {});

// item_id of those of this source that are gone, as far as is known; and taking the mark away from one that is back.

// A stretch of a field's history, as trackers tell it: who changed it, from what to what ("" for none).
struct FieldChange {
  Timestamp at = 0;
  PersonRecord actor;
  std::string before, after;
};

// Adds the events of one field with one value at a time, which stands as the label "NAME: VALUE" on the item: each
// change takes one label away and puts another on, so that a past moment's labels are today's with later ones undone.
// Where a change does not begin with what the one before it left, or the last does not lead to `now`, the tracker
// changed it without telling: that becomes a derived event of nobody's, at the last moment it can have been as it was
// told. known_until: the last moment that the tracker tells of the item.
void add_label_history(const std::string& name, const std::vector<FieldChange>& changes, const std::string& now,
                       Timestamp known_until, ItemRecord& item);
// "NAME: VALUE"; "" for no value.
std::string field_label(const std::string& name, const std::string& value);

// Puts events in order of time; what happened at once keeps its order.
void sort_events(ItemRecord& item);

}  // namespace resident::trackers
