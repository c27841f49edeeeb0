// Items with two lives: begun in a tracker that the project left, and gone on with in another. What joins them is
// evidence, in this order:
//   decision  a user joined them, or took a join back (kept in item_move_decision)
//   rule      a pattern of the configuration (`link`) is found in the opening text
//   line      a line of the opening text, or of a bot's comment, says where it came from and names it by its address:
//             "Issue created by migration from https://trac.example.org/ticket/12", "BPO | [123](https://bugs…)". It
//             joins where the same form of line stands in kSameForm items of the project: then a program wrote it. A
//             single one may be somebody's who passes on what was reported elsewhere, and waits for a decision
//   title     a title that names the number, "(Trac #12)": joins where the store has that item, under the same title
//   see also  the other tracker's item points here ("see also" of Bugzilla and others): joins under the same title
// Pull requests have first lives, too: merge requests of another forge, changes and revisions of a review system.
// Nothing is joined whose first life began later than its second. The first life is looked for in all projects of the
// store by its address; without it, the line's own dates tell when it began, where it has some.
//
// Who analyses asks load_first_lives() for what counts; everything here can be made anew from the texts and decisions.
#pragma once

#include <config/config.hpp>
#include <optional>
#include <store/database.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

inline constexpr std::int64_t kSameForm = 20;

// A number in a tracker, as addresses name it.
struct TrackerItem {
  std::string tracker;  // "trac.example.org", "github.com/owner/name", "issues.apache.org/jira LUCENE"
  std::int64_t number = 0;
  bool is_pull = false;  // a pull or merge request, a change under review
};
// Nothing where the address is of no item of a tracker: Trac's /ticket/N, Bugzilla's show_bug.cgi?id=N and /bzN,
// Roundup's /issueN, /issues/N of forges and Redmine, Jira's /browse/KEY-N, Google Code's /issues/detail?id=N, bugs of
// Launchpad and of a debbugs; /pull/N, /merge_requests/N, Gerrit's /c/PROJECT/+/N, Phabricator's /DN.
std::optional<TrackerItem> tracker_item(std::string_view url);

// What texts say about where an item began.
struct FirstLifeFound {
  TrackerItem first;
  std::string url;
  std::optional<Timestamp> opened_at;
  std::string form;      // what such lines have in common: their words before the address, and its tracker
  std::string evidence;  // the line
  std::string found_by;  // rule, line, title
  std::string project;   // where a rule says which one has the tracker
};
// own: the item's own tracker, which is no other life. A pull request's first life is one; rules and numbers in titles
// are of issues.
std::optional<FirstLifeFound> find_first_life(std::string_view title, std::string_view text, const std::string& own,
                                              const std::vector<LinkRule>& rules, bool is_pull = false);

// Searches what is new or changed since the last time, all where the rules changed, and decides anew what is joined.
void find_moves(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules);
// Whether find_moves() has something to do though no item changed.
bool are_moves_stale(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules);

// Appends what a user decided: that the item began as that number of that tracker, or that it did not.
void decide_move(Database& database, std::int64_t project_id, std::int64_t item_id, const TrackerItem& first,
                 bool is_joined, Timestamp now, const std::vector<LinkRule>& rules);

// What counts, as of a moment.
struct FirstLife {
  std::string tracker, url, evidence, why;
  std::int64_t number = 0;
  std::optional<std::int64_t> project_id, item_id;  // of this store
  std::optional<Timestamp> opened_at, responded_at;
  std::string name() const;  // "trac.example.org #12"
};
// By item. Items whose first life is joined to them, of one project.
std::unordered_map<std::int64_t, FirstLife> load_first_lives(Database& database, std::int64_t project_id,
                                                             Timestamp as_of);

}  // namespace resident
