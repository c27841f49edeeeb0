#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stats/level_search.hpp>

namespace resident::stats {
namespace {

using Found = LevelAnswer::Kind;

struct Searched {
  LevelAnswer answer;
  std::int64_t runs = 0;
};

// From the culprit on values are `ratio` times as large; each varies by `noise`, and one in 20 is twice as large.
Searched run_search(std::size_t commits, std::size_t culprit, double ratio, double noise, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  LevelSearch asked(commits);
  while (asked.answer().kind == Found::searching && asked.runs() < 600) {
    const std::size_t position = asked.next().value();
    const double hiccup = random() % 20 == 0 ? 2 : 1;
    const double level = culprit != 0 && position >= culprit ? ratio : 1;
    asked.add(position, 250 * level * hiccup * std::exp(noise * normal(random)));
  }
  return {asked.answer(), asked.runs()};
}

TEST(LevelSearch, FindsWhatMadeItSlowerOrFaster) {
  std::mt19937_64 random(1);
  int right = 0;
  for (const double ratio : {1.1, 0.9, 1.3})
    for (const std::size_t culprit : {1u, 7u, 16u, 30u, 32u}) {
      const auto [answer, runs] = run_search(32, culprit, ratio, .01, random);
      right += answer.kind == Found::found && answer.first == culprit && answer.last == culprit;
      if (answer.kind == Found::found) {
        EXPECT_NEAR(answer.ratio, ratio, .12);
        EXPECT_LT(runs, 150);
      }
    }
  EXPECT_GE(right, 13);
}

TEST(LevelSearch, NothingMovedIsAnAnswer) {
  std::mt19937_64 random(2);
  int none = 0;
  for (int i = 0; i < 10; ++i) none += run_search(32, 0, 1, .01, random).answer.kind == Found::none;
  EXPECT_GE(none, 9);
}

TEST(LevelSearch, WhatCannotBeTestedIsNotAsked) {
  LevelSearch search(4);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(search.next().has_value());
    search.cannot_test(i);
  }
  EXPECT_FALSE(search.next().has_value()) << "one place alone tells nothing";
  LevelSearch parted(4);
  for (const std::size_t position : {2u, 3u}) parted.cannot_test(position);
  for (int i = 0; i < 10; ++i)
    for (const std::size_t position : {0u, 1u, 4u}) parted.add(position, position < 2 ? 10 + .01 * i : 12 + .01 * i);
  EXPECT_EQ(parted.answer().kind, Found::found);
  EXPECT_EQ(parted.answer().first, 2u);
  EXPECT_EQ(parted.answer().last, 4u);
}

TEST(LevelSearch, BothEndsAreSeenFirst) {
  LevelSearch search(10);
  for (int i = 0; i < 6; ++i) {
    const std::size_t position = search.next().value();
    EXPECT_TRUE(position == 0 || position == 10);
    EXPECT_EQ(search.answer().kind, Found::searching);
    search.add(position, position == 0 ? 1 : 100);
  }
}

}  // namespace
}  // namespace resident::stats
