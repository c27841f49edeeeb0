// Whether the commit that a repair names was among those that were suspected.
#include <algorithm>
#include <analyses/ci/quarantine_result.hpp>
#include <analyses/list.hpp>
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

TEST_F(Culprits, TheReportCardSaysHowManyWereConfirmed) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 8; ++i) commit("Work", {});
    commit("Break it", {"t3"});
    const std::string broken = sha_of(number_ - 1);
    for (int i = 0; i < 4; ++i) commit("More work", {"t3"});
    commit("Repair", {}, round == 0 ? broken : std::string());
  }
  breaks();
  const auto results = find_analysis("ci_card").run(context());
  const auto card =
      std::find_if(results.begin(), results.end(), [](const Result& each) { return each.name == "ci_culprits"; });
  ASSERT_NE(card, results.end());
  EXPECT_EQ(
      card->claim,
      "Of 2 breaks of the main branch that were mended, 1 named the commit that broke it; it was suspected in 1 of "
      "them.");
  EXPECT_EQ(card->sample_size, 1);
}

TEST_F(Culprits, WhatIsPastItsDateIsOverdueInItsMonth) {
  Context now = context();
  now.as_of = 1'700'000'000;  // 2023-11-14
  QuarantineEntry over;
  over.test = "a", over.configurations = {"linux"}, over.owner = "ada";
  over.since = parse_time("2023-09-05").value(), over.review_by = parse_time("2023-10-05").value();
  QuarantineEntry due = over;
  due.test = "b", due.owner = "bo", due.review_by = parse_time("2023-11-14").value();  // its last day is today
  const Result card = quarantine_card_result(now, {over, due}, "q.toml");
  EXPECT_EQ(card.claim,
            "1 of 2 quarantines in q.toml overdue, the longest since 40 days: what is overdue gates again.");
  ASSERT_EQ(card.rows.size(), 3U);  // September, October, November
  EXPECT_EQ(card.rows[1][3], Cell(std::int64_t{1}));
  EXPECT_EQ(card.rows[1][4], Cell(std::string("ada")));
  EXPECT_EQ(card.rows[2][3], Cell(std::int64_t{0}));
  EXPECT_EQ(quarantine_card_result(now, {due}, "q.toml").claim, "1 quarantine in q.toml, none overdue.");
}

}  // namespace
}  // namespace resident
