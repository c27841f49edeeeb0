// A series laid over the cycles before, at each of their points, on both engines; and the names of stages as schedules
// and tags write them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <model/cycle_points.hpp>
#include <model/releases.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis cycles_analysis;

namespace {

using namespace test;

constexpr Timestamp kFirst = 1'672'531'200;  // 2023-01-01
constexpr int kLength = 10;                  // weeks

Timestamp release_at(int cycle) {
  return kFirst + cycle * kLength * kWeek;
}

// Four releases ten weeks apart, each with a beta five weeks and a candidate two weeks before; a branch that leaves
// four weeks before the last release. In each week of cycle i there are i + 1 pull requests merged (or as many as
// told), each answered after i + 1 days, by a person of its own.
History history(const std::vector<int>& merged = {1, 2, 3, 4}) {
  History made;
  std::int64_t number = 0;
  for (int cycle = 0; cycle < static_cast<int>(merged.size()); ++cycle) {
    for (int week = 0; week < kLength; ++week)
      for (int i = 0; i < merged[cycle]; ++i) {
        const Timestamp at = release_at(cycle) + week * kWeek + i * kHour;
        auto pull = item(true, ++number, fmt::format("person{}", i), format_time(at));
        comment(pull, "zoe", at + (cycle + 1) * kDay);
        event(pull, "merged", at + (cycle + 1) * kDay);
        event(pull, "closed", at + (cycle + 1) * kDay);
        made.items.push_back(std::move(pull));
      }
    const std::string name = fmt::format("refs/tags/v1.{}", cycle);
    made.tags.push_back({name, "x", release_at(cycle)});
    made.tags.push_back({name + ".0-rc1", "x", release_at(cycle) - 2 * kWeek});
    made.tags.push_back({name + ".0-rc2", "x", release_at(cycle) - kWeek});
    made.tags.push_back({name + ".0b1", "x", release_at(cycle) - 5 * kWeek});
    made.tags.push_back({name + ".1rc1", "x", release_at(cycle) + kWeek});  // of no cycle
  }
  auto left = commit(0, "Ann", "ann@example.org", release_at(3) - 4 * kWeek);
  auto on_branch = commit(1, "Ann", "ann@example.org", release_at(3) - 3 * kWeek);
  on_branch.parents = {left.sha};
  on_branch.on_default = false;
  made.commits = {left, on_branch};
  made.tags.push_back({"refs/remotes/origin/release/1.3.x", on_branch.sha, release_at(3)});
  return until(made, kForever);
}

class CycleCourse : public OnEachEngine {
 protected:
  CycleCourse() : OnEachEngine("cycle_course_test") {}
  void SetUp() override {
    OnEachEngine::SetUp();
    if (!IsSkipped()) write(*database_, "demo", history());
  }

  Context context(Timestamp as_of, std::map<std::string, std::string> arguments) {
    Context made = open_context(*database_, Config(), "demo", as_of, kForever);
    made.arguments = std::move(arguments);
    return made;
  }
  std::string claim(Timestamp as_of, std::map<std::string, std::string> arguments) {
    return cycles_analysis.run(context(as_of, std::move(arguments)))[0].claim;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, CycleCourse, kEngines, engine_name);

// Four weeks and a half after the last release.
const Timestamp kNow = release_at(3) + 4 * kWeek + 3 * kDay + kHour;

TEST_P(CycleCourse, TheSameWeeksOfTheCyclesBefore) {
  const auto results = cycles_analysis.run(context(kNow, {{"of", "opened"}}));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].claim,
            "16 pull requests opened in the 4 weeks since the release of 1.3 (2023-07-30); in the 3 cycles before 4 to "
            "12, median 8: more than in each of them.");
  EXPECT_EQ(results[0].rows.size(), 4u);
  EXPECT_EQ(results[0].sample_size, 3);
  EXPECT_NE(results[0].uncertainty.find("0.50"), std::string::npos) << results[0].uncertainty;
  // Weeks that are still to come have the band alone.
  ASSERT_EQ(results[1].rows.size(), static_cast<std::size_t>(kLength));
  EXPECT_EQ(results[1].rows[3], (std::vector<Cell>{std::int64_t{3}, 4.0, 2.0, 1.0, 3.0, std::int64_t{3}}));
  EXPECT_EQ(results[1].rows[4], (std::vector<Cell>{std::int64_t{4}, Cell(), 2.0, 1.0, 3.0, std::int64_t{3}}));
  // The last two alone.
  EXPECT_EQ(claim(kNow, {{"of", "opened"}, {"last", "2"}}),
            "16 pull requests opened in the 4 weeks since the release of 1.3 (2023-07-30); in the 2 cycles before 8 to "
            "12, median 10: more than in each of them.");
}

TEST_P(CycleCourse, LeastAndMostWhateverTheOrderOfCycles) {
  write(*database_, "uneven", history({4, 6, 5, 2, 4, 5}));
  const Timestamp now = release_at(5) + 4 * kWeek + 3 * kDay + kHour;
  Context uneven = open_context(*database_, Config(), "uneven", now, kForever);
  uneven.arguments = {{"of", "opened"}};
  const auto results = cycles_analysis.run(uneven);
  EXPECT_NE(results[0].claim.find("in the 5 cycles before 8 to 24, median 16: within their band"), std::string::npos)
      << results[0].claim;
  EXPECT_EQ(results[1].rows[1], (std::vector<Cell>{std::int64_t{1}, 5.0, 4.0, 2.0, 6.0, std::int64_t{5}}));
}

TEST_P(CycleCourse, AtOtherPointsAndFromBefore) {
  EXPECT_EQ(claim(kNow, {{"of", "opened"}, {"align", "candidate"}}),
            "22 pull requests opened in the 6 weeks since the first candidate of 1.3 (2023-07-16); in the 2 cycles "
            "before 10 to 16, median 13: more than in each of them.");
  EXPECT_EQ(claim(kNow, {{"of", "opened"}, {"align", "beta"}, {"before", "2"}, {"after", "3"}}),
            "15 pull requests opened from 2 weeks before to 3 weeks after the first beta of 1.3 (2023-06-25); in the 2 "
            "cycles before 5 to 10, median 7.5: more than in each of them.");
  EXPECT_EQ(claim(kNow, {{"of", "opened"}, {"align", "branch"}}),
            "28 pull requests opened in the 8 weeks since the branch of 1.3 (2023-07-02); of no cycle before are the "
            "same weeks known.");
}

TEST_P(CycleCourse, APointAheadByASchedule) {
  // The next beta is due in two weeks.
  const std::string due = "1.4.0 beta 1=" + format_date(release_at(3) + 6 * kWeek) + ", 1.4.0 alpha 1=2023-01-01";
  EXPECT_EQ(
      claim(kNow, {{"of", "opened"}, {"align", "beta"}, {"before", "6"}, {"schedule", due}}),
      "16 pull requests opened from 6 weeks to 2 weeks before the first beta of 1.4 (2023-09-10); in the 2 cycles "
      "before 7 to 11, median 9: more than in each of them.");
  EXPECT_THROW(claim(kNow, {{"of", "opened"}, {"schedule", "1.4 beta"}}), Error);
}

TEST_P(CycleCourse, MediansPeopleAndMeasures) {
  EXPECT_EQ(claim(kNow, {{"of", "first_response"}}).substr(0, 64),
            "4.0 d median time to first response in the 4 weeks since the rel");
  EXPECT_EQ(claim(kNow, {{"of", "contributors"}}).substr(0, 2), "5 ");  // four who open, one who answers
  EXPECT_EQ(claim(kNow, {{"of", "measure:flow_per_week.pulls_opened"}}).substr(0, 65),
            "4 pull requests opened, mean of weeks, in the 4 weeks since the r");
  EXPECT_EQ(claim(kNow, {{"of", "red"}}).substr(0, 19), "Nothing is known of");
  try {
    claim(kNow, {{"of", "contributers"}});
    FAIL() << "there is no such series";
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean contributors?");
  }
}

// What comes later, and points that are not there, change nothing.
TEST_P(CycleCourse, NothingOfLaterReachesAnAnswer) {
  write(*database_, "past", until(history(), kNow));
  for (const char* align : {"release", "candidate", "beta"}) {
    Context past = open_context(*database_, Config(), "past", kNow, kForever);
    past.arguments = {{"of", "opened"}, {"align", align}};
    EXPECT_EQ(cycles_analysis.run(past)[1].rows, cycles_analysis.run(context(kNow, past.arguments))[1].rows) << align;
  }
  Context none = context(kNow, {{"of", "opened"}});
  none.config.release_tags = "^none$";
  EXPECT_EQ(cycles_analysis.run(none)[0].claim, "No release of a release is known, so there are no cycles to compare.");
}

TEST_P(CycleCourse, TheConfigurationsStagesAreNoReleases) {
  Context configured = context(kNow, {});
  configured.config.releases = {
      {"1.2", release_at(2)}, {"1.3 beta 1", release_at(2) + kWeek}, {"spring", release_at(3)}};
  const auto releases = releases_of(configured);
  ASSERT_EQ(releases.size(), 2u);
  EXPECT_EQ(releases[1].name, "spring");
  EXPECT_EQ(cycle_marks(configured, CyclePoint::beta, {}).past.at(0).release, "1.3");
  EXPECT_EQ(cycle_marks(configured, CyclePoint::release, {}).past.back().release, "spring");
}

TEST(CyclePoints, StagesAsTheyAreWritten) {
  const Pattern releases(R"(^v?(\d+)\.(\d+)(?:\.0)?$)");
  const auto read = [&](std::string_view name) {
    const auto stage = stage_of(name, releases);
    return stage ? fmt::format("{} {}", stage->release, name_of(stage->point)) : std::string();
  };
  EXPECT_EQ(read("v3.15.0b1"), "3.15 beta");
  EXPECT_EQ(read("3.10.0 beta 4"), "3.10 beta");
  EXPECT_EQ(read("3.10.0 candidate 1"), "3.10 candidate");
  EXPECT_EQ(read("3.4.0 release candidate 2"), "3.4 candidate");
  EXPECT_EQ(read("3.10.0 final"), "3.10 release");
  EXPECT_EQ(read("3.14 feature freeze"), "3.14 branch");
  EXPECT_EQ(read("v1.2.0-rc.1"), "1.2 candidate");
  EXPECT_EQ(read("1.0-BETA"), "1.0 beta");
  EXPECT_EQ(read("v2.0"), "2.0 release");
  EXPECT_EQ(read("3.10.0 alpha 7"), "");
  EXPECT_EQ(read("3.10.1"), "");     // a bugfix release
  EXPECT_EQ(read("3.10.1rc1"), "");  // and its candidate
  EXPECT_EQ(read("nightly"), "");
  EXPECT_EQ(read(""), "");
}

}  // namespace
}  // namespace resident
