// A repository in a temporary folder, made with the git command, and git's own
// figures to compare with. Commands run without a shell and without the user's
// configuration, so that every machine makes the same objects.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <git/repository.hpp>
#include <map>
#include <string>
#include <vector>

namespace resident::git {

inline std::string lines(int from, int to, const std::string& text = "line ") {
  std::string result;
  for (int i = from; i < to; ++i) result += text + std::to_string(i) + "\n";
  return result;
}

// Whether a problem of that record gives that reason.
inline bool mentions(const std::vector<Problem>& problems, const std::string& record, const std::string& reason) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.record.find(record) != std::string::npos && problem.reason.find(reason) != std::string::npos;
  });
}

class GitFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "resident-git-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    base_ = name;
    for (const auto& [key, value] : {std::pair{"GIT_CONFIG_NOSYSTEM", "1"},
                                     {"GIT_CONFIG_GLOBAL", "/dev/null"},
                                     {"GIT_AUTHOR_NAME", "Ada L."},
                                     {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                                     {"GIT_COMMITTER_NAME", "Bob"},
                                     {"GIT_COMMITTER_EMAIL", "bob@example.org"},
                                     {"GIT_ALLOW_PROTOCOL", "file"},
                                     {"LC_ALL", "C.UTF-8"}})
      setenv(key, value, 1);
    folder_ = base_ / "repo";
    std::filesystem::create_directory(folder_);
    git({"init", "-q", "-b", "main"});
  }

  void TearDown() override { std::filesystem::remove_all(base_); }

  // Output of a command; input goes to its standard input.
  std::string run(const std::vector<std::string>& command, const std::string& input = {}) {
    const std::string in = (base_ / "stdin").string(), out = (base_ / "stdout").string(),
                      error = (base_ / "stderr").string();
    write_file(in, input);
    const pid_t child = fork();
    if (child == 0) {
      const auto redirect = [](const std::string& path, int flags, int to) {
        const int file = open(path.c_str(), flags, 0600);
        if (file < 0 || dup2(file, to) < 0) _exit(126);
      };
      redirect(in, O_RDONLY, 0);
      redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
      redirect(error, O_WRONLY | O_CREAT | O_TRUNC, 2);
      if (chdir(folder_.c_str()) != 0) _exit(126);
      std::vector<char*> arguments;
      for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << command[1] << ": " << read_file(error);
    return read_file(out);
  }

  std::string git(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), "git");
    std::string output = run(arguments, input);
    while (!output.empty() && output.back() == '\n') output.pop_back();
    return output;
  }

  static std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static void write_file(const std::filesystem::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  }

  // Writes a file of the work tree; its folders are made.
  void put(const std::string& path, const std::string& content) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    write_file(folder_ / path, content);
  }

  // Commits the whole work tree; each commit a minute after the last one.
  std::string commit(const std::string& message) {
    git({"add", "-A"});
    tick();
    git({"commit", "-q", "--allow-empty", "--allow-empty-message", "-F", "-"}, message);
    return git({"rev-parse", "HEAD"});
  }

  void tick() {
    const std::string date = std::to_string(time_ += 60) + " +0200";
    setenv("GIT_AUTHOR_DATE", date.c_str(), 1);
    setenv("GIT_COMMITTER_DATE", date.c_str(), 1);
  }

  // A commit object of exactly these bytes, and the branch 'odd' on it.
  std::string literal_commit(const std::string& bytes) {
    const std::string sha = git({"hash-object", "-w", "-t", "commit", "--literally", "--stdin"}, bytes);
    // git itself would refuse to.
    write_file(folder_ / ".git/refs/heads/odd", sha + "\n");
    return sha;
  }

  std::vector<Commit> walk(const WalkOptions& options = {}, std::vector<Problem>* problems = nullptr,
                           const std::filesystem::path& path = {}) {
    Repository repository((path.empty() ? folder_ : path).string());
    std::vector<Commit> commits;
    repository.walk(
        {}, [&](Commit&& commit) { commits.push_back(std::move(commit)); }, options);
    if (problems) *problems = repository.problems();
    return commits;
  }

  static std::string show(const FileChange& change) {
    std::string text(1, change.status);
    text +=
        change.additions ? " " + std::to_string(*change.additions) + " " + std::to_string(*change.deletions) : " - -";
    return text + " " + (change.old_path.empty() ? "" : change.old_path + " => ") + change.path;
  }

  static std::vector<std::string> show(const std::vector<FileChange>& changes) {
    std::vector<std::string> lines;
    for (const FileChange& change : changes) lines.push_back(show(change));
    return lines;
  }

  // What git says of every commit that is no merge, in the form of show().
  std::map<std::string, std::vector<std::string>> oracle(std::vector<std::string> more = {"--all"}) {
    std::vector<std::string> command = {"git",         "log", "--raw",       "--numstat",         "-M",
                                        "--no-merges", "-z",  "--no-abbrev", "--format=commit %H"};
    command.insert(command.end(), more.begin(), more.end());
    const std::string output = run(command);
    std::vector<std::string> fields;
    for (std::size_t at = 0; at < output.size();) {
      const std::size_t end = std::min(output.find('\0', at), output.size());
      std::string field = output.substr(at, end - at);
      if (field.starts_with("\n")) field.erase(0, 1);
      if (!field.empty()) fields.push_back(field);
      at = end + 1;
    }
    std::map<std::string, std::vector<std::string>> result;
    std::map<std::string, std::string> status;
    std::string sha;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string& field = fields[i];
      if (field.starts_with("commit ")) {
        sha = field.substr(7);
        result[sha];
        status.clear();
      } else if (field.starts_with(":")) {
        const std::string letter(1, field[field.rfind(' ') + 1]);
        if (letter == "R") ++i;
        status[fields[++i]] = letter;
      } else {
        const std::size_t first = field.find('\t'), second = field.find('\t', first + 1);
        std::string path = field.substr(second + 1), names = path_text(path);
        if (path.empty()) {
          path = fields[i + 2];
          names = path_text(fields[i + 1]) + " => " + path_text(path);
          i += 2;
        }
        result[sha].push_back(status[path] + " " + field.substr(0, first) + " " +
                              field.substr(first + 1, second - first - 1) + " " + names);
      }
    }
    return result;
  }

  void expect_equal_to_git(const std::vector<std::string>& more = {"--all"}) {
    const auto expected = oracle(more);
    std::size_t compared = 0;
    for (const Commit& commit : walk()) {
      if (commit.parents.size() > 1) {
        EXPECT_TRUE(commit.changes.empty());
        continue;
      }
      ASSERT_TRUE(expected.contains(commit.sha)) << commit.sha << " " << commit.subject;
      EXPECT_EQ(show(commit.changes), expected.at(commit.sha)) << commit.subject;
      ++compared;
    }
    EXPECT_EQ(compared, expected.size());
  }

  std::filesystem::path base_, folder_;
  long long time_ = 1'600'000'000;
};

}  // namespace resident::git
