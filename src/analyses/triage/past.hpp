// What a backtest of the facts, and a look at a past day, must know of the past, told for any moment and from
// nothing later: who the maintainers were, who claimed to have mended what, which
// files stood and how much each module changed.
//
// A commit counts from when it came to the default branch: from the merge of its pull
// request where the tracker says that it belongs to one, else from its committer time.
#pragma once

#include <analyses/triage/mentions.hpp>
#include <deque>
#include <model/module_names.hpp>
#include <unordered_map>

namespace resident {

// People::maintainers of any moment up to the context's.
class PastMaintainers {
 public:
  PastMaintainers(const Context& context, const People& people);
  bool contains(std::int64_t person, Timestamp at) const;

 private:
  std::set<std::int64_t> configured_;
  std::unordered_map<std::int64_t, std::vector<Timestamp>> merges_;  // by person, in order
  bool is_configured_ = false;
};

// Who says that an issue is closed by what it brings, and when that came.
struct Claim {
  Timestamp at = 0;
  std::int64_t commit_id = 0;  // 0: a pull request
  std::int64_t pull_id = 0;    // the pull request itself, or the one that brought the commit; 0: none is known
  std::string sha;             // of a commit
};

struct PastArrivals {
  explicit PastArrivals(const Context& context);
  // When the commit came to the default branch, and by which pull request.
  Timestamp of(const std::string& sha, Timestamp committed_at) const;
  std::int64_t pull_of(const std::string& sha) const;

 private:
  struct Pull {
    std::int64_t item_id;
    Timestamp merged_at;
  };
  std::unordered_map<std::string, Pull> pull_by_sha_;
};

// Claims by number of the issue, in order of time; up to the context's moment.
std::unordered_map<std::int64_t, std::vector<Claim>> load_claims(const Context& context, const PastArrivals& arrivals);

// The modules as they were: the tree at the beginning of a month (of 30 days), and the changes of the year before.
// Moments must be asked for in order.
class PastModules {
 public:
  PastModules(const Context& context, const PastArrivals& arrivals);
  void go_to(Timestamp at);
  // The tree and names of the very moment, not of its month.
  void go_exactly_to(Timestamp at) {
    go_to(at);
    learn();
  }
  const ModuleNames& names() const { return names_; }
  ModuleMap& map() { return map_; }
  // The module with most changes (a file in a commit) in the year before; "": none.
  std::string busiest() const;
  // Of what the commit or pull request changed, the modules that changed most, by lines; as modules were at that
  // moment. Empty where nothing is known.
  std::vector<std::string> changed_most(const Claim& claim);

 private:
  struct Change {
    Timestamp at;
    std::int64_t commit;  // its place in the history
    std::int64_t path_id;
    char status;
    bool counts;  // no merge commit, and not the old name of a rename
  };
  void take(const Change& change);
  void learn();

  const Context& context_;
  ModuleMap map_;
  ModuleNames names_;
  std::vector<Change> changes_;
  std::size_t next_ = 0, oldest_ = 0;
  std::set<std::int64_t> tree_, seen_;
  std::map<std::string, std::int64_t> counts_;  // changes of the year, by module
  Timestamp learnt_at_ = 0;
  bool is_learnt_ = false;
};

}  // namespace resident
