#include <base/error.hpp>
#include <git/clone.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

class Clone : public GitFixture {
 protected:
  void SetUp() override {
    GitFixture::SetUp();
    setenv("HOME", base_.c_str(), 1);
    unsetenv("XDG_CONFIG_HOME");
  }
  std::string real(const std::filesystem::path& path) { return std::filesystem::canonical(path).string(); }
};

TEST_F(Clone, IsFoundFromAnyFolderInIt) {
  std::filesystem::create_directories(folder_ / "src" / "deep");
  const CloneFacts facts = find_clone((folder_ / "src" / "deep").string());
  EXPECT_EQ(facts.top, real(folder_));
  EXPECT_FALSE(facts.is_bare);
  EXPECT_FALSE(facts.is_worktree);
  EXPECT_FALSE(facts.is_shallow);
  EXPECT_TRUE(facts.remotes.empty());
}

TEST_F(Clone, ThatThereIsNoneIsSaid) {
  const auto elsewhere = base_ / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  try {
    find_clone(elsewhere.string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("is in no clone"), std::string::npos);
  }
  EXPECT_THROW(find_clone((base_ / "nowhere").string()), Error);
}

TEST_F(Clone, OfEveryKindIsKnown) {
  write_file(folder_ / "a.txt", "a\n");
  git({"add", "."});
  git({"commit", "-q", "-m", "one"});
  write_file(folder_ / "a.txt", "b\n");
  git({"add", "."});
  git({"commit", "-q", "-m", "two"});
  run({"git", "clone", "-q", "--bare", folder_.string(), (base_ / "bare.git").string()});
  EXPECT_TRUE(find_clone((base_ / "bare.git").string()).is_bare);
  EXPECT_EQ(find_clone((base_ / "bare.git" / "refs").string()).top, real(base_ / "bare.git"));
  run({"git", "clone", "-q", "--depth", "1", "file://" + folder_.string(), (base_ / "shallow").string()});
  EXPECT_TRUE(find_clone((base_ / "shallow").string()).is_shallow);
  git({"config", "uploadpack.allowFilter", "true"});
  run({"git", "clone", "-q", "--filter=blob:none", "--no-checkout", "file://" + folder_.string(),
       (base_ / "partial").string()});
  EXPECT_TRUE(find_clone((base_ / "partial").string()).is_partial);
  git({"worktree", "add", "-q", (base_ / "tree").string()});
  const CloneFacts tree = find_clone((base_ / "tree").string());
  EXPECT_TRUE(tree.is_worktree);
  EXPECT_EQ(tree.top, real(base_ / "tree"));
}

TEST_F(Clone, RemotesAreReadWithoutTheirSecrets) {
  git({"remote", "add", "origin", "https://ada:ghp_0123456789abcdefghij@github.com/ada/app.git"});
  git({"remote", "add", "upstream", "git@github.com:team/app.git"});
  git({"remote", "set-url", "--add", "upstream", "git@example.org:team/second.git"});
  const auto remotes = find_clone(folder_.string()).remotes;
  ASSERT_EQ(remotes.size(), 2u);
  EXPECT_EQ(remotes[0].name, "origin");
  EXPECT_EQ(remotes[0].url, "https://github.com/ada/app.git");
  EXPECT_EQ(remotes[1].url, "git@github.com:team/app.git");
}

TEST_F(Clone, AbbreviationsAreThoseOfGit) {
  std::ofstream(base_ / ".gitconfig") << "[url \"https://github.com/\"]\n\tinsteadOf = gh:\n"
                                         "[url \"https://example.org/team/\"]\n\tinsteadOf = gh:team/\n";
  unsetenv("GIT_CONFIG_GLOBAL");
  for (const char* address : {"gh:ada/app", "gh:team/app"}) {
    git({"remote", "add", "origin", address});
    std::string expected = git({"remote", "get-url", "origin"});
    while (expected.ends_with('\n')) expected.pop_back();
    EXPECT_EQ(find_clone(folder_.string()).remotes.at(0).url, expected);
    git({"remote", "remove", "origin"});
  }
}

TEST(WithoutSecrets, KeepsTheLoginOfSsh) {
  EXPECT_EQ(without_secrets("https://token@host/a/b"), "https://host/a/b");
  EXPECT_EQ(without_secrets("https://a:b@c@host/a/b"), "https://host/a/b");
  EXPECT_EQ(without_secrets("ssh://git@host:22/a/b"), "ssh://git@host:22/a/b");
  EXPECT_EQ(without_secrets("ssh://git:word@host/a/b"), "ssh://git@host/a/b");
  EXPECT_EQ(without_secrets("https://host/a@b"), "https://host/a@b");
  EXPECT_EQ(without_secrets("https://host?x@y"), "https://host?x@y");
  EXPECT_EQ(without_secrets("git@host:a/b"), "git@host:a/b");
  EXPECT_EQ(without_secrets("/srv/a.git"), "/srv/a.git");
}

}  // namespace
}  // namespace resident::git
