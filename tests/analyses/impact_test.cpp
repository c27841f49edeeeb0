// What `impact` says of made-up projects whose weeks are known; on both engines, and never with knowledge of later
// things.
#include <gtest/gtest.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <analyses/flow/impact_outcome.hpp>
#include <base/error.hpp>
#include <stats/random.hpp>
#include <stats/risk_ratio.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {

extern const Analysis impact_analysis;

namespace {

using namespace test;

constexpr int kWeeksBefore = 160, kWeeksAfter = 40;
const Timestamp kStart = at("2023-01-02"), kFirst = kStart - kWeeksBefore * kWeek;

TEST(ImpactWeeks, AWrongClockBeginsNoSeries) {
  std::vector<Timestamp> moments;
  for (int week = 0; week < 150; ++week) moments.push_back(kFirst + week * kWeek);
  EXPECT_EQ(beginning_of(moments), kFirst);
  moments.push_back(0);
  EXPECT_EQ(beginning_of(moments), kFirst);
  // A year without anything later on is part of the series, and so is a beginning of more than a few.
  for (int i = 0; i < 5; ++i) moments.push_back(kFirst - 500 * kDay + i * kDay);
  EXPECT_EQ(beginning_of(moments), kFirst - 500 * kDay);
  EXPECT_EQ(beginning_of({0, kFirst}), 0) << "too few to tell";
}

// Pull requests a week that ann opens and bob reviews and merges, in modules by turns; since the start res reviews
// `more` others in the modules a, b, c. A bot merges every fifth.
History busy_history(std::uint64_t seed, int more, int modules = 8) {
  stats::Random random(seed);
  History history;
  std::int64_t number = 0;
  for (int week = 0; week < kWeeksBefore + kWeeksAfter; ++week) {
    const bool is_after = week >= kWeeksBefore;
    const auto usual = 10 + random.binomial(8, 0.5), all = usual + (is_after ? more : 0);
    for (std::int64_t k = 0; k < all; ++k) {
      const Timestamp created = kFirst + week * kWeek + (k + 1) * 8000;
      auto pull = item(true, ++number, "ann", format_time(created));
      const bool is_extra = k >= usual;
      const int module = is_extra ? static_cast<int>(k) % 3 : static_cast<int>(number) % modules;
      pull.files = {{std::string(1, static_cast<char>('a' + module)) + "/file.c"}};
      review(pull, is_extra ? "res" : "bob", created + kHour);
      event(pull, "merged", created + 2 * kHour);
      event(pull, "closed", created + 2 * kHour);
      pull.merged_at = pull.closed_at = created + 2 * kHour;
      pull.merged_by = account(number % 5 == 0 ? "bors[bot]" : is_extra ? "res" : "bob");
      pull.state = "closed";
      history.items.push_back(std::move(pull));
    }
    if (week % 2 == 0)
      history.items.push_back(item(false, ++number, "eve", format_time(kFirst + week * kWeek + kHour)));
  }
  return history;
}

Timestamp end() {
  return kStart + kWeeksAfter * kWeek;
}

class ImpactOf : public OnEachEngine {
 protected:
  ImpactOf() : OnEachEngine("impact_test") {}
  Context context(std::map<std::string, std::string> arguments, Timestamp as_of = end()) {
    Context made = open_context(*database_, Config(), "busy", as_of, kForever);
    made.arguments = std::move(arguments);
    return made;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, ImpactOf, kEngines, engine_name);

const ImpactDesign& design(const Impact& impact, std::string_view name) {
  for (const auto& each : impact.designs)
    if (each.name.starts_with(name)) return each;
  throw std::runtime_error("no design " + std::string(name));
}

TEST_P(ImpactOf, ShowsWhatIsThereAndTellsThePersonApart) {
  write(*database_, "busy", busy_history(1, 8));
  const Impact impact = impact_of(context({{"start", "2023-01-02"}, {"person", "res"}}));
  ASSERT_TRUE(impact.answer.is_answered);
  EXPECT_LE(impact.answer.p, 0.05);
  EXPECT_NEAR(impact.answer.effect, 8 / 14.0, 0.2);  // bots' merges are counted
  EXPECT_NEAR(impact.answer.observed, 22, 2);
  ASSERT_TRUE(impact.without_person);
  // Every fifth of the extra ones was merged by the bot.
  EXPECT_NEAR(impact.without_person->effect, 1.6 / 14, 0.15);
  ASSERT_TRUE(impact.course);
  EXPECT_NEAR(impact.course->effect, 8 / 14.0, 0.15);
  EXPECT_EQ(impact.course->expected.size(), static_cast<std::size_t>(kWeeksAfter) / 4);
  EXPECT_EQ(course_points(impact).size(), static_cast<std::size_t>(52 + kWeeksAfter) / 4);
  EXPECT_EQ(impact.course->moments, impact.answer.placebos.size());
  const auto& modules = design(impact, "difference in differences");
  ASSERT_TRUE(modules.effect) << modules.says;
  EXPECT_GT(*modules.effect, 0.8);  // 8 more a week in three of eight modules
  EXPECT_LE(*modules.p, 0.05);
  EXPECT_TRUE(design(impact, "dose").says.starts_with("Not possible: the person's acts"));  // the same every week
  EXPECT_FALSE(design(impact, "synthetic").effect);
  EXPECT_FALSE(impact.is_check_moved);
  EXPECT_TRUE(impact_conclusion(impact.answer, impact.series).starts_with("An effect is shown"));
  const auto results = impact_results(impact, context({}).result("impact", "", ""));
  std::vector<std::string> names;
  for (const auto& result : results) names.push_back(result.name);
  EXPECT_EQ(names, (std::vector<std::string>{"impact", "impact_course", "impact_designs", "impact_unlocked",
                                             "impact_limits"}));
  for (const auto& result : results)
    for (const auto& row : result.rows) EXPECT_EQ(row.size(), result.columns.size()) << result.name;
}

TEST_P(ImpactOf, SaysWhatItNeedsAndRefusesWhatMakesNoSense) {
  write(*database_, "busy", busy_history(2, 0));
  EXPECT_TRUE(impact_analysis.run(context({}))[0].claim.starts_with("No day is named yet"));
  EXPECT_THROW(impact_of(context({})), Error);
  EXPECT_THROW(impact_of(context({{"start", "2023-01-02"}, {"end", "2022-01-02"}})), Error);
  try {
    impact_of(context({{"start", "2023-01-02"}, {"outcome", "mergd"}}));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean merged?");
  }
  EXPECT_THROW(impact_of(context({{"start", "2023-01-02"}, {"outcome", "measure:time_to_merge"}})), Error);
  EXPECT_THROW(impact_of(context({{"start", "2023-01-02"}, {"outcome", "benchmark:none"}})), Error);
  const Impact future = impact_of(context({{"start", "2030-01-02"}}));
  EXPECT_EQ(future.answer.missing, "nothing is known after the start");
  EXPECT_FALSE(future.course);
  const Impact none = impact_of(context({{"start", "2023-01-02"}}));
  EXPECT_GT(none.answer.p, 0.05);
  EXPECT_TRUE(none.unlocked.empty());
  EXPECT_TRUE(design(none, "dose").says.find("--person") != std::string::npos);
  EXPECT_GE(none.record.size(), 3u);
  const Impact measure =
      impact_of(context({{"start", "2023-01-02"}, {"outcome", "measure:flow_per_week.pulls_merged"}}));
  EXPECT_LE(measure.series.question.outcome.size(), 104u);  // the measure goes back two years
  EXPECT_LE(measure.answer.window, 3u);
}

TEST_P(ImpactOf, NothingLaterReachesIt) {
  const History history = busy_history(3, 4);
  write(*database_, "busy", history);
  const Timestamp moment = kStart + 20 * kWeek;
  const auto of = [&](const char* project, Timestamp as_of) {
    Context made = open_context(*database_, Config(), project, as_of, kForever);
    made.arguments = {{"start", "2023-01-02"}, {"person", "res"}, {"outcome", "answered"}};
    return impact_of(made);
  };
  const Impact whole = of("busy", moment);
  TearDown();  // a store that was never told the rest
  SetUp();
  write(*database_, "past", until(history, moment));
  database_->execute("UPDATE source SET data_until = :moment", {{"moment", moment}});  // nothing came until then
  const Impact past = of("past", moment);
  EXPECT_EQ(whole.series.question.outcome, past.series.question.outcome);
  EXPECT_EQ(whole.answer.effect, past.answer.effect);
  EXPECT_EQ(whole.unlocked.size(), past.unlocked.size());
}

TEST_P(ImpactOf, ControlsAreThoseWithDataToTheEnd) {
  write(*database_, "busy", busy_history(4, 0));
  const std::int64_t good = write(*database_, "good", busy_history(5, 0)),
                     stale = write(*database_, "stale", busy_history(6, 0)),
                     quiet = write(*database_, "quiet", small_history());
  for (const auto& [id, until] :
       std::map<std::int64_t, Timestamp>{{good, end() + kDay}, {stale, kStart + kWeek}, {quiet, end() + kDay}})
    database_->execute("UPDATE source SET data_until = :until WHERE project_id = :project",
                       {{"until", until}, {"project", id}});
  const Impact impact = impact_of(context({{"start", "2023-01-02"}}));
  EXPECT_EQ(impact.series.controls, std::vector<std::string>{"good"});
  std::string notes;
  for (const auto& note : impact.series.notes) notes += note + "\n";
  EXPECT_NE(notes.find("stale is no control: its data end on 2023-01-09"), std::string::npos) << notes;
  EXPECT_NE(notes.find("quiet is no control: it was silent"), std::string::npos) << notes;
  EXPECT_EQ(impact.answer.without_control.size(), 1u);
}

// A stock that is counted once a month is what it was last between two counts.
TEST_P(ImpactOf, UsersOfAModuleAreAnOutcome) {
  const std::int64_t project = write(*database_, "busy", busy_history(9, 0));
  stats::Random random(5);
  for (int month = -60; month < 10; ++month) {
    const double users = 100 + (month >= 0 ? 60 : 0) + static_cast<double>(random.binomial(10, 0.5));
    database_->execute(
        "INSERT INTO module_use_count (project_id, module, counted_at, projects, corpus_projects, downloads) VALUES "
        "(:project, 'a', :at, :users, 1000, :downloads)",
        {{"project", project},
         {"at", kStart + month * 4 * kWeek + kDay},
         {"users", static_cast<std::int64_t>(users)},
         {"downloads", month % 2 == 0 ? Value(users * 1000) : Value()}});
  }
  const Impact impact = impact_of(context({{"start", "2023-01-02"}, {"outcome", "adoption:a"}}));
  ASSERT_TRUE(impact.answer.is_answered) << impact.answer.missing;
  EXPECT_EQ(impact.outcome, "share of projects that use a");
  EXPECT_NEAR(impact.answer.observed, 0.165, 0.005);
  EXPECT_NEAR(impact.answer.effect, 60 / 105.0, 0.1);
  EXPECT_LE(impact.answer.p, 0.05);
  EXPECT_NE(impact.series.notes.front().find("Counted 70 times"), std::string::npos) << impact.series.notes.front();
  for (const auto& each : impact.designs) EXPECT_NE(each.name, "check");
  EXPECT_EQ(impact_of(context({{"start", "2023-01-02"}, {"outcome", "downloads:a"}})).outcome,
            "downloads of projects that use a");
  // As of a moment, only what had been counted.
  EXPECT_EQ(impact_of(context({{"start", "2022-01-03"}, {"outcome", "adoption:a"}}, kStart))
                .series.notes.front()
                .find("Counted 60 times"),
            0u);
  try {
    impact_of(context({{"start", "2023-01-02"}, {"outcome", "adoption:aa"}}));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no users of the module aa are in the store");
    EXPECT_EQ(error.hint(), "did you mean a?");
  }
}

// Lists of pull requests leave out who merged; the timeline has it.
TEST_P(ImpactOf, WhoMergedIsKnownFromTheTimelineToo) {
  History history = busy_history(1, 8);
  for (auto& each : history.items) {
    if (!each.merged_by.login.empty())
      for (auto& told : each.events)
        if (told.kind == "merged") told.actor = each.merged_by;
    each.merged_by = {};
  }
  write(*database_, "busy", history);
  const Impact impact = impact_of(context({{"start", "2023-01-02"}, {"person", "res"}}));
  ASSERT_TRUE(impact.without_person);
  EXPECT_NEAR(impact.answer.effect, 8 / 14.0, 0.2);
  EXPECT_NEAR(impact.without_person->effect, 1.6 / 14, 0.15);
}

// Where the data end before the end that was asked for, the weeks without data are no weeks without work.
TEST_P(ImpactOf, EndsWhereTheDataEnd) {
  const std::int64_t id = write(*database_, "busy", busy_history(7, 0));
  database_->execute("UPDATE source SET data_until = :until WHERE project_id = :project",
                     {{"until", kStart + 5 * kWeek}, {"project", id}});
  EXPECT_EQ(impact_of(context({{"start", "2023-01-02"}}, end() + 50 * kWeek)).series.question.outcome.size(),
            static_cast<std::size_t>(kWeeksBefore - 1 + 5));  // the first week is not whole
}

TEST_P(ImpactOf, NewcomersWhoCameBack) {
  History history = busy_history(8, 4);
  std::int64_t number = 100000;
  // 24 newcomers: res answers 12, of whom 9 come back; bob 12, of whom 4 do; one came back before the answer.
  for (int k = 0; k < 25; ++k) {
    const std::string who = "new" + std::to_string(k);
    const Timestamp created = kStart + (k + 1) * kDay;
    auto first = item(true, ++number, who, format_time(created));
    comment(first, k < 12 ? "res" : "bob", created + 2 * kDay);
    history.items.push_back(std::move(first));
    if (k < 9 || (k >= 12 && k < 16) || k == 24)
      history.items.push_back(item(true, ++number, who, format_time(created + (k == 24 ? 1 : 30) * kDay)));
  }
  std::stable_sort(history.items.begin(), history.items.end(),
                   [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
  write(*database_, "busy", history);
  const Impact impact = impact_of(context({{"start", "2023-01-02"}, {"person", "res"}, {"outcome", "newcomers"}}));
  const Impact reviews = impact_of(context({{"start", "2023-01-02"}, {"person", "res"}, {"outcome", "reviews"}}));
  const auto& unlocked = impact.unlocked.empty() ? reviews.unlocked : impact.unlocked;
  ASSERT_EQ(unlocked.size(), 3u);
  const auto& back = unlocked[2];
  EXPECT_EQ(back.n, 24);
  EXPECT_DOUBLE_EQ(back.observed.value(), 9 / 12.0);
  EXPECT_DOUBLE_EQ(back.expected.value(), 4 / 12.0);
  EXPECT_DOUBLE_EQ(back.change.value(), 9 / 4.0 - 1);
  EXPECT_NE(back.says.find("E-value"), std::string::npos);
}

TEST(RiskRatio, EValueIsThePublishedOne) {  // VanderWeele and Ding 2017: breastfeeding and respiratory infection
  EXPECT_NEAR(stats::e_value(3.9), 7.26, 0.005);
  EXPECT_NEAR(stats::e_value(1.8), 3.0, 0.005);
  EXPECT_NEAR(stats::e_value(1 / 3.9), 7.26, 0.005);
  const auto ratio = stats::risk_ratio(30, 100, 15, 100);
  ASSERT_TRUE(ratio);
  EXPECT_NEAR(ratio->ratio, 2, 1e-12);
  EXPECT_NEAR(ratio->low, 2 * std::exp(-1.959964 * std::sqrt(1 / 30.0 - 0.01 + 1 / 15.0 - 0.01)), 1e-6);
  EXPECT_FALSE(stats::risk_ratio(0, 10, 3, 10));
  EXPECT_FALSE(stats::risk_ratio(10, 10, 10, 10));
}

}  // namespace
}  // namespace resident
