// The files that differ between two trees, as git log --raw --numstat -M would
// tell it: walk, renames, line counts. Two things differ on purpose: submodules
// have no line counts (git says 1 and 1), and attributes are not read, so a file
// is binary by its content alone. Paths come out as valid UTF-8, unique within a
// change, at most 4,096 bytes long.
#pragma once

#include <cstdint>
#include <optional>
#include <sources/git/line_count.hpp>
#include <sources/git/tree_diff.hpp>
#include <string>
#include <vector>

namespace resident::git {

struct FileChange {
  std::string path;
  char status = 'M';                                 // A, M, D, R, T as in git
  std::string old_path;                              // of R
  std::optional<std::int64_t> additions, deletions;  // none: binary, submodule, missing or over 100 MB
};

inline constexpr std::size_t kMaxPath = 4096;
inline constexpr std::uint64_t kMaxCountedBytes = 100'000'000;

// Bytes that are no UTF-8 as \xE9; what is too long is cut and ends in "…" and a
// fingerprint of the whole, so that different paths stay different.
std::string path_text(std::string_view raw);

class FileChanges {
 public:
  FileChanges(ObjectStore& objects, Problems& problems)
      : objects_(objects), problems_(problems), walk_(objects, problems) {}
  // A null tree is empty. record names the commit in problems.
  std::vector<FileChange> compare(const ObjectId* before, const ObjectId* after, const std::string& record,
                                  bool renames);
  std::vector<std::string> list(const ObjectId& tree, const std::string& record);
  // The entry at the top of a tree.
  std::optional<Entry> find(const ObjectId& tree, std::string_view name) { return walk_.find(tree, name); }

 private:
  FileChange describe(const TreeChange& change, const std::string& record);
  // False where the content is absent, too large or no text.
  bool read(const Entry& entry, const TreeChange& change, const std::string& record, ObjectPointer& object);

  ObjectStore& objects_;
  Problems& problems_;
  TreeDiff walk_;
  LineCounter counter_;
};

}  // namespace resident::git
