// Programs started without a shell: git to its end, and a command at several places at once, each in a process group of
// its own so that nothing of it is left when its time is over or the search is interrupted.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace resident {

// What `git` with these words prints, without the last line end. Throws Error{failed} with what git said.
std::string run_git(const std::filesystem::path& directory, const std::vector<std::string>& words);

struct Ended {
  std::size_t slot = 0;
  int code = 0;       // of exit; with a signal 128 + its number, as shells give it
  bool late = false;  // its time was over
  double seconds = 0;
};

// A fixed number of places (slots); a slot is free when its command has ended and was told.
class Children {
 public:
  explicit Children(std::size_t slots);
  ~Children();  // kills what still runs
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  // Output and errors go to `log`. timeout in seconds, 0: none. Throws Error{usage} where the command cannot be
  // started.
  void start(std::size_t slot, const std::vector<std::string>& command, const std::filesystem::path& directory,
             const std::filesystem::path& log, double timeout);
  // Waits for one to end. Throws Error{interrupted} after Ctrl-C or SIGTERM, when all have been killed.
  Ended wait();
  std::optional<std::size_t> free_slot() const;
  bool idle() const;

 private:
  struct Child {
    pid_t process = 0;  // 0: free
    std::chrono::steady_clock::time_point started;
    double timeout = 0;
    bool late = false;
  };
  void kill_all();
  std::vector<Child> children_;
};

}  // namespace resident
