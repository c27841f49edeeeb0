// How many approvals are enough, found from what a project did.
#include <gtest/gtest.h>

#include <model/queues/review.hpp>
#include <model/queues/review_habits.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

class EnoughApprovals : public testing::Test {
 protected:
  // A pull request that was merged on these approvals of its head.
  void merged(const std::string& author, const std::string& merger, const std::vector<std::string>& approvers,
              Timestamp time = at("2024-01-05T00:00:00Z")) {
    const auto number = static_cast<std::int64_t>(history_.items.size()) + 1;
    auto pull = test::item(true, number, author, "2024-01-01T00:00:00Z");
    pull.head_sha = kHead;
    for (const std::string& approver : approvers) approve(pull, approver, kHead);
    pull.state = "closed";
    pull.merged_at = pull.closed_at = time;
    pull.merged_by = test::account(merger);
    test::event(pull, "merged", *pull.merged_at);
    pull.events.back().actor = test::account(merger);
    test::event(pull, "closed", *pull.merged_at);
    history_.items.push_back(pull);
  }

  void approve(ItemRecord& pull, const std::string& login, const std::string& sha) const {
    const Timestamp time = pull.created_at + kDay + static_cast<Timestamp>(pull.comments.size() + pull.reviews.size());
    if (by_comment_) {
      test::comment(pull, login, time);
      pull.comments.back().body = by_command_.empty() ? "ACK " + sha : by_command_;
    } else {
      test::review(pull, login, time);
      pull.reviews.back().state = "approved";
      pull.reviews.back().sha = sha;
    }
  }

  ApprovalHabits habits(int configured = 0) {
    auto database = Database::open(":memory:");
    test::write(*database, "p", history_);
    Context context = open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever);
    context.config.review.required_approvals = configured;
    const People people = load_reviewing_people(context, by_comment_);
    return approval_habits(context, people, by_comment_, true);
  }

  const std::string kHead = std::string(40, '2');
  test::History history_;
  bool by_comment_ = true;
  std::string by_command_;  // what approvals say instead of "ACK"
};

TEST_F(EnoughApprovals, WhereTheAuthorMayMergeTheMergersOwnIsNotWaitedFor) {
  // bea and cid merge; each of the last is bea's, approved by dan and, as he merged it, by cid.
  merged("zoe", "bea", {"bea"});
  for (int i = 0; i < 12; ++i) merged("bea", "cid", {"dan", "cid"});
  EXPECT_EQ(habits().required_of(true), 1);
  EXPECT_EQ(habits().own.merged, 12);
  EXPECT_EQ(habits().own.of, 12);
  EXPECT_EQ(habits().required_of(false), 2) << "of others the merger's is a review";
}

TEST_F(EnoughApprovals, OfOthersTheMergersCounts) {
  for (int i = 0; i < 12; ++i) merged("zoe", "cid", {"dan", "cid"});
  EXPECT_EQ(habits().required_of(false), 2);
  EXPECT_EQ(habits().others.of, 12);
  for (int i = 0; i < 60; ++i) merged("zoe", "cid", {"cid"});
  EXPECT_EQ(habits().required_of(false), 1);
  EXPECT_EQ(habits().others.merged, 60);
  EXPECT_NE(habits().reason.find("of others' 60 of the last 72"), std::string::npos) << habits().reason;
}

TEST_F(EnoughApprovals, ABareMajorityIsNoHabit) {
  for (int i = 0; i < 55; ++i) merged("zoe", "cid", {"cid"});
  for (int i = 0; i < 45; ++i) merged("zoe", "cid", {"cid", "dan"});
  EXPECT_EQ(habits().required_of(false), 2);
}

TEST_F(EnoughApprovals, MoreThanUsualOnlyWhereMostWaitedForMore) {
  for (int i = 0; i < 12; ++i) merged("zoe", "cid", {"cid", "dan", "eve"});
  EXPECT_EQ(habits().required_of(false), 3);
  for (int i = 0; i < 8; ++i) merged("zoe", "cid", {"cid", "dan"});
  EXPECT_EQ(habits().required_of(false), 2) << "8 of 20 are too many to be sure";
  EXPECT_EQ(habits().others.merged, 8);
}

TEST_F(EnoughApprovals, WithTooLittleToGoByTwoAreWhereApprovalsAreComments) {
  for (int i = 0; i < 9; ++i) merged("zoe", "cid", {"cid"});
  EXPECT_EQ(habits().required_of(false), 2);
  EXPECT_EQ(habits().required_of(true), 2);
  EXPECT_EQ(habits().reason, "not configured, and too little happened here to tell");
  by_comment_ = false;
  EXPECT_EQ(habits().required_of(false), 1);
}

TEST_F(EnoughApprovals, TheProjectsWordCountsBeforeWhatItDid) {
  for (int i = 0; i < 12; ++i) merged("zoe", "cid", {"cid"});
  EXPECT_EQ(habits(3).required_of(false), 3);
  EXPECT_EQ(habits(3).required_of(true), 3);
  EXPECT_EQ(habits(3).reason, "configured");
}

TEST_F(EnoughApprovals, OfReviewsToo) {
  by_comment_ = false;
  for (int i = 0; i < 12; ++i) merged("zoe", "cid", {"dan", "eve"});
  EXPECT_EQ(habits().required_of(false), 2);
}

TEST_F(EnoughApprovals, OfTheMergedHeadAlone) {
  for (int i = 0; i < 12; ++i) {
    merged("zoe", "cid", {"cid"});
    approve(history_.items.back(), "dan", std::string(40, '1'));
  }
  EXPECT_EQ(habits().required_of(false), 1);
}

TEST_F(EnoughApprovals, WhatComesLaterIsNotKnown) {
  for (int i = 0; i < 12; ++i) merged("zoe", "cid", {"cid", "dan"});
  for (int i = 0; i < 200; ++i) merged("zoe", "cid", {"cid"}, at("2024-01-31T00:00:00Z"));
  EXPECT_EQ(habits().required_of(false), 2) << "it is known from the next week on";
  EXPECT_EQ(habits().others.of, 12);
}

TEST_F(EnoughApprovals, TheQueueSaysWhatWasFound) {
  merged("zoe", "bea", {"bea"});
  for (int i = 0; i < 12; ++i) merged("bea", "cid", {"dan", "cid"});
  auto pull = test::item(true, 99, "bea", "2024-01-20T00:00:00Z");
  pull.head_sha = kHead;
  approve(pull, "cid", kHead);
  history_.items.push_back(pull);
  auto database = Database::open(":memory:");
  test::write(*database, "p", history_);
  const auto context = open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever);
  const auto queue = review_queue(context);
  ASSERT_EQ(queue.entries.size(), 1U);
  EXPECT_EQ(queue.entries.front().turn.turn, Turn::committer);
  EXPECT_EQ(queue.entries.front().turn.why, "cid approved it, which has been enough here (12 of the last 12)");
  EXPECT_EQ(queue.required_approvals(queue.entries.front().item), 1);
}

// Prow's and bors' projects: all merges are a robot's, all approvals commands to it. One is enough, by who gave ten
// before.
TEST_F(EnoughApprovals, MachinesThatMergeOnACommandDoSoOnOne) {
  for (const char* command : {"/lgtm", "Nice.\n\n/lgtm\n/approve", "@bors r+"}) {
    history_ = {};
    by_command_ = command;
    for (int i = 0; i < 12; ++i) merged("zoe", "k8s-ci-robot", {"dan"});
    auto open = test::item(true, 50, "zoe", "2024-01-20T00:00:00Z");
    open.head_sha = kHead;
    approve(open, "dan", kHead);
    history_.items.push_back(open);
    auto database = Database::open(":memory:");
    test::write(*database, "p", history_);
    const Context context = open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever);
    EXPECT_TRUE(leaves_merging_to_machines(context)) << command;
    const ReviewQueue queue = review_queue(context);
    ASSERT_EQ(queue.entries.size(), 1U);
    EXPECT_EQ(queue.entries[0].turn.turn, Turn::committer) << command << ": " << queue.entries[0].turn.why;
  }
  by_command_.clear();
  history_ = {};
  for (int i = 0; i < 12; ++i) merged("zoe", "bea", {"dan"});
  auto database = Database::open(":memory:");
  test::write(*database, "p", history_);
  EXPECT_FALSE(
      leaves_merging_to_machines(open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever)));
}

// A project's own word for it is looked for, whatever letters it has.
TEST_F(EnoughApprovals, AWordOfTheProjectsOwnIsCounted) {
  by_command_ = "Ship it!";
  for (int i = 0; i < 12; ++i) merged("zoe", "bea", {"dan"});
  auto database = Database::open(":memory:");
  test::write(*database, "p", history_);
  Context context = open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever);
  context.config.review.approval_pattern = "(?im)^ship it";
  EXPECT_TRUE(approves_by_comment(context));
  EXPECT_TRUE(load_reviewing_people(context, true).approvers.size() >
              load_reviewing_people(context, false).approvers.size());
}

}  // namespace
}  // namespace resident
