// Damaged repositories: whatever is missing or broken is left out, named, and
// never stops the walk.
#include <sys/stat.h>

#include "git_fixture.hpp"

namespace resident::git {
namespace {

class GitDamage : public GitFixture {};

TEST_F(GitDamage, BrokenCommitsAreReadAllTheSame) {
  put("a", "a\n");
  const std::string root = commit("root"), tree = git({"rev-parse", "HEAD^{tree}"});
  const auto with = [&](const std::string& author, const std::string& rest) {
    return literal_commit("tree " + tree + "\nparent " + root + "\nauthor " + author + "\ncommitter " + author + "\n" +
                          rest);
  };
  const auto read = [&](const std::string& sha, std::vector<Problem>& problems) {
    WalkOptions options;
    options.only = {sha};
    return walk(options, &problems).back();
  };
  std::vector<Problem> problems;
  Commit commit = read(with("Ada <a@b> 99999999999999 +9999", "\nfar\n"), problems);
  EXPECT_EQ(commit.author.time, 253402300799);
  EXPECT_EQ(commit.author.zone_minutes, 0);
  EXPECT_TRUE(mentions(problems, commit.sha, "9999"));
  commit = read(with("Ada <a@b> -77 -0100", "\npast\n"), problems);
  EXPECT_EQ(commit.author.time, 0);
  EXPECT_TRUE(mentions(problems, commit.sha, "before 1970"));
  commit = read(with("Ada a@b 5 +0100", "\nno mail\n"), problems);
  EXPECT_EQ(commit.author.name, "Ada a@b");
  EXPECT_EQ(commit.subject, "no mail");
  EXPECT_TRUE(mentions(problems, commit.sha, "broken author"));
  commit = read(with("Ada <a@b 5 +0100", "\nno end\n"), problems);
  EXPECT_EQ(commit.author.email, "a@b");
  EXPECT_EQ(commit.author.time, 5);
  commit = read(with(std::string(10'000, 'n') + " <a@b> 5 +0000", "\nlong\n"), problems);
  EXPECT_LE(commit.author.name.size(), kMaxName + 4);
  commit = read(with("Ren\xE9 <a@b> 5 +0000", "encoding ISO-8859-1\n\nD\xE9j\xE0\n"), problems);
  EXPECT_EQ(commit.subject, "Déjà");
  EXPECT_EQ(commit.author.name, "René");
  commit = read(with("A <a@b> 5 +0000", "\nD\xE9j\xE0\n"), problems);
  EXPECT_EQ(commit.subject, "D\uFFFDj\uFFFD");
  commit = read(literal_commit("tree " + tree + "\n"), problems);
  EXPECT_EQ(show(commit.changes), std::vector<std::string>{"A 1 0 a"});
  EXPECT_TRUE(mentions(problems, commit.sha, "no author"));
  commit = read(literal_commit("nonsense"), problems);
  EXPECT_TRUE(commit.changes.empty());
  EXPECT_TRUE(mentions(problems, commit.sha, "no tree"));
  commit = read(
      literal_commit("tree " + std::string(40, '1') + "\nauthor A <a@b> 5 +0000\ncommitter A <a@b> 5 +0000\n\nx\n"),
      problems);
  EXPECT_TRUE(mentions(problems, commit.sha, "missing"));
}

TEST_F(GitDamage, MissingObjects) {
  put("a", "a\n");
  put("kept", "k\n");
  commit("first");
  put("a", "b\n");
  commit("second");
  put("folder/x", "c\n");
  const std::string third = commit("third");
  put("folder/y", "d\n");
  commit("fourth");
  const auto remove = [&](const std::string& sha) {
    std::filesystem::remove(folder_ / ".git/objects" / sha.substr(0, 2) / sha.substr(2));
  };
  const std::string blob = git({"rev-parse", "HEAD~3:a"}), tree = git({"rev-parse", third + ":folder"});
  remove(blob);
  std::vector<Problem> problems;
  auto commits = walk({}, &problems);
  EXPECT_EQ(show(commits.at(0).changes), (std::vector<std::string>{"A - - a", "A 1 0 kept"}));
  EXPECT_EQ(show(commits.at(1).changes), std::vector<std::string>{"M - - a"});
  EXPECT_TRUE(mentions(problems, blob, "missing"));
  remove(tree);
  commits = walk({}, &problems);
  EXPECT_TRUE(commits.at(2).changes.empty());
  EXPECT_TRUE(commits.at(3).changes.empty()) << "half a comparison is none";
  EXPECT_TRUE(mentions(problems, third, tree));
  remove(third);
  commits = walk({}, &problems);
  ASSERT_EQ(commits.size(), 1u);
  EXPECT_EQ(commits[0].subject, "fourth");
  EXPECT_TRUE(commits[0].changes.empty());
  EXPECT_EQ(commits[0].parents, std::vector<std::string>{third});
  EXPECT_TRUE(mentions(problems, commits[0].sha, "cannot be read"));
  write_file(folder_ / ".git/refs/heads/dangling", std::string(40, '1') + "\n");
  write_file(folder_ / ".git/refs/heads/rubbish", "rubbish\n");
  walk({}, &problems);
  EXPECT_TRUE(mentions(problems, "refs/heads/dangling", "cannot be read"));
  EXPECT_TRUE(mentions(problems, "refs/heads/rubbish", "absent"));
}

TEST_F(GitDamage, DamagedObjects) {
  put("a", lines(0, 10));
  commit("first");
  put("a", lines(0, 11));
  const std::string second = commit("second"), blob = git({"rev-parse", "HEAD:a"});
  const auto damage = [&](const std::string& sha) {
    const auto path = folder_ / ".git/objects" / sha.substr(0, 2) / sha.substr(2);
    chmod(path.c_str(), 0644);
    write_file(path, read_file(path).substr(0, 15));
  };
  damage(blob);
  std::vector<Problem> problems;
  EXPECT_EQ(show(walk({}, &problems).at(1).changes), std::vector<std::string>{"M - - a"});
  EXPECT_TRUE(mentions(problems, blob, "damaged"));
  const std::string odd_tree = git({"hash-object", "-w", "-t", "tree", "--literally", "--stdin"}, "100644 x");
  literal_commit("tree " + odd_tree + "\nauthor A <a@b> 5 +0000\ncommitter A <a@b> 5 +0000\n\nx\n");
  walk({}, &problems);
  EXPECT_TRUE(mentions(problems, "", "no entry"));
  damage(second);
  walk({}, &problems);
  EXPECT_TRUE(mentions(problems, "refs/heads/main", "absent"));
}

}  // namespace
}  // namespace resident::git
