#include <git/merge_check.hpp>
#include <tests/git/git_fixture.hpp>

namespace resident::git {
namespace {

class MergeCheckTest : public GitFixture {
 protected:
  std::string head() {
    std::string sha = git({"rev-parse", "HEAD"});
    while (!sha.empty() && sha.back() == '\n') sha.pop_back();
    return sha;
  }
  std::string write_and_commit(const std::string& file, const std::string& text) {
    std::ofstream(folder_ / file) << text;
    git({"add", "-A"});
    git({"commit", "-q", "-m", "change " + file});
    return head();
  }
};

TEST_F(MergeCheckTest, CleanConflictAndUnknown) {
  const std::string root = write_and_commit("a.txt", lines(0, 30));
  git({"checkout", "-q", "-b", "side"});
  const std::string clean = write_and_commit("b.txt", "other\n");
  const std::string clash = write_and_commit("a.txt", lines(0, 10) + "mine\n" + lines(11, 30));
  git({"checkout", "-q", "main"});
  const std::string base = write_and_commit("a.txt", lines(0, 10) + "yours\n" + lines(11, 30));
  const MergeCheck check(folder_.string());
  EXPECT_EQ(check.check(base, clean).state, MergeAnswer::State::clean);
  const MergeAnswer conflict = check.check(base, clash);
  EXPECT_EQ(conflict.state, MergeAnswer::State::conflict);
  EXPECT_EQ(conflict.files, std::vector<std::string>{"a.txt"});
  const MergeAnswer missing = check.check(base, std::string(40, 'e'));
  EXPECT_EQ(missing.state, MergeAnswer::State::unknown);
  EXPECT_FALSE(missing.why.empty());
  EXPECT_EQ(check.check(base, "--help").state, MergeAnswer::State::unknown);
  EXPECT_EQ(check.check("", clean).state, MergeAnswer::State::unknown);
}

// Neither the clone nor its drivers are touched: a merge driver that would leave a trace leaves none.
TEST_F(MergeCheckTest, RunsNothingOfTheClone) {
  write_and_commit(".gitattributes", "*.txt merge=trap\n");
  write_and_commit("a.txt", lines(0, 30));
  const std::string trace = (base_ / "trace").string();
  git({"config", "merge.trap.driver", "touch " + trace});
  git({"checkout", "-q", "-b", "side"});
  const std::string clash = write_and_commit("a.txt", "mine\n");
  git({"checkout", "-q", "main"});
  const std::string base = write_and_commit("a.txt", "yours\n");
  const std::string before = git({"count-objects", "-v"});
  EXPECT_EQ(MergeCheck(folder_.string()).check(base, clash).state, MergeAnswer::State::conflict);
  EXPECT_FALSE(std::filesystem::exists(trace));
  EXPECT_EQ(git({"count-objects", "-v"}), before);
}

}  // namespace
}  // namespace resident::git
