#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <stats/random.hpp>
#include <stats/work_sessions.hpp>

namespace resident::stats {
namespace {

double hours(const std::vector<std::int64_t>& minutes, const SessionRule& rule) {
  std::vector<std::int64_t> moments;
  for (const std::int64_t minute : minutes) moments.push_back(60 * minute);
  const auto seconds = seconds_before(moments, rule);
  return std::accumulate(seconds.begin(), seconds.end(), 0.0) / 3600;
}

TEST(WorkSessions, AddUpAsThePublishedProgramsDo) {
  const SessionRule git_hours{7200, 0, 7200}, gitoxide{7200, 7200, 7200}, once{7200, 7200, 0};
  // Two commits an hour apart, then one the next day, then one 119 and one 120 minutes later.
  const std::vector<std::int64_t> day{0, 60, 1500, 1619, 1739};
  EXPECT_NEAR(hours(day, git_hours), 1 + 2 + 119 / 60.0 + 2, 1e-12);
  EXPECT_NEAR(hours(day, gitoxide), 2 + 1 + 2 + 119 / 60.0 + 2, 1e-12);
  EXPECT_NEAR(hours(day, once), 2 + 1 + 119 / 60.0, 1e-12);
  EXPECT_EQ(hours({}, git_hours), 0);
  EXPECT_EQ(hours({5}, git_hours), 0);
  EXPECT_EQ(hours({5}, gitoxide), 2);
}

TEST(WorkSessions, NeverAddMoreThanTheGapForAnAct) {
  Random random(7);
  for (int run = 0; run < 200; ++run) {
    std::vector<std::int64_t> moments;
    for (std::uint64_t i = random.next() % 30; i > 0; --i)
      moments.push_back(static_cast<std::int64_t>(random.next() % 200'000));
    std::sort(moments.begin(), moments.end());
    const SessionRule rule{3600, 900, 1800};
    const auto seconds = seconds_before(moments, rule);
    ASSERT_EQ(seconds.size(), moments.size());
    for (const double each : seconds) EXPECT_LT(each, 3600);
    const std::int64_t sessions = count_sessions(moments, rule);
    EXPECT_EQ(
        sessions, moments.empty() ? 0
                                  : 1 + std::count(seconds.begin() + 1, seconds.end(), 1800.0) -
                                        [&] {  // acts that happen to come half an hour after another
                                          std::int64_t alike = 0;
                                          for (std::size_t i = 1; i < moments.size(); ++i)
                                            alike += moments[i] - moments[i - 1] == 1800;
                                          return alike;
                                        }());
  }
}

}  // namespace
}  // namespace resident::stats
