// The open items as of a moment, each with its whole thread in order of time:
// what people wrote, pushed, labelled and asked for, and the item's labels, draft
// state and review requests as they were then (today's state with all that
// happened later undone). One query a table, whatever the number of items.
#pragma once

#include <framework/analysis.hpp>
#include <functional>
#include <model/attention.hpp>
#include <set>
#include <string>
#include <text/speech.hpp>
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
  dismissed,
  copied,
  reopened,
  merges_itself,  // auto-merge is turned on, or it is put into a merge queue; merges_not: no more
  merges_not,
  blocked,  // the forge notes that another item has to be closed first; its label names it: "#12"
  other
};

// The label of merges_itself and merges_not where a queue is meant.
inline constexpr std::string_view kMergeQueue = "merge queue";

struct Entry {
  Timestamp at = 0;
  EntryKind kind = EntryKind::other;
  std::int64_t person = 0;  // 0: unknown (deleted account)
  bool is_bot = false;
  std::string body;           // comment, inline_comment, review
  std::string state;          // review: as it was sent: approved, changes_requested, commented, dismissed (not known)
  std::string label;          // labeled, unlabeled; merges_itself, merges_not: kMergeQueue, or ""
  std::int64_t subject = 0;   // requested, unrequested, dismissed, copied: the reviewer
  std::string team;           // requested, unrequested: a team instead of a reviewer
  std::string sha;            // review, push; copied: of what the decision stands on from then on
  std::string key;            // review, dismissed, copied: of the review; comment, inline_comment: the forge's
  std::string thread;         // inline_comment: of the remark that it answers, else its own key
  Timestamp edited_at = 0;    // comment, inline_comment: when its text was changed last; 0: not told
  std::int64_t position = 0;  // in the timeline; entries of one second stand in its order
  std::optional<bool> is_official = {};  // review: whether the forge counts it, where it says so
  bool is_exact_head = false;            // push: the forge says that its commit became the head then
  bool is_base_merge = false;            // push: of a merge of the base alone ("Update branch"), no work on it
  bool is_answered_team = false;         // requested: a review of the team's came before the moment
};

struct OpenItem {
  std::int64_t id = 0, number = 0;
  bool is_pull = false;
  std::string title, body, url, milestone, head_sha, association;
  std::int64_t author = 0;
  bool author_is_bot = false;
  Timestamp created_at = 0;
  // Of the first life, where it began in another tracker (store/moves.hpp); else created_at. And what it is called
  // there.
  Timestamp began_at = 0;
  std::string began_as;
  std::optional<Timestamp> answered_before;  // when somebody answered it there first
  std::optional<Timestamp> updated_at;
  Timestamp opened_at = 0;  // of the stretch it is open in: later than created_at after a reopening
  bool is_draft = false;
  std::set<std::string> labels;
  // Who is asked for a review at the moment; asked_from_start: of whom no event tells when.
  std::set<std::int64_t> requested_reviewers, asked_from_start;
  std::set<std::string> requested_teams;
  // Where authors of documents approve (document_owners.hpp): whose documents it changes, without its own author; and
  // whether all of them are its author's own.
  bool changes_documents = false, is_own_document = false;
  std::set<std::int64_t> owners;
  std::set<std::int64_t> left;  // who asked for changes and was not seen in the project for a year
  bool head_is_of_now = true;   // nothing was pushed after the moment: head_sha is its head
  bool by_patch_sets = false;   // on Gerrit: uploading hands nothing over, and what does not block is answered in words
  std::optional<std::int64_t> additions, deletions, changed_files;
  bool author_merges_own = false;   // as most of theirs in the two years before were merged
  bool is_locked = false;           // only those who may write to the repository can answer
  bool first_contribution = false;  // of its author: no item and no commit before it
  bool nothing_merged = false;      // items of theirs came before, but no commit, and none was merged
  std::string ci;                   // of the head: "", pending, success, failure, cancelled
  std::optional<Timestamp> ci_at;
  std::vector<std::string> ci_failed;  // names of the checks that failed, sorted
  Attention attention;                 // the forge's own word on whose turn it is, where it has one
  std::optional<BuiltOn> built_on;     // until that is merged
  std::vector<Entry> entries;

  bool is_newcomers() const { return first_contribution || nothing_merged; }
  // "a first contribution", "nothing of theirs is merged yet", "".
  std::string newness() const;
  // Of a queue that asks no more what was written.
  void forget_thread();
  bool by_author(const Entry& entry) const { return author != 0 && entry.person == author; }
  std::string ci_failed_text() const;  // "build, tests (ubuntu, 3.12)": for people, never to be taken apart again
};

// Who is who, and what they may do, as of the moment.
struct People {
  std::unordered_map<std::int64_t, std::int64_t> person_of_identity;
  std::unordered_map<std::int64_t, std::string> names;     // as the context shows people
  std::unordered_map<std::string, std::int64_t> by_login;  // lower case
  std::unordered_set<std::int64_t> bots;
  // Configured, or who merged a pull request, or made a merge commit on the default
  // branch, in the two years before.
  std::unordered_set<std::int64_t> maintainers;
  // Whose approval counts where approvals are comments: maintainers, and who merged at any time before.
  std::unordered_set<std::int64_t> approvers;

  std::int64_t person(const std::optional<std::int64_t>& identity) const;
  std::string name(std::int64_t person) const;  // "someone" for 0
  // Whether two are called the same, however the context shows them.
  bool are_namesakes(std::int64_t one, std::int64_t other) const;

  std::unordered_map<std::int64_t, std::string> hidden_names;  // where they are shown by other ones
};

People load_people(const Context& context);
// Items that were locked as spam, by the reason given or a label, or within a week of coming and without ever being
// merged; as of the moment. Nobody's first contribution, and nothing to triage.
std::unordered_set<std::int64_t> spam_items(const Context& context);
// Gives each in order of number; the threads of a few hundred at a time are in memory.
// kind: "issue", "pull" or "" for both. number: that one alone; 0 for all.
void each_open_item(const Context& context, const People& people, const std::string& kind,
                    const std::function<void(OpenItem&&)>& take, std::int64_t number = 0);
// The same, all together.
std::vector<OpenItem> load_open_items(const Context& context, const People& people, const std::string& kind,
                                      std::int64_t number = 0);

}  // namespace resident
