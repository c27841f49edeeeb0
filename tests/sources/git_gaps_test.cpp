// What a clone lacks is told, and what is merely more than is kept is no lack.
#include <config/config.hpp>
#include <sources/git/gaps.hpp>
#include <sources/source.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

using GitGapsOf = GitFixture;

TEST_F(GitGapsOf, ALongPullRequestCouldBeReadInFull) {
  put("a.c", "first\n");
  commit("first");
  std::string stream;
  for (int i = 1; i <= 252; ++i)
    stream += "commit refs/pull/1/head\ncommitter Ada <ada@example.org> " + std::to_string(1700000000 + i) +
              " +0000\ndata 1\n.\n" + (i == 1 ? "from refs/heads/main^0\n" : "");
  run({"git", "fast-import", "--quiet"}, stream);
  const auto database = Database::open(":memory:");
  const std::int64_t project = ensure_project(*database, "p");
  const SyncSummary summary = sync_source(
      *database, project, ensure_source(*database, project, "git", folder_.string()), BotRules(), 1900000000, {});
  EXPECT_EQ(summary.quarantined, 1);
  EXPECT_EQ(summary.coverage, "") << "nothing could not be read";
  EXPECT_EQ(database->text("SELECT kind FROM quarantine", {}), std::string(GitGaps::kLimit));
}

}  // namespace
}  // namespace resident::git
