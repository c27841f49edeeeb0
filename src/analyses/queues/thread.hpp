// The open items as of a moment, each with its whole thread in order of time:
// what people wrote, pushed, labelled and asked for, and the item's labels, draft
// state and review requests as they were then (today's state with all that
// happened later undone). One query a table, whatever the number of items.
#pragma once

#include <analyses/analysis.hpp>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace resident {

enum class EntryKind {
  comment,
  inline_comment,
  review,
  push,
  ready,
  draft,
  labeled,
  unlabeled,
  requested,
  unrequested,
  reopened,
  other
};

struct Entry {
  Timestamp at = 0;
  EntryKind kind = EntryKind::other;
  std::int64_t person = 0;  // 0: unknown (deleted account)
  bool is_bot = false;
  std::string body;          // comment, inline_comment, review
  std::string state;         // review: approved, changes_requested, commented, dismissed
  std::string label;         // labeled, unlabeled
  std::int64_t subject = 0;  // requested, unrequested: the reviewer
  std::string sha;           // review, push
};

struct OpenItem {
  std::int64_t id = 0, number = 0;
  bool is_pull = false;
  std::string title, body, url, milestone, head_sha, association;
  std::int64_t author = 0;
  bool author_is_bot = false;
  Timestamp created_at = 0;
  Timestamp opened_at = 0;  // of the stretch it is open in: later than created_at after a reopening
  bool is_draft = false;
  std::set<std::string> labels;
  std::set<std::int64_t> requested_reviewers;
  std::optional<std::int64_t> additions, deletions, changed_files;
  bool first_contribution = false;  // of its author: no merged pull request and no commit before it
  std::string ci;                   // of the head: "", pending, success, failure
  std::optional<Timestamp> ci_at;
  std::string ci_failed;  // names of what failed
  std::vector<Entry> entries;

  bool by_author(const Entry& entry) const { return author != 0 && entry.person == author; }
};

// Who is who, and what they may do, as of the moment.
struct People {
  std::unordered_map<std::int64_t, std::int64_t> person_of_identity;
  std::unordered_map<std::int64_t, std::string> names;
  std::unordered_map<std::string, std::int64_t> by_login;  // lower case
  std::unordered_set<std::int64_t> bots;
  // Configured, or who merged a pull request, or made a merge commit on the default
  // branch, in the two years before.
  std::unordered_set<std::int64_t> maintainers;
  // Whose approval counts where approvals are comments: maintainers, and who merged at any time before.
  std::unordered_set<std::int64_t> approvers;

  std::int64_t person(const std::optional<std::int64_t>& identity) const;
  std::string name(std::int64_t person) const;  // "someone" for 0
};

People load_people(const Context& context);
// kind: "issue", "pull" or "" for both. number: that one alone; 0 for all. In order of number.
std::vector<OpenItem> load_open_items(const Context& context, const People& people, const std::string& kind,
                                      std::int64_t number = 0);

// The text without quoted lines, code blocks and HTML comments: what its author says.
std::string own_words(std::string_view body);

}  // namespace resident
