// What came to the default branch, change by change along its first parents, and who brought it. Git knows the merger
// of a merge commit and of what was committed for somebody else; where a forge squashes or rebases, the committer is
// the forge's own account, and the pull requests are asked. Counted once here for all pages that say who merged.
#pragma once

#include <map>
#include <model/open_items.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident {

enum ArrivalKind { kMergeCommit, kApplied, kOwn, kByForge, kByBot, kKinds };
struct Arrival {
  std::int64_t author = 0, committer = 0;  // people
  Timestamp at = 0;
  bool is_merge = false, forge_committed = false;
  std::string sha, subject;
  ArrivalKind kind = kOwn;
  std::int64_t by_git = 0, by_forge = 0;  // mergers; 0: not known
  std::int64_t merger() const { return by_forge ? by_forge : by_git; }
};

class Arrivals {
 public:
  // Those from `since` to the moment.
  Arrivals(const Context& context, Timestamp since);
  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  const People& people() const { return people_; }
  bool has_items() const { return has_items_; }
  bool has_code() const { return has_code_; }

 private:
  void load_forge_accounts();
  void load_first_parents();
  void load_mergers();
  void classify(Arrival& each) const;

  const Context& context_;
  People people_;
  Timestamp since_;
  bool has_items_ = false, has_code_ = false;
  std::unordered_set<std::int64_t> forge_accounts_;  // that commit for whoever pressed a button
  std::vector<Arrival> arrivals_;
};

// What one person brought.
struct MergerLine {
  std::int64_t merges = 0, applied = 0, told = 0, own = 0;
  Timestamp last = 0;
  std::int64_t merged() const { return merges + applied + told; }
};

struct MergerLines {
  std::map<std::int64_t, MergerLine> by_person;
  std::int64_t known = 0, silent = 0, unknown_bots = 0;
};

MergerLines count_lines(const Arrivals& gatherer);

// Changes that each person merged or committed for others since then, as `resident merges` counts them ("Merged");
// nothing where no code is known.
std::optional<std::map<std::int64_t, std::int64_t>> merged_by_person(const Context& context, Timestamp since);

}  // namespace resident
