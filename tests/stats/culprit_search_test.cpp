#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <stats/culprit_search.hpp>

namespace resident::stats {
namespace {

using Kind = CulpritAnswer::Kind;

struct Searched {
  CulpritAnswer answer;
  std::int64_t runs = 0;
};

// Runs `jobs` at once, each ending in the order it was started. culprit 0: none, all fail at `after`.
Searched run_search(std::size_t commits, std::size_t culprit, double before, double after, std::mt19937_64& random,
                    std::size_t jobs = 1, const std::set<std::size_t>& untestable = {}) {
  CulpritSearch asked(commits);
  std::vector<std::size_t> running;
  while (asked.answer().kind == Kind::searching && asked.runs() < 1000) {
    while (running.size() < jobs) {
      const auto next = asked.next(running);
      if (!next) break;
      running.push_back(*next);
    }
    if (running.empty()) break;
    const std::size_t position = running.front();
    running.erase(running.begin());
    if (untestable.contains(position)) {
      asked.cannot_test(position);
      continue;
    }
    const double rate = culprit == 0 || position >= culprit ? after : before;
    asked.add(position, std::generate_canonical<double, 53>(random) < rate);
  }
  return {asked.answer(), asked.runs()};
}

TEST(CulpritSearch, ASureTestNeedsLittleMoreThanHalving) {
  std::mt19937_64 random(1);
  for (const std::size_t culprit : {1u, 2u, 31u, 32u, 63u, 64u}) {
    const auto [answer, runs] = run_search(64, culprit, 0, 1, random);
    EXPECT_EQ(answer.kind, Kind::found);
    EXPECT_EQ(answer.first, culprit);
    EXPECT_EQ(answer.last, culprit);
    EXPECT_LE(runs, 16);
    EXPECT_LT(answer.rate_before, .3);
    EXPECT_GT(answer.rate_after, .7);
  }
}

TEST(CulpritSearch, NoneOfTheseIsAnAnswer) {
  std::mt19937_64 random(2);
  for (const double rate : {0.0, 1.0, .05, .3}) {
    const auto [answer, runs] = run_search(20, 0, rate, rate, random);
    EXPECT_EQ(answer.kind, Kind::none) << rate;
    EXPECT_GE(answer.probability, .97);
    EXPECT_NEAR(answer.rate_before, rate, .15);
    EXPECT_EQ(answer.rate_before, answer.rate_after);
  }
}

TEST(CulpritSearch, OneCommitIsEnough) {
  std::mt19937_64 random(3);
  EXPECT_EQ(run_search(1, 1, 0, 1, random).answer.first, 1u);
  EXPECT_EQ(run_search(1, 0, .1, .1, random).answer.kind, Kind::none);
}

TEST(CulpritSearch, CommitsThatCannotBeTestedAreOneAnswer) {
  std::mt19937_64 random(4);
  const auto [answer, runs] = run_search(20, 10, 0, 1, random, 1, {9, 10, 11});
  EXPECT_EQ(answer.kind, Kind::found);
  EXPECT_EQ(answer.first, 9u);
  EXPECT_EQ(answer.last, 12u);
  std::set<std::size_t> all;
  for (std::size_t i = 0; i <= 5; ++i) all.insert(i);
  const auto nothing = run_search(5, 3, 0, 1, random, 1, all);
  EXPECT_EQ(nothing.answer.kind, Kind::searching);
  EXPECT_EQ(nothing.runs, 0);
}

TEST(CulpritSearch, RunsAtOnceAreSpread) {
  const CulpritSearch search(64);
  std::vector<std::size_t> running;
  for (int i = 0; i < 4; ++i) running.push_back(search.next(running).value());
  EXPECT_GE(std::set<std::size_t>(running.begin(), running.end()).size(), 3u);
}

TEST(CulpritSearch, RunsAtOnceAreAsOftenRight) {
  std::mt19937_64 random(5);
  int right = 0;
  for (int i = 0; i < 30; ++i) {
    const std::size_t culprit = 1 + random() % 16;
    const auto answer = run_search(16, culprit, .1, .9, random, 4).answer;
    right += answer.kind == Kind::found && answer.first == culprit;
  }
  EXPECT_GE(right, 27);
}

TEST(CulpritSearch, TheOrderOfRunsDoesNotMatter) {
  CulpritSearch one(10), other(10);
  const std::vector<std::pair<std::size_t, bool>> runs{{10, true}, {0, false}, {5, true}, {5, false}, {3, false}};
  for (const auto& [position, failed] : runs) one.add(position, failed);
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) other.add(run->first, run->second);
  const auto a = one.probabilities(), b = other.probabilities();
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i], b[i], 1e-12);
    sum += a[i];
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

// The bars in small; bench/culprit_search.cpp has the whole.
TEST(CulpritSearch, NoisyOnBothSides) {
  std::mt19937_64 random(6);
  const struct {
    double after, before;
    int runs;
  } cases[] = {{1, .1, 17}, {.5, .02, 58}};
  for (const auto& each : cases) {
    int right = 0;
    double runs = 0;
    for (int i = 0; i < 60; ++i) {
      const std::size_t culprit = 1 + random() % 64;
      const auto searched = run_search(64, culprit, each.before, each.after, random);
      right += searched.answer.kind == Kind::found && searched.answer.first == culprit;
      runs += static_cast<double>(searched.runs) / 60;
    }
    EXPECT_GE(right, 55);
    EXPECT_LE(runs, 1.2 * each.runs);
  }
}

}  // namespace
}  // namespace resident::stats
