// What goes into quarantine, what it hides, and what leaves it.
#include <cli/quarantine/tool_list.hpp>
#include <model/tests/ci_jobs.hpp>
#include <model/tests/ci_period.hpp>
#include <model/tests/quarantine.hpp>
#include <model/tests/test_files.hpp>
#include <tests/analyses/ci_runs.hpp>

namespace resident {
namespace {

class Quarantine : public CiRuns {
 protected:
  // t5 flakes on linux, t6 fails for good.
  void flake(int times) {
    for (int i = 0; i < times; ++i) {
      main(9, {});
      main(1, {"t5"});
    }
  }
  static QuarantineEntry entry(Timestamp since, Timestamp review_by) {
    return {"", "t5", {"linux"}, "ada", "", "", start_of_day(since), start_of_day(review_by)};
  }
  static QuarantinedTest reviewed(const Context& context, const QuarantineEntry& entry) {
    return review_quarantine(TestRuns(context), {entry}).at(0);
  }
};

TEST_F(Quarantine, ProposesWhatFlakesWhereItDoes) {
  flake(20);
  for (int i = 0; i < 50; ++i) run("mac", fmt::format("m{}", i), 0, {});
  main(12, {"t6"});
  const Context now = context();
  const auto proposed = propose_quarantine(TestRuns(now), {}, 30);
  ASSERT_EQ(proposed.size(), 1U) << "t6 fails for good";
  EXPECT_EQ(proposed[0].entry.test, "t5");
  EXPECT_EQ(proposed[0].entry.configurations, std::vector<std::string>{"linux"});
  EXPECT_EQ(proposed[0].entry.review_by, proposed[0].entry.since + 30 * kDay);
  EXPECT_EQ(proposed[0].entry.owner, "nobody yet");
  EXPECT_TRUE(propose_quarantine(TestRuns(now), {proposed[0].entry}, 30).empty()) << "it is there";
}

TEST_F(Quarantine, HidesUntilItsDateAndSaysWhat) {
  flake(20);
  run("linux", "change", 7, {"t5"});
  const Context now = context();
  const auto one = reviewed(now, entry(kStart, now.as_of));
  EXPECT_EQ(one.state, QuarantineState::holds);
  EXPECT_TRUE(one.holds());
  EXPECT_EQ(one.hides_on_main, 20);
  EXPECT_EQ(one.hides_of_pulls, 1);
  EXPECT_EQ(one.first_tries, 200);
  EXPECT_EQ(one.failed, 20);
  const auto late = reviewed(now, entry(kStart, now.as_of - 2 * kDay));
  EXPECT_EQ(late.state, QuarantineState::overdue);
  EXPECT_FALSE(late.holds());
}

TEST_F(Quarantine, NeverHidesWhatFailsForGood) {
  flake(20);
  main(30, {"t5"});
  const Context now = context();
  const auto one = reviewed(now, entry(kStart, now.as_of + 30 * kDay));
  EXPECT_EQ(one.state, QuarantineState::for_good);
  EXPECT_FALSE(one.holds());
  EXPECT_TRUE(one.should_leave());
}

TEST_F(Quarantine, LeavesWhenItsRateIsSurelyBelowOnePerCent) {
  flake(5);
  main(298, {});
  const Context now = context();
  const QuarantineEntry since_mended = entry(kStart + 75 * kHour, now.as_of + 30 * kDay);
  EXPECT_EQ(reviewed(now, since_mended).state, QuarantineState::holds);
  const auto before = reviewed(now, since_mended);
  EXPECT_LT(before.first_tries, 299);
  EXPECT_GE(before.upper, kLeavesBelow);
  main(30, {});
  const auto after = reviewed(context(), since_mended);
  EXPECT_GE(after.first_tries, 299) << "1 - 0.05^(1/299) = 0.00997";
  EXPECT_EQ(after.state, QuarantineState::better);
  EXPECT_TRUE(quarantine_after({since_mended}, {after}, {}).empty());
  EXPECT_TRUE(after.holds());
  const Context late = context();
  const auto overdue = reviewed(late, entry(kStart + 75 * kHour, late.as_of - 2 * kDay));
  EXPECT_EQ(overdue.state, QuarantineState::better);
  EXPECT_TRUE(overdue.is_over);
  EXPECT_FALSE(overdue.holds()) << "past its date it gates again, however well it does";
}

TEST_F(Quarantine, ATestThatIsNotKnownIsSaidToBe) {
  flake(3);
  const Context now = context();
  QuarantineEntry other = entry(kStart, now.as_of);
  other.test = "t99";
  EXPECT_EQ(reviewed(now, other).state, QuarantineState::unknown);
  other.test = "t5", other.configurations = {"solaris"};
  EXPECT_EQ(reviewed(now, other).state, QuarantineState::unknown);
  other.review_by = now.as_of - 2 * kDay;
  EXPECT_TRUE(reviewed(now, other).is_over);
}

TEST_F(Quarantine, ListsForRunners) {
  main(1, {});
  const Context now = context();
  EXPECT_EQ(tool_list(now, "ctest", {{"", "io.seek (1)"}, {"", "b"}}).text, "^io\\.seek \\(1\\)$|^b$\n");
  EXPECT_EQ(tool_list(now, "ctest", {}).text, "^$\n");
  EXPECT_EQ(tool_list(now, "go", {{"p", "TestC/sub"}, {"p", "TestA"}}).text, "^TestA$|^TestC$/^sub$\n");
  EXPECT_EQ(tool_list(now, "regrtest", {{"", "test.test_list.ListTest.test_basic"}}).text,
            "test.test_list.ListTest.test_basic\n");
  const auto pytest = tool_list(now, "pytest", {{"tests.test_io.TestRead", "test_seek[y'z]"}, {"", "t1"}});
  EXPECT_EQ(pytest.text, "'--deselect=tests/test_io.py::TestRead::test_seek[y'\\''z]'\n");
  ASSERT_EQ(pytest.left_out.size(), 1U);
  EXPECT_EQ(pytest.left_out[0], "t1: pytest would leave out t10 with it");
}

TEST_F(Quarantine, FilesOfATestAreToldByItsName) {
  EXPECT_EQ(likely_files("tests.test_io.TestRead", "test_seek").at(1), "tests/test_io/TestRead.py");
  EXPECT_EQ(likely_files("tests.test_io.TestRead", "test_seek").at(2), "tests/test_io.py");
  EXPECT_EQ(likely_files("", "tests/test_io.py::test_seek").at(0), "tests/test_io.py");
}

TEST_F(Quarantine, APeriodSaysWhatBecameOfTheTests) {
  main(200, {});
  main(20, {"t3"});
  const Context now = context();
  const CiPeriod period = ci_of_period(now, kStart + 190 * kHour, kStart + 300 * kHour);
  EXPECT_EQ(period.runs, 31);
  EXPECT_EQ(period.green, 11);
  ASSERT_EQ(period.lines.size(), 1U);
  EXPECT_EQ(period.lines[0].what, "red at its end");
  EXPECT_EQ(period.lines[0].test, "t3");
  EXPECT_EQ(period.sentence("week").substr(0, 56), "11 of 31 runs of tests on the main branch were green (35");
  EXPECT_TRUE(ci_of_period(now, kStart - 9 * kDay, kStart - 2 * kDay).is_empty());
}

TEST(CommitJobs, TheCriticalPathIsWhatEndedLast) {
  const auto job = [](const char* name, Timestamp started, Timestamp finished) {
    CiJob one;
    one.key = one.name = name, one.started = started, one.finished = finished;
    return one;
  };
  const CommitJobs commit{"sha",
                          {job("build", 0, 100), job("lint", 0, 90), job("test", 110, 500), job("docs", 95, 300)}};
  const auto path = commit.critical_path();
  ASSERT_EQ(path.size(), 2U);
  EXPECT_EQ(path[0]->name, "build");
  EXPECT_EQ(path[1]->name, "test");
}

}  // namespace
}  // namespace resident
