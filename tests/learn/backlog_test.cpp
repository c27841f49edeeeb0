#include <gtest/gtest.h>

#include <learn/backlog.hpp>
#include <stats/random.hpp>

namespace resident {
namespace {

constexpr Timestamp kBegin = 1500000000;

// Items come at a rate and stay for a while that is drawn with a long tail.
std::vector<OpenTime> process(std::uint64_t seed, int weeks, double rate) {
  stats::Random random(seed);
  std::vector<OpenTime> items;
  for (int week = 0; week < weeks; ++week)
    for (auto left = random.poisson(rate); left > 0; --left) {
      const Timestamp opened = kBegin + week * kWeek + static_cast<Timestamp>(random.below(kWeek));
      const double stay = random.chance(0.5) ? random.exponential() : 20 * random.exponential();
      items.push_back({opened, opened + 1 + static_cast<Timestamp>(stay * kWeek)});
    }
  return items;
}

double open_at(const std::vector<OpenTime>& items, Timestamp at) {
  double count = 0;
  for (const auto& item : items) count += item.opened <= at && (!item.closed || *item.closed > at);
  return count;
}

std::vector<OpenTime> known_at(std::vector<OpenTime> items, Timestamp at) {
  std::erase_if(items, [&](const OpenTime& item) { return item.opened > at; });
  for (auto& item : items)
    if (item.closed && *item.closed > at) item.closed.reset();
  return items;
}

TEST(Backlog, BandsHoldWhatComes) {
  double within80 = 0, within95 = 0, count = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto items = process(seed, 200, 6);
    const Timestamp as_of = kBegin + 180 * kWeek;
    const auto forecast = forecast_backlog(known_at(items, as_of), as_of, 13);
    ASSERT_EQ(forecast.weeks.size(), 13u);
    EXPECT_EQ(forecast.history.back().second, open_at(items, as_of));
    for (const auto& week : forecast.weeks) {
      const double came = open_at(items, week.end);
      within80 += week.low80 <= came && came <= week.high80;
      within95 += week.low95 <= came && came <= week.high95;
      EXPECT_LE(week.low95, week.low80);
      EXPECT_LE(week.low80, week.low50);
      EXPECT_LE(week.low50, week.mean);
      EXPECT_LE(week.mean, week.high50);
      EXPECT_LE(week.high80, week.high95);
      EXPECT_GE(week.low95, 0);
      ++count;
    }
    ASSERT_FALSE(forecast.records.empty());
    for (const auto& record : forecast.records) EXPECT_GE(record.crps, forecast.records.front().crps);
  }
  EXPECT_GE(within80 / count, 0.65);
  EXPECT_GE(within95 / count, 0.85);
}

TEST(Backlog, SeesNothingOfTheFuture) {
  const auto items = process(3, 200, 4);
  const Timestamp as_of = kBegin + 150 * kWeek;
  const auto knowing = forecast_backlog(items, as_of, 8), blind = forecast_backlog(known_at(items, as_of), as_of, 8);
  ASSERT_EQ(knowing.weeks.size(), blind.weeks.size());
  for (std::size_t i = 0; i < blind.weeks.size(); ++i) {
    EXPECT_EQ(knowing.weeks[i].mean, blind.weeks[i].mean);
    EXPECT_EQ(knowing.weeks[i].low95, blind.weeks[i].low95);
  }
  EXPECT_EQ(knowing.way, blind.way);
}

TEST(Backlog, TooLittleIsSaid) {
  EXPECT_FALSE(forecast_backlog({}, kBegin, 13).missing.empty());
  EXPECT_FALSE(forecast_backlog(process(1, 10, 5), kBegin + 10 * kWeek, 13).missing.empty());
}

// A count that never moved tells nothing of how far it may: no band of no width.
TEST(Backlog, WhatNeverMovedHasNoForecast) {
  std::vector<OpenTime> items;
  for (int week = 0; week < 60; ++week) items.push_back({kBegin + week * kWeek + 10, kBegin + week * kWeek + 20});
  const auto forecast = forecast_backlog(items, kBegin + 60 * kWeek, 4);
  EXPECT_TRUE(forecast.weeks.empty());
  EXPECT_NE(forecast.missing.find("as many were open"), std::string::npos) << forecast.missing;
}

}  // namespace
}  // namespace resident
