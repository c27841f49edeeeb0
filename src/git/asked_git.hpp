// git itself, asked about a clone without touching it: it runs in a folder of its own that borrows the clone's objects
// and is thrown away. The clone is only read; its configuration, hooks, attributes and drivers are not used, nothing is
// checked out or fetched. Every call is bounded in time and output.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::git {

class AskedGit {
 public:
  struct Answer {
    int status = -1;  // exit status; below 0: killed for its time or output, or never ran
    std::string output;
  };
  static constexpr int kCannotRun = 127;  // git is not installed

  // Throws Error where the clone is none, or no temporary folder can be made.
  explicit AskedGit(const std::string& clone);
  ~AskedGit();
  AskedGit(const AskedGit&) = delete;
  AskedGit& operator=(const AskedGit&) = delete;

  // git with these words behind `git --git-dir=…`, without a shell and with a bare environment.
  Answer ask(const std::vector<std::string>& words, std::size_t most_output = std::size_t{1} << 20,
             std::chrono::seconds longest = std::chrono::seconds{20}) const;

  // The diffs of commits as `git format-patch` writes them (renames told, three lines of context, binary files in
  // full). Merges have none. Commits that the clone lacks are left out.
  void diffs(const std::vector<std::string>& shas,
             const std::function<void(std::string_view sha, std::string_view diff)>& each) const;

 private:
  std::string folder_;
};

// 40 or 64 hexadecimal digits in lower case.
bool is_whole_sha(std::string_view text);

}  // namespace resident::git
