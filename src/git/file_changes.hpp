// The files that differ between two trees, as git log --raw --numstat -M would
// tell it: walk, renames, line counts. One thing differs on purpose: attributes
// are not read (git reads those of a work tree, or $GIT_DIR/info/attributes), so a
// file is binary by its content alone, as in a bare clone. Belongs to one thread.
#pragma once

#include <cstdint>
#include <git/line_diff.hpp>
#include <git/tree_diff.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident::git {

struct FileChange {
  std::string path;                                  // valid UTF-8, unique within a change, at most 4,096 bytes
  char status = 'M';                                 // A, M, D, R, T as in git
  std::string old_path;                              // of R
  std::optional<std::int64_t> additions, deletions;  // none: binary, missing or over 100 MB
  std::uint32_t old_mode = 0, mode = 0;              // 0: no such side
  int similarity = 0;                                // of R: percent
  bool is_binary = false;
};

inline constexpr std::size_t kMaxPath = 4096;
inline constexpr std::uint64_t kMaxCountedBytes = 100'000'000;
// core.bigFileThreshold: git takes what is larger as binary, unread.
inline constexpr std::uint64_t kBinaryFromBytes = std::uint64_t{512} << 20;

// Bytes that are no UTF-8 as \xE9; what is too long is cut and ends in "…" and a
// fingerprint of the whole, so that different paths stay different.
std::string path_text(std::string_view raw);
FileChange describe(const TreeChange& change);

class FileChanges {
 public:
  struct Memory {
    std::size_t objects = std::size_t{32} << 20, versions = std::size_t{64} << 20, lines = std::size_t{96} << 20;
  };
  FileChanges(ObjectFolders& folders, Problems& problems, const Memory& memory)
      : objects_(folders, memory.objects),
        lines_(folders, memory.versions, memory.lines),
        problems_(problems),
        walk_(objects_, problems),
        diff_(lines_.table()) {}

  // Files and renames, lines not yet compared. A null tree is empty. record names
  // the commit in problems.
  std::vector<TreeChange> compare(const ObjectId* before, const ObjectId* after, const std::string& record,
                                  bool renames);
  // Without renames.
  std::vector<TreeChange> names(const ObjectId* before, const ObjectId* after, const std::string& record) {
    return walk_.compare(before, after, record);
  }
  // Whether all that names() was to tell last could be read.
  bool was_whole() const { return walk_.was_whole(); }
  // Compares the lines of one change.
  void measure(TreeChange& change, const std::string& record, bool hunks = false);
  void list(const ObjectId& tree, const std::string& record,
            const std::function<void(const std::string& path, const Entry&)>& sink) {
    walk_.list(tree, record, sink);
  }
  // The entry at the top of a tree.
  std::optional<Entry> find(const ObjectId& tree, std::string_view name) { return walk_.find(tree, name); }
  // Content of one file; nothing where it cannot be read.
  LineFilePointer content(const Entry& entry, const std::string& path, const std::string& record);

  ObjectStore& objects() { return objects_; }
  LineStore& lines() { return lines_; }

 private:
  ObjectStore objects_;
  LineStore lines_;
  Problems& problems_;
  TreeDiff walk_;
  LineDiff diff_;
};

}  // namespace resident::git
