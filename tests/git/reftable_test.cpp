// References in reftables: tables that git 2.47.3 wrote, tables written here by the format's description, and what must
// be refused.
#include <zlib.h>

#include <base/error.hpp>
#include <git/reftable.hpp>

#include "git_fixture.hpp"

namespace resident::git {

namespace {

// `git init --ref-format=reftable`, a commit, v1, `git tag -a v2`, refs/pull/7/head, a branch "gone", `git pack-refs`.
constexpr const char* kFirstTable =
    "524546540100100000000000000000010000000000000006720000e8002348454144000f726566732f68656164732f6d6169"
    "6e0079726566732f68656164732f676f6e6505203abf9ad6511067ec3d94edb4a15deb3f125b020b216d61696e01203abf9a"
    "d6511067ec3d94edb4a15deb3f125b02055970756c6c2f372f6865616404203abf9ad6511067ec3d94edb4a15deb3f125b02"
    "0539746167732f763102203abf9ad6511067ec3d94edb4a15deb3f125b020b0a3203c720e26f25781d59f20f12254d47dc6e"
    "de0df7bc203abf9ad6511067ec3d94edb4a15deb3f125b0200001c0000330002524546540100100000000000000000010000"
    "00000000000600000000000000000000000000000000000000000000000000000000000000000000000000000000434a0e2e";
// Then `git branch -D gone`.
constexpr const char* kSecondTable =
    "524546540100100000000000000000070000000000000007720000330078726566732f68656164732f676f6e650000001c00"
    "0152454654010010000000000000000007000000000000000700000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000003e6f7067";
constexpr const char* kCommit = "203abf9ad6511067ec3d94edb4a15deb3f125b02";
constexpr const char* kTag = "c720e26f25781d59f20f12254d47dc6ede0df7bc";

std::string bytes_of(std::string_view hexadecimal) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::string number(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string varint(std::uint64_t value) {
  std::string bytes(1, static_cast<char>(value & 0x7F));
  while (value >>= 7) bytes.insert(bytes.begin(), static_cast<char>(0x80 | (--value & 0x7F)));
  return bytes;
}

// One record: how much of the name before it stays, what follows, its kind and value.
std::string record(std::uint64_t prefix, const std::string& suffix, int kind, const std::string& value) {
  return varint(prefix) + varint(suffix.size() << 3 | static_cast<unsigned>(kind)) + suffix + varint(0) + value;
}

std::string symbolic(const std::string& target) {
  return varint(target.size()) + target;
}

// Blocks of records as a table; filled: each up to block_size.
std::string table(const std::vector<std::string>& blocks, std::size_t block_size = 0, bool filled = false,
                  bool is_sha256 = false) {
  std::string header = "REFT" + number(is_sha256 ? 2 : 1, 1) + number(block_size, 3) + number(1, 8) + number(1, 8);
  if (is_sha256) header += "s256";
  std::string bytes = header;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::size_t start = i ? bytes.size() : 0, records = (i ? start : header.size()) + 4;
    const std::size_t length = records - start + blocks[i].size() + 5;
    bytes += "r" + number(length, 3) + blocks[i] + number(records - start, 3) + number(1, 2);
    if (filled && i + 1 < blocks.size()) bytes.resize(start + block_size, '\0');
  }
  std::string footer = header + std::string(40, '\0');
  footer += number(crc32(0, reinterpret_cast<const Bytef*>(footer.data()), static_cast<uInt>(footer.size())), 4);
  return bytes + footer;
}

std::map<std::string, std::string> read(const std::string& bytes, std::string* fault = nullptr,
                                        std::size_t id_bytes = 20) {
  std::map<std::string, std::string> found;
  const std::string why =
      read_reftable(bytes, id_bytes, [&](const std::string& name, const std::string& value) { found[name] = value; });
  if (fault)
    *fault = why;
  else
    EXPECT_EQ(why, "");
  return found;
}

using Found = std::map<std::string, std::string>;

TEST(Reftable, AsGitWritesIt) {
  EXPECT_EQ(read(bytes_of(kFirstTable)), (Found{{"HEAD", "ref: refs/heads/main"},
                                                {"refs/heads/gone", kCommit},
                                                {"refs/heads/main", kCommit},
                                                {"refs/pull/7/head", kCommit},
                                                {"refs/tags/v1", kCommit},
                                                {"refs/tags/v2", kTag}}));
  EXPECT_EQ(read(bytes_of(kSecondTable)), (Found{{"refs/heads/gone", ""}}));
}

TEST(Reftable, BlocksFollowAtOnceOrAreFilled) {
  const std::string id(20, '\x11'), hex(40, '1');
  const std::vector<std::string> blocks{
      record(0, "HEAD", 3, symbolic("refs/heads/a")) + record(0, "refs/heads/a", 1, id),
      record(0, "refs/heads/b", 1, id) + record(11, "long-" + std::string(200, 'x'), 1, id),
      record(0, "refs/tags/t", 2, id + id)};
  const Found all{{"HEAD", "ref: refs/heads/a"},
                  {"refs/heads/a", hex},
                  {"refs/heads/b", hex},
                  {"refs/heads/long-" + std::string(200, 'x'), hex},
                  {"refs/tags/t", hex}};
  EXPECT_EQ(read(table(blocks)), all);
  EXPECT_EQ(read(table(blocks, 512, true)), all);
  EXPECT_EQ(read(table(blocks, 512, false)), all);
  EXPECT_EQ(read(table({})), Found{});
  EXPECT_EQ(read(table({record(0, "refs/heads/a", 1, std::string(32, '\x22'))}, 0, false, true), nullptr, 32),
            (Found{{"refs/heads/a", std::string(64, '2')}}));
}

TEST(Reftable, WhatTheFormatForbidsIsAFaultAndNothingElse) {
  const std::string id(20, '\x11');
  const auto fault_of = [&](const std::string& bytes) {
    std::string fault;
    read(bytes, &fault);
    return fault;
  };
  EXPECT_NE(fault_of(table({record(3, "refs/heads/a", 1, id)})).find("name"), std::string::npos);
  EXPECT_NE(fault_of(table({record(0, "refs/heads/a", 5, id)})).find("kind"), std::string::npos);
  EXPECT_NE(fault_of(table({record(0, "refs/heads/a", 1, "short")})), "");
  EXPECT_NE(fault_of(table({record(0, "refs/heads/a", 3, varint(5000) + "refs")})), "");
  EXPECT_NE(fault_of(table({record(0, "refs/heads/a", 1, id)}, 0, false, true)), "");  // ids of another kind
  std::string bytes = table({record(0, "refs/heads/a", 1, id)});
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    // Whatever byte is changed, there is an answer; what the checksum covers is refused.
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    const std::string fault = fault_of(changed);
    if (at < 24 || at >= bytes.size() - 68) {
      EXPECT_NE(fault, "") << at;
    }
    EXPECT_NE(fault_of(bytes.substr(0, at)), "") << at;
  }
}

// Hands out the repository's references as tables instead of files.
class ReftableRepository : public GitFixture {
 protected:
  void become(const std::vector<std::pair<std::string, std::string>>& tables) {
    namespace fs = std::filesystem;
    const fs::path dot_git = folder_ / ".git";
    fs::remove_all(dot_git / "refs");
    fs::remove(dot_git / "packed-refs");
    fs::create_directories(dot_git / "refs");
    write_file(dot_git / "refs/heads", "this repository uses the reftable format\n");
    write_file(dot_git / "HEAD", "ref: refs/heads/.invalid\n");
    fs::create_directories(dot_git / "reftable");
    std::string list;
    for (const auto& [name, bytes] : tables) {
      write_file(dot_git / "reftable" / name, bytes);
      list += name + "\n";
    }
    write_file(dot_git / "reftable/tables.list", list);
    write_file(dot_git / "config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
  }
};

TEST_F(ReftableRepository, IsReadAsOneWithFiles) {
  setenv("GIT_AUTHOR_NAME", "Ada", 1);
  setenv("GIT_COMMITTER_NAME", "Ada", 1);
  setenv("GIT_COMMITTER_EMAIL", "ada@example.org", 1);
  setenv("GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z", 1);
  setenv("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z", 1);
  put("a", "1\n");
  git({"add", "a"});
  git({"commit", "-qm", "one"});
  git({"tag", "-a", "-m", "two", "v2"});
  ASSERT_EQ(git({"rev-parse", "HEAD"}), kCommit);
  ASSERT_EQ(git({"rev-parse", "v2"}), kTag);
  become({{"1.ref", bytes_of(kFirstTable)}, {"2.ref", bytes_of(kSecondTable)}});
  Repository repository(folder_.string());
  std::vector<std::string> names;
  for (const auto& reference : repository.references()) {
    names.push_back(reference.name);
    EXPECT_EQ(reference.sha, kCommit) << reference.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"HEAD", "refs/heads/main", "refs/tags/v1", "refs/tags/v2"}));
  EXPECT_EQ(repository.default_branch_sha(), kCommit);
  ASSERT_EQ(repository.pull_heads().size(), 1u);
  EXPECT_EQ(repository.pull_heads()[0].number, 7);
  EXPECT_TRUE(repository.problems().empty());
}

TEST_F(ReftableRepository, ADamagedTableIsToldAndTheOthersAreRead) {
  put("a", "1\n");
  const std::string sha = commit("one");
  std::string damaged = table({record(0, "refs/heads/other", 1, bytes_of(sha))});
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  become({{"1.ref",
           table({record(0, "HEAD", 3, symbolic("refs/heads/main")) + record(0, "refs/heads/main", 1, bytes_of(sha))})},
          {"2.ref", damaged},
          {"../../outside.ref", ""},
          {"3.ref", table({record(0, "refs/heads/new", 1, bytes_of(sha))})}});
  std::filesystem::remove(folder_ / "outside.ref");
  Repository repository(folder_.string());
  std::vector<std::string> names;
  for (const auto& reference : repository.references()) names.push_back(reference.name);
  EXPECT_EQ(names, (std::vector<std::string>{"HEAD", "refs/heads/main", "refs/heads/new"}));
  EXPECT_TRUE(mentions(repository.problems(), "reftable/2.ref", "checksum"));
  EXPECT_TRUE(mentions(repository.problems(), "reftable/../../outside.ref", "no name of a table"));
}

class Format : public GitFixture {
 protected:
  // "" where it is read, else why not.
  std::string opened(const std::string& config) {
    write_file(folder_ / ".git/config", config);
    try {
      Repository repository(folder_.string());
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }
};

// As git 2.47.3 does (2.39 knows neither refStorage nor compatObjectFormat; relativeWorktrees came with 2.48,
// submodulePathConfig later).
TEST_F(Format, WhatGitRefusesIsRefused) {
  const auto with = [&](const char* version, const std::string& extension) {
    return opened("[core]\n\trepositoryformatversion = " + std::string(version) + "\n[extensions]\n\t" + extension +
                  "\n");
  };
  for (const char* known : {"noop = 1", "preciousObjects = true", "partialClone = origin", "worktreeConfig = true"})
    for (const char* version : {"0", "1"}) EXPECT_EQ(with(version, known), "") << version << known;
  for (const char* newer : {"noop-v1 = 1", "objectFormat = sha1", "refStorage = files", "compatObjectFormat = sha256",
                            "relativeWorktrees = true", "submodulePathConfig = true"}) {
    EXPECT_EQ(with("1", newer), "") << newer;
    EXPECT_NE(with("0", newer).find("version 0"), std::string::npos) << newer;
  }
  EXPECT_EQ(with("0", "surprise = 1"), "");
  EXPECT_NE(with("1", "surprise = 1").find("surprise"), std::string::npos);
  EXPECT_NE(with("1", "noop = 1\n[extensions \"sub\"]\n\tnoop = 1").find("sub.noop"), std::string::npos);
  EXPECT_NE(with("2", "noop = 1").find("version 2"), std::string::npos);
  EXPECT_NE(with("1", "refStorage = carvings").find("carvings"), std::string::npos);
  EXPECT_EQ(opened("[extensions]\n\tsurprise = 1\n\tobjectFormat = sha256\n"), "");  // no version: none is looked at
  EXPECT_EQ(with("1", "refStorage = \"files\" # in quotes, with a comment"), "");
}

class DefaultBranch : public GitFixture {
 protected:
  std::string found(bool* is_told = nullptr) {
    Repository repository(folder_.string());
    const std::string sha = repository.default_branch_sha();
    if (is_told) *is_told = mentions(repository.problems(), "HEAD", "default branch");
    return sha;
  }
};

TEST_F(DefaultBranch, WhereHeadNamesNoneIsGuessedAndTold) {
  put("a", "1\n");
  const std::string one = commit("one");
  bool is_told = false;
  EXPECT_EQ(found(&is_told), one);
  EXPECT_FALSE(is_told);
  git({"branch", "-m", "trunk"});
  git({"symbolic-ref", "HEAD", "refs/heads/master"});
  EXPECT_EQ(found(&is_told), one);
  EXPECT_TRUE(is_told);
  // The usual name goes before the newest.
  git({"checkout", "-q", "trunk"});
  git({"checkout", "-q", "-b", "feature"});
  put("a", "2\n");
  const std::string two = commit("two");
  git({"symbolic-ref", "HEAD", "refs/heads/gone"});
  EXPECT_EQ(found(), one);
  git({"branch", "-m", "trunk", "topic"});
  EXPECT_EQ(found(), two);
  // A detached HEAD is no branch: one of a usual name is taken, without a word as nothing is missing.
  git({"checkout", "-q", "--force", "--detach", one});
  git({"branch", "-m", "feature", "main"});
  EXPECT_EQ(found(&is_told), two);
  EXPECT_FALSE(is_told);
  git({"branch", "-m", "main", "odd"});
  EXPECT_EQ(found(&is_told), one);
}

TEST_F(DefaultBranch, OfAnUnbornHeadBesideRemoteBranches) {
  put("a", "1\n");
  const std::string one = commit("one");
  git({"update-ref", "refs/remotes/origin/trunk", one});
  git({"update-ref", "-d", "refs/heads/main"});
  bool is_told = false;
  EXPECT_EQ(found(&is_told), one);
  EXPECT_TRUE(is_told);
  git({"update-ref", "-d", "refs/remotes/origin/trunk"});
  EXPECT_EQ(found(&is_told), "");
  EXPECT_FALSE(is_told);
}

}  // namespace

}  // namespace resident::git
