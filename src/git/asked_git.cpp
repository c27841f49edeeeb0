#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <git/asked_git.hpp>
#include <git/layout.hpp>

namespace resident::git {

namespace {

// How many commits one call is asked for; halved where the answer is too long.
constexpr std::size_t kCommitsACall = 64;
constexpr std::size_t kMostOfDiffs = std::size_t{64} << 20;
constexpr std::chrono::seconds kLongestOfDiffs{120};
// Before each commit's diff; no line of a diff begins so.
constexpr std::string_view kMark =
    "\x01"
    "commit ";

// Runs a program by its arguments, without a shell and with a bare environment.
AskedGit::Answer run(const std::vector<std::string>& words, std::size_t most_output, std::chrono::seconds longest) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const char* path = std::getenv("PATH");
  std::vector<std::string> settings{std::string("PATH=") + (path ? path : "/usr/bin:/bin"),
                                    "LC_ALL=C",
                                    "GIT_CONFIG_NOSYSTEM=1",
                                    "GIT_CONFIG_GLOBAL=/dev/null",
                                    "GIT_TERMINAL_PROMPT=0",
                                    "GIT_NO_LAZY_FETCH=1",
                                    "GIT_ATTR_NOSYSTEM=1"};
  std::vector<char*> environment;
  for (auto& each : settings) environment.push_back(each.data());
  environment.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(ends[1], 1);
    dup2(nothing, 2);
    execvpe(arguments[0], arguments.data(), environment.data());
    _exit(AskedGit::kCannotRun);
  }
  close(ends[1]);
  AskedGit::Answer result;
  if (child < 0) {
    close(ends[0]);
    return result;
  }
  const auto deadline = std::chrono::steady_clock::now() + longest;
  bool is_over = false;
  while (!is_over) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wait{ends[0], POLLIN, 0};
    if (left.count() <= 0 || result.output.size() > most_output) {
      kill(child, SIGKILL);
      break;
    }
    if (poll(&wait, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<char, 8192> buffer;
    const ssize_t count = read(ends[0], buffer.data(), buffer.size());
    if (count > 0) {
      result.output.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      is_over = true;
    }
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (is_over && WIFEXITED(status)) result.status = WEXITSTATUS(status);
  return result;
}

}  // namespace

bool is_whole_sha(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

AskedGit::AskedGit(const std::string& clone) {
  namespace files = std::filesystem;
  const Layout layout = find_layout(clone);
  std::string name = (files::temp_directory_path() / "resident-git-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw Error(fmt::format("cannot make a temporary folder: {}", std::strerror(errno)), "check TMPDIR");
  folder_ = name;
  files::create_directories(folder_ + "/objects/info");
  files::create_directories(folder_ + "/refs");
  std::ofstream(folder_ + "/objects/info/alternates")
      << files::absolute(layout.common_folder + "objects").lexically_normal().string() << "\n";
  std::ofstream(folder_ + "/HEAD") << "ref: refs/heads/none\n";
  std::ofstream config(folder_ + "/config");
  config << "[core]\n\tbare = true\n\trepositoryformatversion = " << (layout.id_bytes == 20 ? 0 : 1) << "\n";
  if (layout.id_bytes != 20) config << "[extensions]\n\tobjectformat = sha256\n";
}

AskedGit::~AskedGit() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

AskedGit::Answer AskedGit::ask(const std::vector<std::string>& words, std::size_t most_output,
                               std::chrono::seconds longest) const {
  std::vector<std::string> all{"git", "--git-dir=" + folder_};
  all.insert(all.end(), words.begin(), words.end());
  return run(all, most_output, longest);
}

void AskedGit::diffs(const std::vector<std::string>& shas,
                     const std::function<void(std::string_view sha, std::string_view diff)>& each) const {
  const std::function<void(std::size_t, std::size_t)> read = [&](std::size_t begin, std::size_t count) {
    std::vector<std::string> words{"log",
                                   "--no-walk=unsorted",
                                   "--ignore-missing",
                                   "--format=%x01commit %H",
                                   "-p",
                                   "-M",
                                   "--no-ext-diff",
                                   "--no-textconv",
                                   "--no-color",
                                   "--binary"};
    for (std::size_t i = begin; i < begin + count; ++i)
      if (is_whole_sha(shas[i])) words.push_back(shas[i]);
    if (words.back() == "--binary") return;
    const Answer answer = ask(words, kMostOfDiffs, kLongestOfDiffs);
    if (answer.status != 0) {
      // One that is too large, or not there: the others are asked for again without it.
      if (count == 1 || answer.status == kCannotRun) return;
      read(begin, count / 2);
      read(begin + count / 2, count - count / 2);
      return;
    }
    for (std::size_t at = answer.output.find(kMark); at != std::string::npos;) {
      const std::size_t next = answer.output.find("\n" + std::string(kMark), at);
      const std::string_view part =
          std::string_view(answer.output).substr(at, next == std::string::npos ? next : next + 1 - at);
      const std::size_t line = part.find('\n');
      each(part.substr(kMark.size(), line == std::string_view::npos ? line : line - kMark.size()),
           line == std::string_view::npos ? std::string_view() : part.substr(line + 1));
      at = next == std::string::npos ? next : next + 1;
    }
  };
  for (std::size_t begin = 0; begin < shas.size(); begin += kCommitsACall)
    read(begin, std::min(kCommitsACall, shas.size() - begin));
}

}  // namespace resident::git
