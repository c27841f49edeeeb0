// Whether the commit that a repair names was among those that were suspected.
#include <model/tests/culprits.hpp>
#include <tests/analyses/ci_runs.hpp>

namespace resident {
namespace {

class Culprits : public CiRuns {
 protected:
  // A commit of the default branch an hour after the one before, and a run of it.
  void commit(const std::string& subject, const std::vector<std::string>& failing, const std::string& reverts = {}) {
    const std::string sha = sha_of(number_);
    run("linux", sha, 0, failing);
    CommitRecord record;
    record.sha = sha, record.subject = subject, record.on_default = true;
    record.authored_at = record.committed_at = kStart + number_ * kHour;
    if (!reverts.empty()) record.marks.push_back({"reverts", reverts, {}});
    commits_.push_back(std::move(record));
  }
  static std::string sha_of(std::int64_t number) { return fmt::format("{:040x}", number + 0xabc0000); }
  std::vector<MendedBreak> breaks() {
    {
      Writer writer(*database_, project_, ensure_source(*database_, project_, "git", "g"));
      for (const auto& each : commits_) writer.commit(each);
      writer.checkpoint("c");
    }
    return mended_breaks(TestRuns(context()));
  }
  std::vector<CommitRecord> commits_;
};

TEST_F(Culprits, ARevertOfASuspectedCommitConfirmsIt) {
  for (int i = 0; i < 8; ++i) commit("Work", {});
  commit("Break it", {"t3", "t4"});
  for (int i = 0; i < 4; ++i) commit("More work", {"t3", "t4"});
  commit("Revert \"Break it\"", {}, sha_of(8));
  const auto found = breaks();
  ASSERT_EQ(found.size(), 1U) << "two tests that broke at one commit are one break";
  EXPECT_EQ(found[0].tests, 2);
  EXPECT_EQ(found[0].suspected, std::vector<std::string>{sha_of(8)});
  EXPECT_EQ(found[0].named, std::vector<std::string>{sha_of(8)});
  EXPECT_TRUE(found[0].is_confirmed());
}

TEST_F(Culprits, OneOutsideOfTheRangeRefutesIt) {
  for (int i = 0; i < 8; ++i) commit("Work", {});
  for (int i = 0; i < 4; ++i) commit("More work", {"t3"});
  commit("Revert a part", {}, sha_of(2));
  const auto found = breaks();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].named, std::vector<std::string>{sha_of(2)});
  EXPECT_FALSE(found[0].is_confirmed());
}

TEST_F(Culprits, ARepairThatNamesNothingIsNoAnswer) {
  for (int i = 0; i < 8; ++i) commit("Work", {});
  for (int i = 0; i < 4; ++i) commit("More work", {"t3"});
  commit("Fix it", {});
  const auto found = breaks();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].named.empty());
  EXPECT_FALSE(found[0].is_confirmed());
}

TEST_F(Culprits, WhatFailsNowAndThenIsNoBreak) {
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 8; ++i) commit("Work", {});
    for (int i = 0; i < 2; ++i) commit("More work", {"t3"});
  }
  for (int i = 0; i < 8; ++i) commit("Work", {});
  for (int i = 0; i < 6; ++i) commit("Still red", {"t5"});
  EXPECT_TRUE(breaks().empty()) << "two in a row, and one that was never mended";
}

}  // namespace
}  // namespace resident
