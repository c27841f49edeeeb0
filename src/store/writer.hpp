// What a source writes through: takes records of the normal form, makes their
// text clean, gives identities, paths and commits their numbers, and commits
// rows together with the source's cursor, so that a sync killed at any point
// resumes and a repeated one changes nothing.
//
// One Writer is one sync of one source. Rows become visible at checkpoint(); what
// came after the last checkpoint is lost with the process, and the cursor with it.
#pragma once

#include <base/error.hpp>
#include <base/mailmap.hpp>
#include <base/time.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <store/database.hpp>
#include <store/known_keys.hpp>
#include <store/records.hpp>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace resident {

class Writer {
 public:
  Writer(Database& database, std::int64_t project_id, std::int64_t source_id);
  ~Writer();

  // Cursor of the last checkpoint of this source; nothing on the first sync.
  const std::optional<std::string>& cursor() const { return cursor_; }

  // True when this record was read before with this fingerprint.
  bool seen(const std::string& record, const std::string& record_fingerprint) const;
  // True when it was read before at all.
  bool knows(const std::string& record) const { return records_.contains(text_key(record)); }
  // Remembers it, with the original payload to keep (may be empty); a record that
  // was in quarantine is out of it.
  void mark(const std::string& record, const std::string& record_fingerprint, std::string_view payload = {});
  // Takes a record out of quarantine: it is no longer set aside.
  void readmit(const std::string& record);
  // Sets a record aside, with the reason; never silent. Of each reason the first kMostOfAReason records are
  // listed and the others counted, so that a broken file of any size leaves a short list. What the store itself
  // failed at is no fault of a record: then this throws the store's error again, as every later call does.
  // kind: see the table; empty: none.
  void quarantine(const std::string& record, const std::string& reason, std::string_view kind = {});
  // This run reads all that its source has: what is not set aside again by end_of_source() is so no more.
  void reads_whole_source();
  void end_of_source();
  struct SetAside {
    std::string record, reason, kind;
  };
  // What stood there when the run began.
  std::vector<SetAside> set_aside();
  // Takes one of these out, and no other row of its record.
  void readmit(const SetAside& row);
  bool is_set_aside(const std::string& record) const { return quarantined_records_.contains(text_key(record)); }
  static constexpr std::int64_t kMostOfAReason = 200, kMostSetAside = 20'000;
  // The record of the row that counts those of a reason that are not listed.
  static constexpr std::string_view kNotListed = "(and others)";

  // A note of the source's own for its next run, kept like a record and no news.
  std::optional<std::string> remembered(const std::string& record) const;
  void remember(const std::string& record, const std::string& text);
  // What stands behind that prefix in the names of such notes.
  std::vector<std::string> remembered_with(const std::string& prefix) const;
  // Forgets a record or a note.
  void forget(const std::string& record);

  void project(const std::string& url, bool simulated);
  // Replaces all that this source said of the item before, and what another source of the same tracker did. Throws
  // Error{usage}, and writes nothing more, where another tracker of the project has an item of that number: they would
  // replace one another.
  void item(const ItemRecord& record);
  // Items that another source had told of, by the place of that source.
  const std::map<std::string, std::int64_t>& taken_over() const { return taken_over_; }
  // One inline comment, for sources that list them for all pull requests together; false: the item is not known.
  bool inline_comment(std::int64_t item_id, const CommentRecord& record);
  // What this source said of inline comments and does not any more.
  void remove_inline_comments(const std::vector<std::pair<std::int64_t, std::string>>& items_and_keys);
  bool knows_item(std::int64_t item_id) const { return items_.contains(item_id); }
  void label(const LabelRecord& record);
  void milestone(const MilestoneRecord& record);
  void commit(const CommitRecord& record);
  // In place of what was said of a stored commit's files before.
  void commit_changes(const std::string& sha, const std::vector<FileChangeRecord>& changes);
  // This source's commits whose files have no line counts though they are text, as far as is known.
  std::unordered_set<std::string> commits_without_counts();
  // This source's commits of which a parent is not stored.
  std::unordered_set<std::string> commits_without_parents();
  // Takes back which commits this source linked to an item by that relation.
  void unlink_commits(std::int64_t item_id, const std::string& relation);
  // Ids of all commits of the project that are stored.
  std::unordered_set<std::string> known_commits() const;
  // Before the messages of commits are read anew: takes away what those of this source said (trailers, marks, links to
  // items). restate() then says it again of a commit that is known; nothing of another one.
  void forget_messages();
  void restate(const CommitRecord& record);
  void item_commit(const ItemCommitRecord& record);
  void item_files(std::int64_t item_id, const std::vector<ItemFileRecord>& files);
  // As item_files, in place of what this source said of the item's files before;
  // was_known: it said something.
  void replace_item_files(std::int64_t item_id, const std::vector<ItemFileRecord>& files, bool was_known);
  // Replaces all references of this source.
  void references(const std::vector<ReferenceRecord>& records);
  // Which of the commits that were stored before this sync the default branch, and
  // any branch or tag, reach now.
  void reachable(const std::unordered_set<std::string>& on_default, const std::unordered_set<std::string>& in_history);
  // The newest tree, whole; `blob` of files that stood there before.
  void head_files(const std::vector<HeadFileRecord>& files);
  std::unordered_map<std::string, HeadFileRecord> stored_head_files();
  void ci_run(const CiRunRecord& record);
  // Replaces all that this source said of the thread before.
  void thread(const ThreadRecord& record);
  void release(const ReleaseRecord& record);
  // An item that is gone from the forge: it stays as it was, with where it went; if it was open, it counts as so no
  // more.
  void tombstone(const TombstoneRecord& record);
  // Replaces all of this source's.
  void codeowners(const std::vector<CodeownerRecord>& records);
  void benchmark(const BenchmarkRecord& record);
  // The clone's .mailmap, whole, in place of what it said before: people are computed from it.
  void mailmap(const std::vector<MailmapEntry>& entries);

  // The newest moment the data speaks of.
  void data_until(Timestamp time);
  // Beyond this a moment is a slip or a broken clock: no data reach there. Without it, all is taken.
  void set_latest(Timestamp latest) { latest_ = latest; }
  bool is_ahead(Timestamp time) const { return latest_ && time > *latest_; }
  // Commits everything so far with the cursor.
  void checkpoint(const std::string& cursor);

  // A source with several streams keeps a cursor for each; set_stream() is committed by the next checkpoint().
  std::optional<std::string> stream_cursor(const std::string& stream) const;
  // state: new, filling, current.
  void set_stream(const std::string& stream, const std::string& cursor, const std::string& state);
  std::string stream_state(const std::string& stream) const;  // "new" where there is none
  void stream_audit(const std::string& stream, std::int64_t forge_count, std::int64_t store_count, Timestamp at);
  // Reading what stands already, for audits and merges of partial news; sees what was flushed.
  Database& database() { return database_; }
  std::int64_t project_id() const { return project_id_; }
  std::int64_t source_id() const { return source_id_; }
  // Writes what waits into the open transaction, so that database() sees it; commits nothing.
  void flush();
  // Rows waiting for a checkpoint.
  std::size_t pending() const { return pending_; }
  std::int64_t quarantined() const { return quarantined_; }
  std::int64_t changed() const { return changed_; }
  // Whether what was written may change who is who: new accounts or signatures, commits, a mailmap, another address of
  // the project, or an item whose author, commits' authors or decisions are others than before. False: people stand.
  bool touches_people() const { return touches_people_; }

 private:
  friend class LineBook;
  friend class DocumentBook;
  friend class PatchBook;
  struct Table;
  void compare_people(const ItemRecord& record, bool is_known);
  // Of one that has a number already; 0 for nobody.
  std::optional<std::int64_t> stored_identity(const PersonRecord& person) const;
  std::optional<std::int64_t> identity(const PersonRecord& person);
  std::int64_t find_or_add_identity(const std::string& key, const PersonRecord& person);
  Value identity_value(const PersonRecord& person);
  std::int64_t path_id(const std::string& path);
  void add_comment(std::int64_t item_id, const CommentRecord& comment);
  void add_message(std::int64_t commit_id, const CommitRecord& record);
  void take_over(const ItemRecord& record);
  void add_changes(std::int64_t commit_id, const std::vector<FileChangeRecord>& changes);
  void drop_set_aside(const std::string& key);
  void write_counts();
  void write_deletion(const std::string& deletion);
  void write_waiting();
  void tell_what_is_due();
  void touch_what_waits();
  // Runs what writes to the store; what it throws is thrown by every later call, too.
  template <class Write>
  void guarded(const Write& write);
  void write_comments(const ItemRecord& record);
  void date_drafted_comments();
  void write_events(const ItemRecord& record);
  void write_intervals(const ItemRecord& record);
  template <class... Values>
  void add(Table& table, Values&&... values);
  void check_alone();
  std::tuple<std::int64_t, std::int64_t, std::int64_t> highest_numbers();
  Table& table(std::string_view name);
  static std::string text(std::string_view raw, std::size_t max_bytes = kMaximumText);
  static std::string text_key(std::string_view raw) { return text(raw, 4000); }

  // A comment on GitHub ends at 65,536 characters; this is far above what people write.
  static constexpr std::size_t kMaximumText = 1 << 20;

  Database& database_;
  std::int64_t project_id_, source_id_;
  std::optional<std::string> cursor_;
  std::optional<Timestamp> data_until_, latest_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::optional<Error> failure_;  // of the store
  KnownKeys<std::string, std::string> records_;
  KnownKeys<std::string, std::int64_t> identities_, paths_, commits_;
  KnownKeys<std::int64_t, std::int64_t> items_;  // by item_id: the source that told of it last
  std::unordered_map<std::string, std::int64_t> signatures_;
  std::unordered_set<std::int64_t> items_pending_;
  std::map<std::string, std::int64_t> taken_over_;
  std::set<std::string> quarantined_records_;  // of earlier runs, and not taken out since
  std::unordered_set<std::string> set_aside_now_;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> reasons_;  // listed, counted besides
  std::int64_t listed_ = 0;
  bool reads_whole_source_ = false;
  std::set<std::int64_t> drafted_;  // items that got comments of reviews since the last flush
  std::vector<std::string> deletions_;
  std::int64_t next_identity_ = 1, next_path_ = 1, next_commit_ = 1;
  std::int64_t stored_identities_ = 0, stored_paths_ = 0, stored_commits_ = 0;
  std::int64_t known_commits_ = 0;  // stored before this sync
  std::size_t pending_ = 0;
  bool in_transaction_ = false;
  std::int64_t quarantined_ = 0, changed_ = 0;
  bool touches_people_ = false;
  struct ToldLogin {
    Timestamp at = 0;
    std::string login;
  };
  void note_login(std::int64_t identity, const PersonRecord& person, bool is_new);
  void write_logins();
  Timestamp told_at_ = 0;  // of the item in hand: how new what it says of accounts is
  std::unordered_map<std::int64_t, ToldLogin> told_logins_;
  std::set<std::int64_t> logins_due_;  // to be compared with what is stored
  std::size_t compared_items_ = 0;
};

// The repository that an item's or a repository's address belongs to, as "github.com/owner/name"; "" for none.
std::string tracker_of(std::string_view url);

// Finds or makes a project and a source of it; returns its number.
std::int64_t ensure_project(Database& database, const std::string& name);
std::int64_t ensure_source(Database& database, std::int64_t project_id, const std::string& kind,
                           const std::string& location);

}  // namespace resident
