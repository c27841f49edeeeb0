// Which files each commit of the default branch changed, with renames followed: a
// file is known by its newest path, and what it was called before speaks for it
// too. Commits that are not merges, newest first, none later than the as-of time.
//
// Renames are those that git finds (50 % alike); they are followed back in order of
// committer time, so that on lines of history that ran side by side a change may
// be put to the name that the file had on the other line. A path that was given up
// by a rename and used again later is a file of its own from then on.
#pragma once

#include <cstdint>
#include <framework/analysis.hpp>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

class FileHistory {
 public:
  using File = std::uint32_t;

  struct Commit {
    std::int64_t commit_id = 0;
    std::optional<std::int64_t> author_id = {};  // identity
    Timestamp at = 0;                            // committer time
    std::size_t begin = 0, end = 0;              // of its files
  };

  // Commits at or after since; nothing: all there are.
  FileHistory(const Context& context, std::optional<Timestamp> since);

  const std::vector<Commit>& commits() const { return commits_; }
  // Each file once.
  std::span<const File> files(const Commit& commit) const {
    return std::span<const File>(changed_).subspan(commit.begin, commit.end - commit.begin);
  }

  std::size_t file_count() const { return newest_path_.size(); }
  std::int64_t path_id(File file) const { return newest_path_[file]; }
  // Its newest change took it away.
  bool is_gone(File file) const { return gone_[file]; }
  // What a path of any time is called now: the file and the path, in no order.
  const std::vector<std::pair<std::int64_t, File>>& names() const { return names_; }
  std::int64_t renames() const { return renames_; }

 private:
  File file_of(std::int64_t path_id, bool is_deletion);

  std::vector<Commit> commits_;
  std::vector<File> changed_;
  std::vector<std::int64_t> newest_path_;
  std::vector<bool> gone_;
  std::vector<std::pair<std::int64_t, File>> names_;
  std::unordered_map<std::int64_t, File> current_;  // path as of the commit that is being read
  std::int64_t renames_ = 0;
};

}  // namespace resident
