#include <gtest/gtest.h>

#include <sources/git/ignored_revisions.hpp>
#include <sources/source.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident {
namespace {

TEST(IgnoredRevisionsFile, IsReadAsGitDoes) {
  const std::string first(40, 'a'), second(64, '1');
  const auto ids =
      revisions_of("# Reformatting\n" + first + "\n\n  " + second + "  # with a word\nabc1234\n--author=me\n" + first);
  EXPECT_EQ(ids, (std::unordered_set<std::string>{first, second}));
  EXPECT_TRUE(revisions_of("").empty());
}

class IgnoredRevisionsOfClone : public git::GitFixture {
 protected:
  void sync() {
    const std::int64_t project = ensure_project(*database_, "p");
    sync_source(*database_, project, ensure_source(*database_, project, "git", folder_.string()), BotRules(),
                1900000000, SyncOptions{});
  }
  // "sha lines" of a file.
  std::vector<std::string> owners(const std::string& path) {
    std::vector<std::string> list;
    for (const auto rows = database_->query(
             "SELECT c.sha, o.lines FROM line_owner o JOIN path p ON p.project_id = o.project_id AND p.path_id = "
             "o.path_id JOIN git_commit c ON c.project_id = o.project_id AND c.commit_id = o.commit_id WHERE p.path = "
             ":path ORDER BY o.lines",
             {{"path", path}});
         rows->next();)
      list.push_back(rows->string(0) + " " + rows->string(1));
    return list;
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

// A list that comes, grows or goes later has whose lines stand read anew.
TEST_F(IgnoredRevisionsOfClone, LinesStayWhoseTheyWere) {
  put("a.c", git::lines(0, 10, "int  x"));
  const std::string first = commit("first");
  put("a.c", git::lines(0, 10, "int x"));
  const std::string reformatted = commit("reformat");
  sync();
  EXPECT_EQ(owners("a.c"), std::vector<std::string>{reformatted + " 10"});
  put(".git-blame-ignore-revs", "# clang-format\n" + reformatted + "\n");
  commit("ignore it");
  sync();
  EXPECT_EQ(owners("a.c"), std::vector<std::string>{first + " 10"});
  EXPECT_EQ(database_->integer("SELECT count(*) FROM line_death"), 0);
  std::filesystem::remove(folder_ / ".git-blame-ignore-revs");
  commit("ignore nothing");
  sync();
  EXPECT_EQ(owners("a.c"), std::vector<std::string>{reformatted + " 10"});
}

}  // namespace
}  // namespace resident
