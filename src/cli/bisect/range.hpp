// The commits between a good and a bad one along first parents, and the worktrees in which they are checked out: places
// beside the clone's own data, so that the user's tree is never touched.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// The hash of what a name stands for. which: the option that it was given by, for the error. Throws Error{usage} where
// the folder is no clone, or has no such commit.
std::string commit_of(const std::filesystem::path& clone, const std::string& name, std::string_view which);

struct RangeCommit {
  std::string sha, subject, author;
  bool is_merge = false;
};

struct CommitRange {
  // Index 0 is the good commit, the last the bad one. Throws Error{usage} where one is no commit, or the good one is
  // not before the bad one.
  CommitRange(const std::filesystem::path& clone, const std::string& good, const std::string& bad);
  std::vector<RangeCommit> commits;
};

class Worktrees {
 public:
  // folder: where they are put, made where it is missing; what an earlier search left there is removed.
  Worktrees(std::filesystem::path clone, std::filesystem::path folder, std::size_t places, bool clean);
  ~Worktrees();  // removes them
  Worktrees(const Worktrees&) = delete;
  Worktrees& operator=(const Worktrees&) = delete;

  // Has a place show a commit; files that git does not know stay, as with git bisect, unless `clean`. The folder.
  std::filesystem::path check_out(std::size_t place, const std::string& sha);
  const std::string& shown(std::size_t place) const { return shown_[place]; }

 private:
  std::filesystem::path place_folder(std::size_t place) const;
  void remove_all();
  std::filesystem::path clone_, folder_;
  std::vector<std::string> shown_;
  bool clean_;
};

// The folder for a clone's searches, in the clone's own data.
std::filesystem::path bisect_folder(const std::filesystem::path& clone);

}  // namespace resident
