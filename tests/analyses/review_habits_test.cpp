// Whether a push takes approvals back, found from what a project did.
#include <gtest/gtest.h>

#include <model/queues/review.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

class PushHabit : public testing::Test {
 protected:
  // A merged pull request that was approved, pushed to, and, if so, approved again.
  void merged(bool approved_again) {
    const auto number = static_cast<std::int64_t>(history_.items.size()) + 1;
    auto pull = test::item(true, number, "ann", "2024-01-01T00:00:00Z");
    pull.head_sha = std::string(40, '2');
    approve(pull, "bea", "2024-01-02T00:00:00Z", std::string(40, '1'));
    if (approved_again) approve(pull, "bea", "2024-01-04T00:00:00Z", std::string(40, '2'));
    pull.state = "closed";
    pull.merged_at = pull.closed_at = at("2024-01-05T00:00:00Z");
    test::event(pull, "merged", *pull.merged_at);
    test::event(pull, "closed", *pull.merged_at);
    history_.items.push_back(pull);
  }

  static void approve(ItemRecord& pull, const std::string& login, const char* time, const std::string& sha) {
    test::review(pull, login, at(time));
    pull.reviews.back().state = "approved";
    pull.reviews.back().sha = sha;
  }

  PushRule rule(const std::string& setting = "auto") {
    auto database = Database::open(":memory:");
    test::write(*database, "p", history_);
    Context context = open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever);
    context.config.review.push_dismisses_approvals = setting;
    return push_dismisses_approvals(context, false);
  }

  test::History history_;
};

TEST_F(PushHabit, MergedOnAnOlderApprovalItKeepsThem) {
  for (int i = 0; i < 4; ++i) merged(i == 0);
  EXPECT_FALSE(rule().dismisses);
  EXPECT_EQ(rule().reason,
            "of 4 pull requests that were pushed to after an approval and merged, 3 were merged on the older approval");
  EXPECT_TRUE(rule("yes").dismisses);
}

TEST_F(PushHabit, ApprovedAgainBeforeTheMergeItTakesThemBack) {
  for (int i = 0; i < 4; ++i) merged(i > 0);
  EXPECT_TRUE(rule().dismisses);
  EXPECT_FALSE(rule("no").dismisses);
}

TEST_F(PushHabit, WithTooLittleToGoByItTakesThemBackAndSaysSo) {
  merged(false);
  EXPECT_TRUE(rule().dismisses);
  EXPECT_EQ(rule().reason, "not configured, and too little happened here to tell");
}

TEST_F(PushHabit, WhatTheForgeDismissedAfterAPushDecides) {
  for (int i = 0; i < 3; ++i) merged(false);
  for (int i = 0; i < 4; ++i) {
    auto& pull = history_.items.front();
    test::event(pull, "review_dismissed", at("2024-01-03T00:00:00Z") + i);
    pull.events.back().detail = "approved";
    pull.events.back().sha = std::string(40, '2');
  }
  EXPECT_TRUE(rule().dismisses);
  EXPECT_EQ(rule().reason, "the forge dismissed 4 approvals after a push");
}

TEST_F(PushHabit, TheQueueSaysWhatWasFound) {
  for (int i = 0; i < 4; ++i) merged(false);
  auto pull = test::item(true, 99, "ann", "2024-01-20T00:00:00Z");
  pull.head_sha = std::string(40, '4');
  approve(pull, "bea", "2024-01-21T00:00:00Z", std::string(40, '3'));
  history_.items.push_back(pull);
  auto database = Database::open(":memory:");
  test::write(*database, "p", history_);
  const auto context = open_context(*database, Config(), "p", at("2024-02-01T00:00:00Z"), test::kForever);
  const auto queue = review_queue(context);
  ASSERT_EQ(queue.entries.size(), 1U);
  EXPECT_EQ(queue.entries.front().turn.turn, Turn::committer);
  EXPECT_EQ(queue.entries.front().turn.approvals, 0);
  EXPECT_FALSE(queue.push_rule.dismisses);
}

}  // namespace
}  // namespace resident
