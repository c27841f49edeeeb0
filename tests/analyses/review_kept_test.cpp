// What review reads once a week, or of one pull request alone, against reading all of it anew.
#include <gtest/gtest.h>
#include <unistd.h>

#include <analyses/review/effort.hpp>
#include <filesystem>
#include <learn/reviewers/suggest.hpp>
#include <model/lines.hpp>
#include <model/queues/review.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;
using test::History;

constexpr Timestamp kSpring = 1677672000;  // 2023-03-01 12:00, a Wednesday

class ReviewKept : public testing::Test {
 protected:
  ReviewKept() {
    std::filesystem::remove(file_);
    database_ = Database::open(file_);
  }
  ~ReviewKept() override {
    database_.reset();
    std::filesystem::remove(file_);
  }

  // Two pull requests a day; bob reviews both in a row, every third is approved in words.
  static History busy(int days) {
    History history;
    for (int i = 0; i < days; ++i) {
      const Timestamp day = kSpring + i * kDay;
      for (int k = 0; k < 2; ++k) {
        auto pull = test::item(true, 1 + 2 * i + k, k == 0 ? "ann" : "dan", format_time(day));
        pull.additions = 5, pull.deletions = 0;
        pull.files = {{k == 0 ? "src/a.c" : "doc/b.rst", 5, 0}};
        test::review(pull, "bob", day + kHour + k * 10 * kMinute);
        test::comment(pull, "cat", day + 5 * kHour + k * kDay);
        if (i % 3 == 0) pull.comments.back().body = "ACK 1234567";
        if (i % 2 == 0) {
          test::event(pull, "merged", day + 8 * kHour);
          test::event(pull, "closed", day + 8 * kHour);
          pull.merged_at = pull.closed_at = day + 8 * kHour;
          pull.state = "closed";
        }
        history.items.push_back(pull);
      }
    }
    for (int i = 0; i < 4; ++i)
      history.commits.push_back(test::commit(i, "eve", "eve@example.org", kSpring + i * 9 * kDay));
    return history;
  }

  Context context(const History& history, Timestamp as_of) {
    test::write(*database_, "p", history);
    return open_context(*database_, Config(), "p", as_of, test::kForever);
  }

  void break_what_is_kept() {
    database_->execute("UPDATE learnt SET content = substr(content, 1, length(content) / 2)");
  }

  std::string file_ = testing::TempDir() + "review_kept_" + std::to_string(getpid()) + ".db";
  std::unique_ptr<Database> database_;
};

TEST_F(ReviewKept, MinutesAreThoseOfBeforeTheWeekKeptOrNot) {
  const Timestamp wednesday = kSpring + 42 * kDay + 6 * kHour;
  const Context now = context(busy(60), wednesday);
  const People people = load_people(now);
  const ReviewEffort anew(now, people);
  EXPECT_EQ(anew.observations(), 40);  // to Sunday: the days of this week are not in it
  EXPECT_EQ(database_->integer("SELECT count(*) FROM learnt WHERE name = 'review_effort'"), 1);
  const auto same = [&] {
    const ReviewEffort again(now, people);
    EXPECT_EQ(again.observations(), anew.observations());
    for (const auto lines : {std::optional<std::int64_t>(), std::optional<std::int64_t>(5)}) {
      EXPECT_EQ(again.of(lines).minutes, anew.of(lines).minutes);
      EXPECT_EQ(again.of(lines).high, anew.of(lines).high);
      EXPECT_EQ(again.of(lines).seen, anew.of(lines).seen);
    }
    EXPECT_EQ(again.backtest().n, anew.backtest().n);
  };
  same();
  break_what_is_kept();
  same();
}

TEST_F(ReviewKept, ApprovalInWordsIsDecidedOnceAWeek) {
  const Timestamp wednesday = kSpring + 42 * kDay + 6 * kHour;
  const Context now = context(busy(60), wednesday);
  EXPECT_TRUE(approves_by_comment(now));
  EXPECT_EQ(database_->integer("SELECT count(*) FROM learnt WHERE name = 'approvals'"), 1);
  EXPECT_TRUE(approves_by_comment(now));
  break_what_is_kept();
  EXPECT_TRUE(approves_by_comment(now));
  // What is kept is what speaks: without it the words decide.
  database_->execute("UPDATE comment SET body = 'fine' WHERE body LIKE 'ACK%'");
  EXPECT_TRUE(approves_by_comment(now));
  database_->execute("DELETE FROM learnt");
  EXPECT_FALSE(approves_by_comment(now));
}

TEST_F(ReviewKept, AProjectYoungerThanTheWeekIsReadAsItStands) {
  EXPECT_TRUE(approves_by_comment(context(busy(1), kSpring + 30 * kHour)));
  EXPECT_EQ(database_->integer("SELECT count(*) FROM learnt").value_or(0), 0);
  database_->execute("UPDATE comment SET body = 'fine'");
  EXPECT_FALSE(approves_by_comment(open_context(*database_, Config(), "p", kSpring + 30 * kHour, test::kForever)));
}

TEST_F(ReviewKept, OnePullRequestAloneIsAsInTheWholeQueue) {
  const Context now = context(busy(30), kSpring + 29 * kDay + 7 * kHour);
  const ReviewQueue whole = review_queue(now);
  ASSERT_GT(whole.entries.size(), 20u);
  bool newcomers = false, others = false;
  for (const ReviewEntry& entry : whole.entries) {
    const ReviewQueue alone = review_queue(now, entry.item.number);
    ASSERT_EQ(alone.entries.size(), 1u);
    const ReviewEntry& same = alone.entries.front();
    EXPECT_EQ(same.item.number, entry.item.number);
    EXPECT_EQ(same.item.entries.size(), entry.item.entries.size());
    EXPECT_EQ(same.item.first_contribution, entry.item.first_contribution);
    EXPECT_EQ(same.turn.turn, entry.turn.turn);
    EXPECT_EQ(same.turn.why, entry.turn.why);
    EXPECT_EQ(same.turn.people, entry.turn.people);
    EXPECT_EQ(same.score, entry.score);
    EXPECT_EQ(reasons_with_points(same.reasons), reasons_with_points(entry.reasons));
    (entry.item.first_contribution ? newcomers : others) = true;
  }
  EXPECT_TRUE(others);
  EXPECT_TRUE(review_queue(now, 1).entries.empty());  // merged
  EXPECT_TRUE(review_queue(now, 4242).entries.empty());
}

TEST_F(ReviewKept, PresenceIsTheSameAskedOfOneOrOfAll) {
  const Context now = context(busy(30), kSpring + 20 * kDay);
  const People people = load_people(now);
  const Presence one_by_one(now, people);
  std::size_t known = 0;
  for (const auto& [person, name] : people.names) {
    const Presence all(now, people);
    const auto found = all.last_of_all().find(person);
    const auto expected = found == all.last_of_all().end() ? std::nullopt : std::optional(found->second);
    EXPECT_EQ(one_by_one.last(person), expected) << name;
    known += expected.has_value();
  }
  EXPECT_EQ(known, 5u);
  EXPECT_FALSE(one_by_one.last(0));
}

TEST_F(ReviewKept, ASuggesterMadeBesideSaysTheSame) {
  const Context now = context(busy(40), kSpring + 39 * kDay + 7 * kHour);
  reviewers::SuggesterBeside beside(now);
  const reviewers::Suggester here(now);
  std::size_t named = 0;
  for (std::int64_t item = 1; item <= 160; ++item) {
    const auto a = here.suggest(item), b = beside.get().suggest(item);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].name, b[i].name);
      EXPECT_EQ(a[i].probability, b[i].probability);
    }
    named += a.size();
  }
  EXPECT_GT(named, 40u);
  Context elsewhere = now;
  elsewhere.project_id = 99;
  EXPECT_TRUE(reviewers::SuggesterBeside(elsewhere).get().suggest(1).empty());
}

}  // namespace
}  // namespace resident
