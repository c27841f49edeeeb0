// Would this head merge into that base? Asked of git itself (merge-tree, since 2.38),
// which writes into a folder of its own that is thrown away: the clone is only read,
// its configuration, hooks and merge drivers are not used, and nothing is checked
// out. One call is bounded in time and output (docs/adr/0015).
#pragma once

#include <git/asked_git.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::git {

struct MergeAnswer {
  enum class State { clean, conflict, unknown };
  State state = State::unknown;
  std::vector<std::string> files;  // in conflict, as text
  std::string why;                 // for unknown: what is missing
};

const char* merge_state_name(MergeAnswer::State state);

// A folder that lends a clone's objects to git; kept for a run of questions.
class MergeCheck {
 public:
  // Throws Error where no temporary folder can be made.
  explicit MergeCheck(const std::string& clone);
  // Never throws for what the clone holds or lacks: that is `unknown`.
  MergeAnswer check(const std::string& base_sha, const std::string& head_sha) const;

 private:
  AskedGit git_;
};

}  // namespace resident::git
