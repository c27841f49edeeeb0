#include <gtest/gtest.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <model/careers.hpp>
#include <model/rhythm.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

// 2021 and 2022: ann and bob review month by month, ann ten times as much; cat writes in every second month; dan twice,
// far apart; eve on two days of one week; a bot every month.
test::History onion() {
  test::History history;
  std::int64_t number = 0;
  const auto open = [&](const std::string& who, int month, int day) -> ItemRecord& {
    history.items.push_back(
        test::item(false, ++number, who, format_time(start_of(12 * 2021 + month) + (day - 1) * kDay)));
    return history.items.back();
  };
  for (int month = 0; month < 24; ++month) {
    ItemRecord& thread = open("dependabot[bot]", month, 1);
    for (int i = 0; i < 20; ++i) test::review(thread, "ann", thread.created_at + i * kHour);
    for (int i = 0; i < 2; ++i) test::review(thread, "bob", thread.created_at + i * kDay);
    if (month % 2 == 0) open("cat", month, 5);
  }
  open("dan", 3, 5);
  open("dan", 20, 5);
  open("eve", 22, 5);
  open("eve", 22, 9);
  return history;
}

class CareersTest : public testing::Test {
 protected:
  Context context(const test::History& history, const char* as_of) {
    test::write(*database_, "p", history);
    return open_context(*database_, Config(), "p", at(as_of), test::kForever);
  }
  std::map<std::string, Layer> layers(const Context& context, const People& people, const Careers& careers,
                                      int wanted) {
    std::map<std::string, Layer> result;
    careers.replay([&](int month, const std::vector<LayerStanding>& standings) {
      if (month != wanted) return;
      for (const LayerStanding& each : standings) result[people.name(careers.all()[each.career].person)] = each.layer;
    });
    (void)context;
    return result;
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(CareersTest, LayersByHand) {
  const Context now = context(onion(), "2023-01-01T00:00:00Z");
  const People people = load_people(now);
  const Careers careers(now, people);
  EXPECT_EQ(careers.last_month(), 12 * 2022 + 11);
  EXPECT_EQ(quarter_name(*careers.last_quarter()), "2022Q4");
  const std::map<std::string, Layer> expected{{"ann", Layer::core},
                                              {"bob", Layer::regular},
                                              {"cat", Layer::regular},
                                              {"dan", Layer::occasional},
                                              {"eve", Layer::drive_by}};
  EXPECT_EQ(layers(now, people, careers, 12 * 2022 + 11), expected);  // no bot among them
  // dan came in April 2021: then it was not known that they would come again.
  EXPECT_EQ(layers(now, people, careers, 12 * 2021 + 11).at("dan"), Layer::drive_by);
  // With ninety-five per cent bob is needed, too.
  const Careers wider(now, people, {0.95, 4, 30});
  EXPECT_EQ(layers(now, people, wider, 12 * 2022 + 11).at("bob"), Layer::core);
  // Seven months are more than cat has.
  const Careers stricter(now, people, {0.8, 7, 30});
  EXPECT_EQ(layers(now, people, stricter, 12 * 2022 + 11).at("cat"), Layer::occasional);
}

TEST_F(CareersTest, StagesAreReachedAtTheirMoments) {
  const Context now = context(onion(), "2023-01-01T00:00:00Z");
  const People people = load_people(now);
  const Careers careers(now, people);
  std::map<std::string, const Career*> by_name;
  for (const Career& career : careers.all()) by_name[people.name(career.person)] = &career;
  ASSERT_EQ(by_name.size(), 5u);
  EXPECT_EQ(by_name.at("dan")->came_again, at("2022-09-05"));
  EXPECT_FALSE(by_name.at("dan")->became_regular);
  EXPECT_FALSE(by_name.at("eve")->came_again);
  EXPECT_EQ(by_name.at("cat")->became_regular, at("2021-07-05"));  // the fourth of its months
  EXPECT_EQ(by_name.at("ann")->became_core, at("2021-05-01"));     // the end of the fourth month
  EXPECT_FALSE(by_name.at("cat")->became_core);
}

// What a store says that knows of nothing later must be what the whole store says as of then.
TEST_F(CareersTest, NothingLaterReachesThePast) {
  const Context then = context(onion(), "2022-03-10T00:00:00Z");
  auto other = Database::open(":memory:");
  test::write(*other, "p", test::until(onion(), at("2022-03-10T00:00:00Z")));
  const Context only = open_context(*other, Config(), "p", at("2022-03-10T00:00:00Z"), test::kForever);
  for (const char* name : {"layers", "funnel", "fading", "succession"}) {
    const auto one = find_analysis(name).run(then), two = find_analysis(name).run(only);
    ASSERT_EQ(one.size(), two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_EQ(one[i].claim, two[i].claim);
      EXPECT_EQ(one[i].rows, two[i].rows) << one[i].name;
    }
  }
}

TEST_F(CareersTest, NewcomersAreThoseWhoComeAYearAfterTheRecordsBegin) {
  const Context now = context(onion(), "2023-01-01T00:00:00Z");
  const Careers careers(now, load_people(now));
  EXPECT_FALSE(careers.are_newcomers(at("2020-10-01")));
  EXPECT_FALSE(careers.are_newcomers(at("2021-10-01")));
  EXPECT_TRUE(careers.are_newcomers(at("2022-01-01")));
}

TEST_F(CareersTest, WithoutAnythingAllSayIt) {
  const Context now = context({}, "2023-01-01T00:00:00Z");
  for (const char* name : {"layers", "funnel", "fading", "succession"})
    for (const Result& result : find_analysis(name).run(now)) {
      EXPECT_TRUE(result.rows.empty()) << result.name;
      EXPECT_FALSE(result.claim.empty()) << result.name;
    }
}

// ten newcomers of 2022Q1, of whom four come again in the following quarter; all others came in 2022Q4.
TEST_F(CareersTest, FunnelAndRetention) {
  test::History history = onion();
  std::int64_t number = 1000;
  for (int i = 0; i < 10; ++i) {
    const std::string who = "new" + std::to_string(i);
    history.items.push_back(test::item(false, ++number, who, "2022-02-01T00:00:00Z"));
    if (i < 4) history.items.push_back(test::item(false, ++number, who, "2022-04-10T00:00:00Z"));
    history.items.push_back(test::item(false, ++number, "late" + std::to_string(i), "2022-11-20T00:00:00Z"));
  }
  const Context now = context(history, "2023-01-01T00:00:00Z");
  std::map<std::string, Result> results;
  for (Result& result : find_analysis("funnel").run(now)) results[result.name] = std::move(result);
  const auto number_at = [](const Result& result, std::size_t row, const char* column) {
    const Cell& cell = result.rows.at(row).at(result.column(column));
    return std::holds_alternative<double>(cell) ? std::get<double>(cell) : -1;
  };
  const Result& cohorts = results.at("funnel_cohorts");
  ASSERT_EQ(cohorts.rows.size(), 2u);  // 2022Q1 and 2022Q4
  EXPECT_EQ(number_at(cohorts, 0, "again_1"), 0.4);
  EXPECT_NEAR(number_at(cohorts, 0, "again_1_low"), 0.168, 0.001);  // Wilson, 4 of 10
  EXPECT_EQ(number_at(cohorts, 0, "again_4"), -1);                  // nobody was followed for a year
  EXPECT_EQ(number_at(cohorts, 1, "again_1"), -1);
  // All: at 2 quarters the ten of February were followed, and eve and the late ones to their 42 to 57 days.
  const Result& all = results.at("funnel");
  EXPECT_EQ(all.sample_size, 21);
  EXPECT_NEAR(number_at(all, 0, "share"), 0.4, 1e-9);
  EXPECT_NEAR(number_at(all, 1, "share"), 0.4, 1e-9);
  EXPECT_EQ(number_at(all, 2, "share"), -1);
  const Result& retention = results.at("retention");
  EXPECT_EQ(number_at(retention, 0, "share"), 0.4);
  EXPECT_EQ(number_at(retention, 1, "share"), 0);
}

TEST(Rhythm, ASilenceIsHeldAgainstOnesOwn) {
  Career weekly, yearly;
  for (std::int64_t week = 0; week < 100; ++week) weekly.days.push_back(18000 + 7 * week);
  for (std::int64_t i = 0; i < 12; ++i) yearly.days.push_back(18000 + 60 * i);
  const std::int64_t last = weekly.days.back();
  const auto days_later = [](std::int64_t day, std::int64_t days) { return (day + days) * kDay + kHour; };
  EXPECT_EQ(silence_of(weekly, days_later(last, 3)).rhythm, Rhythm::usual);
  EXPECT_NEAR(silence_of(weekly, days_later(last, 3)).share, 4.0 / 7, 1e-9);
  EXPECT_EQ(silence_of(weekly, days_later(last, 29)).rhythm, Rhythm::usual);  // never as long, but not yet a month
  EXPECT_EQ(silence_of(weekly, days_later(last, 30)).rhythm, Rhythm::quieter);
  EXPECT_EQ(silence_of(weekly, days_later(last, 365)).rhythm, Rhythm::away);
  EXPECT_EQ(silence_of(yearly, days_later(yearly.days.back(), 50)).rhythm, Rhythm::usual);
  EXPECT_EQ(silence_of(yearly, days_later(yearly.days.back(), 59)).rhythm, Rhythm::quieter);
  // As of an earlier day the later ones are not known.
  EXPECT_EQ(silence_of(weekly, days_later(18000 + 350, 0)).days, 0);
  yearly.days.resize(9);
  EXPECT_EQ(silence_of(yearly, days_later(yearly.days.back(), 40)).rhythm, Rhythm::unknown);
}

// Those who go on as ever look quieter on about one day in twenty at most.
TEST(Rhythm, FalseAlarmsAreAsRareAsPromised) {
  std::mt19937 random(7);
  std::exponential_distribution<double> gap(1.0 / 12);
  int quieter = 0;
  constexpr int kPeople = 4000;
  for (int person = 0; person < kPeople; ++person) {
    Career career;
    for (double day = 10000; day < 12000; day += 1 + gap(random)) career.days.push_back(static_cast<std::int64_t>(day));
    career.days.erase(std::unique(career.days.begin(), career.days.end()), career.days.end());
    quieter += silence_of(career, 11900 * kDay).rhythm == Rhythm::quieter;
  }
  EXPECT_LT(quieter, kPeople * 0.075);
  EXPECT_GT(quieter, kPeople * 0.025);
}

// Names are asked for, never shown by themselves; of fewer than five nothing is.
TEST_F(CareersTest, FadingIsAboutPeople) {
  Context now = context(onion(), "2023-04-15T00:00:00Z");
  const auto few = find_analysis("fading").run(now);
  ASSERT_EQ(few.size(), 2u);
  EXPECT_TRUE(few[0].rows.empty());
  EXPECT_NE(few[0].claim.find("Fewer than five"), std::string::npos) << few[0].claim;
  now.arguments["people"] = "yes";
  const auto named = find_analysis("fading").run(now);
  ASSERT_EQ(named.size(), 3u);
  ASSERT_FALSE(named[2].rows.empty());
  EXPECT_EQ(std::get<std::string>(named[2].rows[0][0]), "ann");
}

TEST_F(CareersTest, FadingCountsFromFiveOn) {
  test::History history = onion();
  std::int64_t number = 2000;
  for (int i = 0; i < 6; ++i)
    for (int week = 0; week < (i < 2 ? 100 : 121); ++week)
      history.items.push_back(
          test::item(false, ++number, "reg" + std::to_string(i), format_time(at("2021-01-04") + week * kWeek)));
  const auto results = find_analysis("fading").run(context(history, "2023-04-30T00:00:00Z"));
  ASSERT_EQ(results[0].rows.size(), 1u);  // ann alone is core: together
  const auto count = [&](const char* column) {
    return std::get<std::int64_t>(results[0].rows[0][results[0].column(column)]);
  };
  EXPECT_EQ(count("people"), 9);
  EXPECT_EQ(count("usual"), 4);
  EXPECT_EQ(count("quieter"), 5);  // ann, bob, cat and two of the six
}

}  // namespace
}  // namespace resident
