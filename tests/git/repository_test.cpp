// Odd repositories, made with the git command; git log is the oracle.
#include <sys/stat.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <set>

#include "git_fixture.hpp"

namespace resident::git {
namespace {

class GitRepository : public GitFixture {};

TEST_F(GitRepository, EmptyHasNothingAndNoProblem) {
  Repository repository(folder_.string());
  EXPECT_TRUE(repository.references().empty());
  EXPECT_EQ(repository.default_branch_sha(), "");
  EXPECT_TRUE(repository.mailmap().empty());
  EXPECT_TRUE(repository.pull_heads().empty());
  EXPECT_TRUE(repository.head_files().empty());
  repository.walk({}, [](Commit&&) { FAIL(); });
  EXPECT_TRUE(repository.problems().empty());
}

TEST_F(GitRepository, WhatIsNoRepositoryIsSaidSo) {
  EXPECT_THROW(Repository((base_ / "nowhere").string()), Error);
  std::filesystem::create_directory(base_ / "plain");
  EXPECT_THROW(Repository((base_ / "plain").string()), Error);
  write_file(base_ / "file", "x");
  EXPECT_THROW(Repository((base_ / "file").string()), Error);
}

TEST_F(GitRepository, Sha256) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directory(folder_);
  git({"init", "-q", "-b", "main", "--object-format=sha256"});
  put("a", lines(0, 40));
  commit("one");
  put("a", lines(3, 50));
  put("b", "b\n");
  const std::string sha = commit("two");
  EXPECT_EQ(sha.size(), 64u);
  expect_equal_to_git();
  git({"gc", "-q"});
  expect_equal_to_git();
  EXPECT_EQ(Repository(folder_.string()).default_branch_sha(), sha);
}

TEST_F(GitRepository, ContentOfEveryKind) {
  const std::string binary = std::string("a\0b\n", 4) + lines(0, 50);
  put("text", lines(0, 100));
  put("crlf", "one\r\ntwo\r\nthree\r\n");
  put("noend", "one\ntwo");
  put("binary", binary);
  put("late-nul", std::string(8000, 'x') + std::string(1, '\0') + "\n");
  put("empty", "");
  put("folder/deep/er/file", "x\n");
  put("kind", "a\nb\n");
  std::filesystem::create_symlink("text", folder_ / "link");
  commit("all");
  put("text", lines(0, 40) + "new\n" + lines(41, 60) + lines(70, 100) + "tail\n");
  put("crlf", "one\ntwo\r\nthree\r\n");
  put("noend", "one\ntwo\n");
  put("binary", binary + "more");
  put("late-nul", std::string(8000, 'y') + std::string(1, '\0') + "\n");
  put("empty", "no longer\n");
  chmod((folder_ / "kind").c_str(), 0755);
  std::filesystem::remove(folder_ / "link");
  std::filesystem::create_symlink("elsewhere", folder_ / "link");
  commit("edits, a mode, a link");
  std::filesystem::remove(folder_ / "kind");
  std::filesystem::create_symlink("text", folder_ / "kind");
  std::filesystem::remove_all(folder_ / "folder");
  put("folder", "now a file\n");
  put("noend", "");
  commit("a new type, a folder that becomes a file");
  std::filesystem::remove(folder_ / "folder");
  put("folder/again", "x\n");
  put("folder.txt", "sorts between\n");
  put("folder-x", "x\n");
  commit("and back");
  commit("nothing");
  expect_equal_to_git();
}

TEST_F(GitRepository, Renames) {
  for (int i = 0; i < 8; ++i) put("old/file" + std::to_string(i) + ".c", lines(i * 100, i * 100 + 40));
  put("old/same.c", lines(0, 20, "same "));
  put("other/same.c", lines(0, 20, "same "));
  put("empty", "");
  put("noend", lines(0, 30, "z ") + "end");
  std::filesystem::create_symlink("somewhere", folder_ / "link");
  commit("start");
  std::filesystem::rename(folder_ / "old", folder_ / "new");
  put("new/file0.c", lines(0, 35) + lines(900, 905));
  std::filesystem::rename(folder_ / "new/file1.c", folder_ / "new/other.h");
  put("new/other.h", lines(100, 125) + lines(800, 815));
  put("new/file2.c", lines(200, 210) + lines(700, 730));
  std::filesystem::rename(folder_ / "empty", folder_ / "empty2");
  std::filesystem::rename(folder_ / "link", folder_ / "link2");
  std::filesystem::rename(folder_ / "noend", folder_ / "noend2");
  commit("moved, some edited, one too much");
  std::filesystem::rename(folder_ / "new/same.c", folder_ / "a.c");
  std::filesystem::rename(folder_ / "other/same.c", folder_ / "same.c");
  commit("two with equal content");
  expect_equal_to_git();
  WalkOptions without;
  without.renames = false;
  for (const Commit& commit : walk(without))
    for (const FileChange& change : commit.changes) EXPECT_NE(change.status, 'R');
}

TEST_F(GitRepository, StrangeFileNames) {
  std::string deep;
  for (int i = 0; i < 15; ++i) deep += std::string(200, static_cast<char>('a' + i)) + "/";
  const std::vector<std::string> names = {"new\nline",   "quote\"s",    "tab\there", "é/ünï",    "bad\xE9name",
                                          "bad\xE8name", "\\backslash", " space ",   deep + "f", deep + deep + "f"};
  // Through the index: the longest are beyond what the file system takes.
  const std::string blob = git({"hash-object", "-w", "--stdin"}, "x\n");
  std::string index;
  for (const std::string& name : names) index += "100644 " + blob + "\t" + name + std::string(1, '\0');
  git({"update-index", "-z", "--index-info"}, index);
  tick();
  git({"commit", "-q", "-m", "names"});
  expect_equal_to_git();
  std::set<std::string> paths;
  const auto commits = walk();
  for (const FileChange& change : commits.at(0).changes) {
    EXPECT_TRUE(is_clean_text(change.path));
    EXPECT_LE(change.path.size(), kMaxPath);
    paths.insert(change.path);
  }
  EXPECT_EQ(paths.size(), names.size());
  EXPECT_EQ(Repository(folder_.string()).head_files().size(), names.size());
}

TEST_F(GitRepository, MergesBranchesAndTags) {
  put("a", lines(0, 10));
  const std::string root = commit("root");
  for (const std::string branch : {"one", "two", "three"}) {
    git({"checkout", "-q", "-b", branch, root});
    put(branch, branch + "\n");
    commit(branch);
  }
  git({"checkout", "-q", "main"});
  put("a", lines(0, 11));
  commit("on main");
  tick();
  git({"merge", "-q", "--no-ff", "-m", "Merge pull request #5 from x/one", "one"});
  tick();
  git({"merge", "-q", "-m", "octopus", "two", "three"});
  git({"checkout", "-q", "--orphan", "island"});
  put("b", "island\n");
  const std::string island = commit("second root");
  git({"checkout", "-q", "main"});
  git({"tag", "light"});
  git({"tag", "-a", "-m", "x", "annotated", root});
  git({"tag", "-a", "-m", "x", "of-a-tag", "annotated"});
  git({"tag", "of-a-file", git({"rev-parse", "HEAD:a"})});
  git({"tag", "of-a-tree", git({"rev-parse", "HEAD^{tree}"})});
  expect_equal_to_git({"--branches", "--tags"});

  std::vector<Problem> problems;
  const auto commits = walk({}, &problems);
  EXPECT_TRUE(problems.empty());
  std::set<std::string> seen;
  for (const Commit& commit : commits) {
    for (const std::string& parent : commit.parents) EXPECT_TRUE(seen.contains(parent)) << "a parent comes first";
    EXPECT_TRUE(seen.insert(commit.sha).second) << "once";
    EXPECT_EQ(commit.on_default, commit.sha != island);
    EXPECT_TRUE(commit.in_history);
  }
  EXPECT_EQ(commits.back().sha, island);
  EXPECT_EQ(commits[commits.size() - 2].parents.size(), 3u);
  EXPECT_EQ(commits[commits.size() - 3].pull_numbers, std::vector<std::int64_t>{5});

  Repository repository(folder_.string());
  std::map<std::string, std::string> references;
  for (const Reference& reference : repository.references()) references[reference.name] = reference.sha;
  EXPECT_EQ(references.at("refs/tags/of-a-tag"), root);
  EXPECT_EQ(references.at("HEAD"), repository.default_branch_sha());
  EXPECT_FALSE(references.contains("refs/tags/of-a-file"));
  EXPECT_FALSE(references.contains("refs/tags/of-a-tree"));

  // A walk after a walk gives what is new, and tells where the rest stands.
  std::unordered_set<std::string> known;
  for (const Commit& commit : commits)
    if (commit.sha != island) known.insert(commit.sha);
  std::vector<std::string> fresh;
  std::size_t told = 0;
  WalkOptions options;
  options.known_commit = [&](const std::string&, bool, bool) { ++told; };
  repository.walk(
      known, [&](Commit&& commit) { fresh.push_back(commit.sha); }, options);
  EXPECT_EQ(fresh, std::vector<std::string>{island});
  EXPECT_EQ(told, known.size());
}

TEST_F(GitRepository, PullRequests) {
  put("a", lines(0, 10));
  commit("root");
  git({"checkout", "-q", "-b", "topic"});
  put("b", "b\n");
  const std::string first = commit("first");
  std::filesystem::rename(folder_ / "a", folder_ / "c");
  const std::string merged = commit("second");
  git({"checkout", "-q", "main"});
  put("d", "d\n");
  const std::string mainline = commit("on main");
  tick();
  git({"merge", "-q", "--no-ff", "-m", "Merge #1", "topic"});
  git({"checkout", "-q", "-b", "open"});
  put("e", "e\n");
  const std::string open = commit("open pull request");
  git({"checkout", "-q", "main"});
  git({"branch", "-q", "-D", "topic", "open"});
  git({"update-ref", "refs/pull/1/head", merged});
  git({"update-ref", "refs/remotes/origin/pr/22", open});
  git({"update-ref", "refs/pull/3/merge", open});
  git({"update-ref", "refs/pull/4/head", mainline});

  Repository repository(folder_.string());
  std::map<std::int64_t, std::string> heads;
  for (const PullHead& head : repository.pull_heads()) heads[head.number] = head.sha;
  EXPECT_EQ(heads, (std::map<std::int64_t, std::string>{{1, merged}, {4, mainline}, {22, open}}));
  EXPECT_EQ(show(repository.pull_files(merged)), (std::vector<std::string>{"D 0 10 a", "A 1 0 b", "A 10 0 c"}));
  EXPECT_EQ(repository.pull_commits(merged), (std::vector<std::string>{first, merged}));
  EXPECT_EQ(show(repository.pull_files(open)), std::vector<std::string>{"A 1 0 e"});
  EXPECT_EQ(repository.pull_commits(open), std::vector<std::string>{open});
  EXPECT_TRUE(repository.pull_files(mainline).empty());
  EXPECT_TRUE(repository.problems().empty());
  EXPECT_TRUE(repository.pull_files(std::string(40, '1')).empty());
  EXPECT_TRUE(repository.pull_commits("no sha").empty());
  EXPECT_EQ(repository.problems().size(), 2u);
  for (const Commit& commit : walk())
    if (commit.sha == open) {
      EXPECT_FALSE(commit.in_history);
      EXPECT_FALSE(commit.on_default);
    } else {
      EXPECT_TRUE(commit.in_history && commit.on_default);
    }
}

TEST_F(GitRepository, ShallowBareAndWorktree) {
  put("a", "a\n");
  commit("first");
  put(".mailmap", "Ada Lovelace <ada@example.org>\nBob <bob@example.org> Robert <old@example.org>\n");
  commit("second");
  put("a", "b\n");
  const std::string third = commit("third");
  run({"git", "clone", "-q", "--depth", "2", "file://" + folder_.string(), (base_ / "shallow").string()});
  std::vector<Problem> problems;
  const auto commits = walk({}, &problems, base_ / "shallow");
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_TRUE(commits[0].changes.empty());
  EXPECT_EQ(commits[0].parents.size(), 1u);
  EXPECT_EQ(show(commits[1].changes), std::vector<std::string>{"M 1 1 a"});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_TRUE(mentions(problems, commits[0].sha, "shallow"));

  run({"git", "clone", "-q", "--bare", folder_.string(), (base_ / "bare").string()});
  run({"git", "worktree", "add", "-q", (base_ / "worktree").string(), "HEAD~1"});
  run({"git", "clone", "-q", "--shared", folder_.string(), (base_ / "alternate").string()});
  for (const char* name : {"repo", "bare", "worktree", "alternate"}) {
    Repository repository((base_ / name).string());
    const auto entries = repository.mailmap();
    ASSERT_EQ(entries.size(), 2u) << name;
    EXPECT_EQ(entries[1].name, "Robert");
    EXPECT_EQ(walk({}, nullptr, base_ / name).size(), 3u) << name;
  }
  // A bare clone keeps its newest files in no work tree.
  std::vector<std::string> paths;
  for (const auto& file : Repository((base_ / "bare").string()).head_files()) paths.push_back(file.path);
  EXPECT_EQ(paths, (std::vector<std::string>{".mailmap", "a"}));
  EXPECT_EQ(Repository((base_ / "alternate").string()).default_branch_sha(), third);
}

TEST_F(GitRepository, SubmodulesAreOneLine) {
  put("a", "a\n");
  commit("first");
  const auto link = [&](char digit) {
    git({"update-index", "--add", "--cacheinfo", "160000," + std::string(40, digit) + ",sub"});
    tick();
    git({"commit", "-q", "-m", "submodule"});
  };
  link('1');
  link('2');
  std::vector<Problem> problems;
  const auto commits = walk({}, &problems);
  EXPECT_EQ(show(commits.at(1).changes), std::vector<std::string>{"A 1 0 sub"});
  EXPECT_EQ(show(commits.at(2).changes), std::vector<std::string>{"M 1 1 sub"});
  EXPECT_TRUE(problems.empty());
}

TEST_F(GitRepository, OptionsNameBranches) {
  put("a", "a\n");
  const std::string first = commit("first");
  put("a", "b\n");
  commit("second");
  git({"branch", "stable", first});
  RepositoryOptions options;
  options.default_branch = "stable";
  EXPECT_EQ(Repository(folder_.string(), options).default_branch_sha(), first);
  options.default_branch = first;
  EXPECT_EQ(Repository(folder_.string(), options).default_branch_sha(), first);
  options.default_branch = "stabel";
  EXPECT_THROW(Repository(folder_.string(), options).default_branch_sha(), Error);
  WalkOptions only;
  only.only = {"stable"};
  EXPECT_EQ(walk(only).size(), 1u);
  only.only = {"nowhere"};
  EXPECT_THROW(walk(only), Error);
}

TEST_F(GitRepository, TheSinkMayStopTheWalk) {
  put("a", "a\n");
  commit("first");
  commit("second");
  Repository repository(folder_.string());
  std::size_t total = 0, given = 0;
  WalkOptions options;
  options.started = [&](std::size_t count) { total = count; };
  EXPECT_THROW(repository.walk(
                   {},
                   [&](Commit&&) {
                     ++given;
                     throw Error(ErrorKind::interrupted, "stop");
                   },
                   options),
               Error);
  EXPECT_EQ(total, 2u);
  EXPECT_EQ(given, 1u);
  repository.walk({}, [&](Commit&&) { ++given; });
  EXPECT_EQ(given, 3u);
}

}  // namespace
}  // namespace resident::git
