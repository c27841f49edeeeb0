#include <gtest/gtest.h>

#include <analyses/review/session.hpp>
#include <map>
#include <random>
#include <set>

namespace resident {
namespace {

constexpr Timestamp kNow = 1700000000;

SessionCandidate candidate(std::size_t entry, std::uint64_t minutes, Timestamp waiting, std::uint64_t score) {
  SessionCandidate each;
  each.entry = entry;
  each.minutes = static_cast<double>(minutes);
  each.waiting_since = kNow - waiting;
  each.score = static_cast<double>(score);
  return each;
}

TEST(SessionTest, UrgentFirstButNotAll) {
  std::vector<SessionCandidate> list;
  for (std::size_t i = 0; i < 12; ++i) list.push_back(candidate(i, 10, kDay, i));
  for (std::size_t i = 0; i < 10; ++i) list[i].is_urgent = true;
  const auto chosen = plan_session(list, 60, {}, kNow);
  ASSERT_EQ(chosen.size(), 6u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(chosen[i].part, SessionPart::urgent);
  EXPECT_EQ(chosen[0].candidate, 9u);  // the highest rank of them
  EXPECT_NE(chosen[3].part, SessionPart::urgent);
}

TEST(SessionTest, EarliestPromiseIsServed) {
  std::vector<SessionCandidate> list{candidate(0, 10, 30 * kDay, 90), candidate(1, 10, kDay, 10),
                                     candidate(2, 10, kDay, 10)};
  list[1].due = kNow + 2 * kDay;
  list[2].due = kNow + kDay;
  const auto chosen = plan_session(list, 20, {}, kNow);
  ASSERT_EQ(chosen.size(), 2u);
  std::set<std::size_t> taken{chosen[0].candidate, chosen[1].candidate};
  EXPECT_EQ(taken, (std::set<std::size_t>{0, 2}));
}

TEST(SessionTest, SharesAreKeptWhereThereIsEnough) {
  std::mt19937 random(5);
  std::vector<SessionCandidate> list;
  for (std::size_t i = 0; i < 400; ++i) {
    list.push_back(candidate(i, 5 + random() % 10, static_cast<Timestamp>(random() % 300) * kDay, random() % 100));
    if (i % 4 == 0) list.back().due = kNow + static_cast<Timestamp>(random() % 100) * kHour;
    list.back().is_quick = i % 4 == 1;
    list.back().is_own = i % 4 == 2;
  }
  SessionRules rules;
  rules.newcomers = 40, rules.oldest = 20, rules.quick_wins = 20, rules.own_modules = 20;
  std::map<SessionPart, double> spent;
  for (const auto& each : plan_session(list, 1000, rules, kNow)) spent[each.part] += list[each.candidate].minutes;
  EXPECT_NEAR(spent[SessionPart::newcomer], 400, 30);
  EXPECT_NEAR(spent[SessionPart::oldest], 200, 30);
  EXPECT_NEAR(spent[SessionPart::quick], 200, 30);
  EXPECT_NEAR(spent[SessionPart::own], 200, 30);
}

// Whatever is asked for: never above the time, nobody twice, and nothing that fits is left while time remains.
TEST(SessionTest, HoldsForAnyQueue) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<SessionCandidate> list;
    for (std::size_t i = 0; i < random() % 30; ++i) {
      list.push_back(candidate(i, 1 + random() % 60, static_cast<Timestamp>(random() % 1500) * kDay, random() % 100));
      list.back().is_urgent = random() % 5 == 0;
      list.back().is_quick = random() % 3 == 0;
      list.back().is_own = random() % 3 == 0;
      if (random() % 4 == 0) list.back().due = kNow + static_cast<Timestamp>(random() % 9) * kDay;
    }
    const auto minutes = static_cast<double>(1 + random() % 200);
    double sum = 0;
    std::set<std::size_t> taken;
    for (const auto& each : plan_session(list, minutes, {}, kNow)) {
      sum += list[each.candidate].minutes;
      EXPECT_TRUE(taken.insert(each.candidate).second);
    }
    EXPECT_LE(sum, minutes);
    for (std::size_t i = 0; i < list.size(); ++i) EXPECT_TRUE(taken.contains(i) || list[i].minutes > minutes - sum);
  }
}

}  // namespace
}  // namespace resident
