#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cerrno>
#include <cli/bisect/process.hpp>
#include <cstring>
#include <thread>

namespace resident {

namespace {

volatile sig_atomic_t interrupted = 0;

void note_interruption(int) {
  interrupted = 1;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  return argv;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) return text;
  }
}

}  // namespace

std::string run_git(const std::filesystem::path& directory, const std::vector<std::string>& words) {
  // Nothing of the clone's own hooks runs.
  std::vector<std::string> all{"git", "-C", directory.string(), "-c", "core.hooksPath=/dev/null"};
  all.insert(all.end(), words.begin(), words.end());
  std::array<int, 2> ends{};
  const int errors = memfd_create("git", MFD_CLOEXEC);
  if (errors < 0 || pipe2(ends.data(), O_CLOEXEC) != 0) throw Error("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, "git", &actions, nullptr, pointers(all).data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string text;
  if (!failed) text = read_all(ends[0]);
  close(ends[0]);
  if (lseek(errors, 0, SEEK_SET) != 0) text.clear();
  const std::string said = read_all(errors);
  close(errors);
  if (failed) throw Error(fmt::format("cannot run git: {}", std::strerror(failed)), "install git");
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  while (text.ends_with('\n')) text.pop_back();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error(fmt::format("git {}: {}", words.front(), one_line(said)));
  return text;
}

Children::Children(std::size_t slots) : children_(slots) {
  interrupted = 0;
  struct sigaction action = {};
  action.sa_handler = note_interruption;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
}

Children::~Children() {
  kill_all();
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_DFL);
}

void Children::start(std::size_t slot, const std::vector<std::string>& command, const std::filesystem::path& directory,
                     const std::filesystem::path& log, double timeout) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  Child& child = children_[slot];
  const int failed =
      posix_spawnp(&child.process, command.front().c_str(), &actions, &attributes, pointers(command).data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) {
    child.process = 0;
    throw Error(ErrorKind::usage, fmt::format("{} cannot be run: {}", one_line(command.front()), std::strerror(failed)),
                "the command stands behind --, and is started in a checkout of each commit");
  }
  child.started = std::chrono::steady_clock::now();
  child.timeout = timeout;
  child.late = false;
}

Ended Children::wait() {
  while (true) {
    if (interrupted) {
      kill_all();
      throw Error(ErrorKind::interrupted, "interrupted", "what was run is kept; the same command goes on from there");
    }
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t slot = 0; slot < children_.size(); ++slot) {
      Child& child = children_[slot];
      if (child.process == 0) continue;
      const double seconds = std::chrono::duration<double>(now - child.started).count();
      int status = 0;
      if (waitpid(child.process, &status, WNOHANG) == child.process) {
        // What it left running would disturb the next run there.
        kill(-child.process, SIGKILL);
        child.process = 0;
        return {slot, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), child.late, seconds};
      }
      if (child.timeout > 0 && seconds > child.timeout && !child.late) {
        child.late = true;
        kill(-child.process, SIGKILL);
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::optional<std::size_t> Children::free_slot() const {
  for (std::size_t slot = 0; slot < children_.size(); ++slot)
    if (children_[slot].process == 0) return slot;
  return std::nullopt;
}

bool Children::idle() const {
  return std::all_of(children_.begin(), children_.end(), [](const Child& child) { return child.process == 0; });
}

void Children::kill_all() {
  for (Child& child : children_) {
    if (child.process == 0) continue;
    kill(-child.process, SIGKILL);
    while (waitpid(child.process, nullptr, 0) < 0 && errno == EINTR) {
    }
    child.process = 0;
  }
}

}  // namespace resident
