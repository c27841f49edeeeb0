#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <git/layout.hpp>
#include <git/merge_check.hpp>

namespace resident::git {

namespace {

constexpr std::chrono::seconds kLongest{20};
constexpr std::size_t kMostOutput = std::size_t{1} << 20, kMostFiles = 200;
constexpr int kCannotRun = 127, kConflict = 1;

bool is_sha(const std::string& text) {
  return (text.size() == 40 || text.size() == 64) && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

struct Finished {
  int status = -1;  // exit status; below 0: killed, or never ran
  std::string output;
};

// Runs a program by its arguments, without a shell and with a bare environment.
Finished run(const std::vector<std::string>& words) {
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
                                    "GIT_NO_LAZY_FETCH=1"};
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
    _exit(kCannotRun);
  }
  close(ends[1]);
  Finished result;
  if (child < 0) {
    close(ends[0]);
    return result;
  }
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  bool is_over = false;
  while (!is_over) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wait{ends[0], POLLIN, 0};
    if (left.count() <= 0 || result.output.size() > kMostOutput) {
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

const char* merge_state_name(MergeAnswer::State state) {
  switch (state) {
    case MergeAnswer::State::clean:
      return "clean";
    case MergeAnswer::State::conflict:
      return "conflict";
    case MergeAnswer::State::unknown:
      break;
  }
  return "unknown";
}

MergeCheck::MergeCheck(const std::string& clone) {
  namespace files = std::filesystem;
  const Layout layout = find_layout(clone);
  std::string name = (files::temp_directory_path() / "resident-merge-XXXXXX").string();
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

MergeCheck::~MergeCheck() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

MergeAnswer MergeCheck::check(const std::string& base_sha, const std::string& head_sha) const {
  MergeAnswer answer;
  if (!is_sha(base_sha) || !is_sha(head_sha)) {
    answer.why = "its head or its base is not known";
    return answer;
  }
  const Finished merge = run({"git", "--git-dir=" + folder_, "merge-tree", "--write-tree", "--name-only",
                              "--no-messages", "-z", base_sha, head_sha});
  if (merge.status == 0) {
    answer.state = MergeAnswer::State::clean;
  } else if (merge.status == kConflict && !merge.output.empty()) {
    answer.state = MergeAnswer::State::conflict;
    // The tree's id, then the files in conflict. (Without a word it says that a commit is missing.)
    bool is_first = true;
    for (const std::string_view part : split(merge.output, '\0')) {
      if (!is_first && !part.empty() && answer.files.size() < kMostFiles) answer.files.push_back(clean_text(part));
      is_first = false;
    }
  } else {
    answer.why = merge.status == kCannotRun ? "git is not installed"
                 : merge.status < 0         ? "git took too long"
                                            : "the clone does not hold its commits (fetch refs/pull/*/head)";
  }
  return answer;
}

}  // namespace resident::git
