// Which files differ between two trees. libgit2's tree diff builds every entry
// of both sides; a commit touches a few files of thousands, so this walk reads
// raw tree objects side by side and skips every subtree with equal ids: its cost
// is that of the change, not of the tree. Same order and same rules as
// git diff-tree -r. Damaged trees are reported and left out; depth and number of
// changes are bounded, since a tree can name itself a billion times.
#pragma once

#include <cstdint>
#include <functional>
#include <git/line_diff.hpp>
#include <git/objects.hpp>
#include <git/problems.hpp>
#include <string>
#include <vector>

namespace resident::git {

inline constexpr std::uint32_t kModeTree = 0040000, kModeLink = 0120000, kModeSubmodule = 0160000,
                               kModeRegular = 0100000, kModeKind = 0170000;

struct Entry {
  std::uint32_t mode = 0;  // 0: absent
  ObjectId id{};
  bool exists() const { return mode != 0; }
  bool is_regular() const { return (mode & kModeKind) == kModeRegular; }
};

struct TreeChange {
  std::string path;      // raw bytes
  std::string old_path;  // of a rename; else empty
  Entry before, after;
  int similarity = 0;  // of a rename: percent
  // What is known of the lines once they were compared; -1: binary, missing or too large.
  std::int64_t additions = -1, deletions = -1;
  bool is_binary = false;
  std::vector<Hunk> hunks = {};  // where asked for
  std::int64_t lines = -1;       // of the new side, where hunks were asked for

  // As git: A, M, D, R, T.
  char status() const;
};

class TreeDiff {
 public:
  TreeDiff(ObjectStore& objects, Problems& problems) : objects_(objects), problems_(problems) {}
  // A null pointer stands for the empty tree. record: for problems.
  std::vector<TreeChange> compare(const ObjectId* before, const ObjectId* after, const std::string& record);
  // Whether all that the last one was to tell could be read.
  bool was_whole() const { return whole_; }
  // Every file of one tree.
  void list(const ObjectId& tree, const std::string& record,
            const std::function<void(const std::string& path, const Entry&)>& sink);
  // The entry of that name directly in a tree.
  std::optional<Entry> find(const ObjectId& tree, std::string_view name);

  static constexpr std::size_t kMaxChanges = 500'000, kMaxDepth = 1000;

 private:
  void walk(const ObjectId* before, const ObjectId* after, std::size_t depth);
  void visit(std::string_view name, const Entry& before, const Entry& after, std::size_t depth);
  ObjectPointer read(const ObjectId* id, bool& failed);

  ObjectStore& objects_;
  Problems& problems_;
  std::string path_;  // of the folder in hand, ends in '/' unless empty
  const std::string* record_ = nullptr;
  std::function<void(TreeChange&&)> emit_;
  std::size_t count_ = 0;
  bool whole_ = true;
};

}  // namespace resident::git
