// Who descends from whom, for every commit that some reference reaches: 60 bytes
// a commit, the rest stays in the object database. From it come the order of a
// history (oldest first, the same on every machine), what each branch reaches,
// which mainline commit brought a commit in, and merge bases, exactly and without
// reading a commit twice. Missing commits and the edge of a shallow clone are
// ends of history here, and are reported.
#pragma once

#include <cstdint>
#include <functional>
#include <git/objects.hpp>
#include <git/problems.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace resident::git {

class CommitGraph {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = 0xFFFFFFFF;

  enum Flag : std::uint8_t { kOnDefault = 1, kInHistory = 2, kWanted = 4, kMissing = 8, kCut = 16, kNoTree = 32 };

  // Parents that hold instead of those a commit names (info/grafts).
  using Grafts = std::unordered_map<ObjectId, std::vector<ObjectId>, HashOfId>;
  // shallow: the commits whose parents the clone left out.
  CommitGraph(ObjectStore& objects, Problems& problems, std::unordered_set<ObjectId, HashOfId> shallow, Grafts grafts)
      : objects_(objects), problems_(problems), shallow_(std::move(shallow)), grafts_(std::move(grafts)) {}

  // Reads ahead, on that many threads, the commits that stand together in large
  // packs; kept until forget_ahead().
  void read_ahead(unsigned threads);
  void forget_ahead() { ahead_.clear(); }

  // Adds a commit and its ancestors; kNone if it cannot be read.
  Index load(const ObjectId& id);
  Index find(const ObjectId& id) const;

  std::size_t size() const { return nodes_.size(); }
  const ObjectId& id(Index index) const { return nodes_[index].id; }
  // Null where the commit has none that can be named.
  const ObjectId* tree(Index index) const { return nodes_[index].flags & kNoTree ? nullptr : &nodes_[index].tree; }
  Timestamp committed_at(Index index) const { return nodes_[index].committed_at; }
  bool has(Index index, Flag flag) const { return nodes_[index].flags & flag; }
  // Parents that could be read.
  std::vector<Index> parents(Index index) const;
  // Nothing for a root, and where it cannot be read.
  std::optional<Index> first_parent(Index index) const;
  // The clone ends here on purpose: git takes it for a root.
  bool is_shallow(Index index) const;
  // As the commit says, whether they can be read or not.
  std::size_t parent_count(Index index) const { return nodes_[index].parent_count; }

  // Sets a flag on a commit and all its ancestors.
  void flood(Index from, Flag flag);
  // Takes a flag off every commit.
  void clear(Flag flag);
  // All commits with the flag, parents first, else by committer's time and id.
  std::vector<Index> order(Flag flag) const;

  // As `git log` goes through what these reach: newest first by committer's time
  // as far as children are known, in the order given where times are equal.
  std::vector<Index> order_as_log(const std::vector<Index>& tips) const;
  // From tip by first parents, newest first.
  std::vector<Index> first_parent_line(Index tip) const;

  struct Fork {
    std::vector<Index> bases;  // best common ancestors, newest first
    std::vector<Index> own;    // reached from head alone, oldest first
  };
  Fork fork(Index head, Index base) const;
  // The same where it is known which commits base reaches: costs only what is head's
  // own, not what base has had since.
  Fork fork(Index head, Index base, const std::function<bool(Index)>& base_reaches) const;

  // For each commit that tip reaches: the oldest commit on tip's first-parent
  // line that reaches it; else kNone.
  std::vector<Index> brought_by(Index tip) const;

 private:
  struct Node {
    ObjectId id, tree;
    Timestamp committed_at = 0;
    std::uint32_t first_parent = 0;  // position in parents_
    std::uint16_t parent_count = 0;
    std::uint8_t flags = 0;
    Index generation = 0;  // greater than that of every parent
  };
  Index add(const ObjectId& id);
  bool read(Index index);
  void number_generations(Index from);
  template <typename Visit>
  void for_each_parent(Index index, Visit visit) const;

  ObjectStore& objects_;
  Problems& problems_;
  std::unordered_set<ObjectId, HashOfId> shallow_;
  Grafts grafts_;
  std::unordered_map<ObjectId, CommitHeader, HashOfId> ahead_;
  std::vector<Node> nodes_;
  std::vector<Index> parents_;
  std::unordered_map<ObjectId, Index, HashOfId> index_;
};

}  // namespace resident::git
