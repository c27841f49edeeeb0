// The normal form, as sources hand it over: plain structs, one for each kind of
// thing that can be known of a project. A source fills them and gives them to a
// Writer; it never sees a table. Text may be hostile and invalid: the Writer
// makes it clean. Absent is std::nullopt or an empty string.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace resident {

// A forge account (login, perhaps account_id) or a git signature (name, e-mail).
struct PersonRecord {
  std::string provider = "github";  // the forge, or "git"
  std::optional<std::int64_t> account_id = std::nullopt;
  std::string login = {};
  std::string name = {};
  std::string email = {};
  std::string account_type = {};  // User, Bot, …
  // What tells the account from others whose login is shown alike: "john" of john@a.example and john@b.example. Kept as
  // a hash alone. Where it is given, the login is evidence of nothing.
  std::string account_key = {};

  bool known() const { return account_id || !login.empty() || !email.empty() || !name.empty(); }
};

struct EventRecord {
  std::string key;  // the forge's id; empty: the Writer makes one from kind and position
  std::string kind;
  PersonRecord actor = {};
  std::optional<Timestamp> occurred_at = std::nullopt;
  std::string label = {};
  PersonRecord subject = {};
  std::string sha = {};
  std::string detail = {};  // of a request for review without a subject: the team
  bool is_derived = false;
};

struct CommentRecord {
  std::string key;
  std::string kind = "conversation";
  PersonRecord author = {};
  Timestamp created_at = 0;
  std::optional<Timestamp> updated_at = std::nullopt;
  std::string body = {};
  std::string review_key = {};
  std::string reply_to = {};
  std::string path = {};
  std::optional<std::int64_t> line = std::nullopt;
  std::string sha = {};
};

struct ReviewRecord {
  std::string key;
  PersonRecord author = {};
  // What it said when it was sent: approved, changes_requested, commented. "dismissed" where nobody tells what a
  // dismissed one had been.
  std::string state = "commented";
  std::optional<Timestamp> submitted_at = std::nullopt;  // sent, not begun
  std::string body = {};
  std::string sha = {};
  std::optional<Timestamp> dismissed_at = std::nullopt;  // dismissed, or taken back by its author or a push
  std::optional<bool> is_official = std::nullopt;        // the forge counts it: who sent it may write
};

struct ItemFileRecord {
  std::string path;
  std::optional<std::int64_t> additions = std::nullopt, deletions = std::nullopt;
};

struct ItemRecord {
  bool is_pull = false;
  std::int64_t number = 0;
  std::string title;
  std::string body;
  PersonRecord author;
  std::string author_association;
  std::string state = "open";
  std::string state_reason;
  Timestamp created_at = 0;
  std::optional<Timestamp> updated_at, closed_at, merged_at;
  PersonRecord merged_by;
  bool is_draft = false;
  bool is_locked = false;
  std::string milestone;
  std::string head_sha, base_ref, merge_sha;
  std::optional<std::int64_t> additions, deletions, changed_files, commit_count;
  std::optional<std::int64_t> reaction_count, maintainer_can_modify;
  std::string url;
  std::vector<std::string> labels;
  std::vector<PersonRecord> assignees, requested_reviewers;
  std::vector<std::string> requested_teams = {};
  std::vector<EventRecord> events;
  std::vector<CommentRecord> comments;
  std::vector<ReviewRecord> reviews;
  std::vector<ItemFileRecord> files;
  // The source tells inline comments apart from items (Writer::inline_comment): those that stand are kept.
  bool keeps_inline_comments = false;
  // The forge's ids of the timeline's entries that were read: a page that is given twice counts once.
  std::set<std::string> entry_ids = {};

  std::int64_t item_id() const { return number * 2 + (is_pull ? 1 : 0); }
};

struct LabelRecord {
  std::string name, color, description;
};

struct MilestoneRecord {
  std::string title, state;
  std::optional<Timestamp> due_at;
};

struct TrailerRecord {
  std::string token, value;
  PersonRecord person;
};

struct FileChangeRecord {
  std::string path;
  char status = 'M';
  std::string old_path;
  std::optional<std::int64_t> additions, deletions;
  std::int64_t old_mode = 0, mode = 0;  // 0: no such side
  std::int64_t similarity = 0;          // of a rename: percent
  bool is_binary = false;
};

// A file of the newest tree.
struct HeadFileRecord {
  std::string path, blob;
  std::optional<std::int64_t> bytes = std::nullopt, lines = std::nullopt, code_lines = std::nullopt,
                              indentation_total = std::nullopt, indentation_max = std::nullopt;
};

struct CommitRecord {
  std::string sha;
  std::vector<std::string> parents;
  PersonRecord author, committer;
  Timestamp authored_at = 0, committed_at = 0;
  std::int64_t authored_zone = 0, committed_zone = 0;
  bool on_default = false, in_history = false;
  std::string subject, body;
  std::vector<TrailerRecord> trailers;  // as git reads them
  std::vector<TrailerRecord> marks;     // beside them: co-authored-by, cherry-picked-from, reverts
  std::vector<FileChangeRecord> changes;
};

struct ItemCommitRecord {
  std::int64_t item_id;
  std::string sha;
  std::string relation;  // head, merge, mentions, fixes
};

struct ReferenceRecord {
  std::string name, sha;
  std::optional<Timestamp> at;
};

struct TestRecord {
  std::string name, outcome;
  std::optional<double> seconds;
};

struct CiRunRecord {
  std::string key, name, sha, branch;
  std::optional<std::int64_t> item_id;
  std::string status, conclusion;
  std::string kind, parent_key, trigger_event, url;
  std::optional<std::int64_t> attempt;
  std::optional<Timestamp> started_at, finished_at;
  std::vector<TestRecord> tests;
};

struct BenchmarkRecord {
  std::string name, sha, machine, unit;
  Timestamp at = 0;
  double value = 0;
};

struct TombstoneRecord {
  std::int64_t item_id = 0;
  std::string reason;  // deleted, transferred, converted
  std::string target = {};
  Timestamp noticed_at = 0;
};

struct ReleaseRecord {
  std::string key, tag, name, body, url;
  PersonRecord author;
  bool is_draft = false, is_prerelease = false;
  std::optional<Timestamp> created_at, published_at;
};

struct PostRecord {
  std::string key;
  PersonRecord author;
  Timestamp created_at = 0;
  std::optional<Timestamp> updated_at;
  std::string body;
  std::string reply_to;  // key of a post
};

// A discussion, a forum's topic, a thread of a mailing list; posts[0] began it.
struct ThreadRecord {
  std::string key, kind, channel, title, url;
  std::optional<std::int64_t> number;
  PersonRecord author;
  Timestamp created_at = 0;
  std::optional<Timestamp> updated_at, closed_at, answered_at;
  std::string answer_key;
  std::optional<bool> is_question;
  std::vector<std::string> tags;
  std::vector<PostRecord> posts;
};

struct CodeownerRecord {
  std::int64_t line = 0;
  std::string pattern;
  std::vector<std::string> owners;
};

}  // namespace resident
