#include "simulate/repository.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/error.hpp"
#include "simulate/random.hpp"

namespace resident::simulation {

namespace {

const std::string kScratch = "refs/simulation/branch";

// Starts git with standard input and output on the descriptor (-1: neither), and
// an environment of nothing but what git needs to be found.
pid_t start_git(const std::vector<std::string>& arguments, int descriptor) {
  std::vector<std::string> words = {"git", "-c", "core.fsync=none"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  const char* path = std::getenv("PATH");
  std::vector<std::string> variables = {std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"),
                                        "HOME=/nonexistent",
                                        "GIT_CONFIG_NOSYSTEM=1",
                                        "GIT_CONFIG_GLOBAL=/dev/null",
                                        "LC_ALL=C",
                                        "TZ=UTC"};
  std::vector<char*> environment;
  for (std::string& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (descriptor >= 0) {
    posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  pid_t process = -1;
  const int failure = posix_spawnp(&process, "git", &actions, nullptr, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw Error(fmt::format("cannot run git: {}", std::strerror(failure)),
                "install git, or simulate without a repository");
  return process;
}

void wait_for(pid_t process, const char* what) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) throw Error(fmt::format("cannot wait for git {}: {}", what, std::strerror(errno)));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Error(fmt::format("git {} failed", what));
}

}  // namespace

Repository::Repository(const std::filesystem::path& directory, bool enabled, std::uint64_t seed)
    : directory_(directory), enabled_(enabled), seed_(seed) {
  if (!enabled_) return;
  run({"init", "--quiet", "--bare", "--template=", "--initial-branch=main", directory_.string()});
  int sockets[2];
  // A socket and not a pipe, so that a git that dies gives an error and not a signal.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
    throw Error(fmt::format("cannot talk to git: {}", std::strerror(errno)));
  socket_ = sockets[0];
  try {
    process_ =
        start_git({"--git-dir=" + directory_.string(), "-c", "core.compression=1", "-c", "fastimport.unpackLimit=0",
                   "fast-import", "--quiet", "--date-format=raw", "--active-branches=64", "--done"},
                  sockets[1]);
  } catch (...) {
    close(sockets[1]);
    close(socket_);
    throw;
  }
  close(sockets[1]);
}

Repository::~Repository() {
  if (socket_ >= 0) close(socket_);
  if (process_ > 0) waitpid(process_, nullptr, 0);  // ends by itself: its input has ended
}

void Repository::run(const std::vector<std::string>& arguments) {
  wait_for(start_git(arguments, -1),
           arguments.front().starts_with("--") ? arguments[1].c_str() : arguments.front().c_str());
}

void Repository::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() > 1 << 16) flush();
}

void Repository::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t sent = send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw Error(fmt::format("git fast-import ended too early: {}", std::strerror(errno)));
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  buffer_.clear();
}

std::string Repository::read_line() {
  flush();
  std::string line;
  char bytes[64];
  while (line.empty() || line.back() != '\n') {
    const ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Error("git fast-import ended too early");
    line.append(bytes, static_cast<std::size_t>(got));
  }
  line.pop_back();
  return line;
}

std::string Repository::made_up_id() {
  const std::uint64_t number = mix(seed_, static_cast<std::uint64_t>(++marks_));
  return fmt::format("{:016x}{:016x}{:08x}", number, mix(number), mix(number + 1) & 0xffffffff);
}

Commit Repository::commit(const std::string& reference, const std::vector<std::int64_t>& parents,
                          const std::string& author, const std::string& committer, std::string_view message,
                          const std::vector<FileChange>& changes) {
  ++commits_;
  if (!enabled_) {
    std::string id = made_up_id();
    return {marks_, std::move(id)};
  }
  const std::int64_t mark = ++marks_;
  const bool packed = reference.starts_with("refs/pull/");
  write(fmt::format("commit {}\nmark :{}\nauthor {}\ncommitter {}\ndata {}\n{}\n", packed ? kScratch : reference, mark,
                    author, committer, message.size(), message));
  for (std::size_t i = 0; i < parents.size(); ++i)
    write(fmt::format("{} :{}\n", i == 0 ? "from" : "merge", parents[i]));
  for (const FileChange& change : changes) {
    if (!change.content) {
      write(fmt::format("D {}\n", change.path));
    } else {
      write(fmt::format("M 100644 inline {}\ndata {}\n", change.path, change.content->size()));
      write(*change.content);
      write("\n");
    }
  }
  write(fmt::format("\nget-mark :{}\n", mark));
  std::string id = read_line();
  if (packed) packed_[reference] = id;
  return {mark, std::move(id)};
}

void Repository::reset(const std::string& reference, std::int64_t mark) {
  if (enabled_) write(fmt::format("reset {}\nfrom :{}\n\n", reference, mark));
}

void Repository::tag(const std::string& name, std::int64_t mark, const std::string& tagger, std::string_view message) {
  if (enabled_)
    write(fmt::format("tag {}\nfrom :{}\ntagger {}\ndata {}\n{}\n", name, mark, tagger, message.size(), message));
}

void Repository::finish() {
  if (!enabled_) return;
  write("done\n");
  flush();
  close(socket_);
  socket_ = -1;
  const pid_t process = process_;
  process_ = -1;
  wait_for(process, "fast-import");
  std::ofstream file(directory_ / "packed-refs", std::ios::binary);
  for (const auto& [reference, id] : packed_) file << id << ' ' << reference << '\n';
  file.close();
  if (!file) throw Error(fmt::format("cannot write {}", (directory_ / "packed-refs").string()));
  if (!packed_.empty()) run({"--git-dir=" + directory_.string(), "update-ref", "-d", kScratch});
  run({"--git-dir=" + directory_.string(), "pack-refs", "--all"});
}

}  // namespace resident::simulation
