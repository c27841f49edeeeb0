#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <learn/reviewers/suggest.hpp>
#include <random>
#include <tests/analyses/history.hpp>

namespace resident {

extern const AccuracyTask reviewers_accuracy;

namespace reviewers {
namespace {

using test::account;
using test::History;

constexpr Timestamp kStart = 1600000000;
constexpr int kPulls = 150;

// Two folders, each with a reviewer of its own; zoe comes by anywhere, and most often.
History two_folders() {
  History history;
  std::mt19937 random(7);
  for (int i = 0; i < kPulls; ++i) {
    const bool in_parser = random() % 2 == 0;
    auto record = test::item(true, i + 1, i % 3 == 0 ? "ann" : "bob", format_time(kStart + i * 2 * kDay));
    record.title = in_parser ? "Parse faster" : "Draw nicer";
    record.files.push_back({(in_parser ? "src/parser/p" : "src/view/v") + std::to_string(random() % 9) + ".c", 10, 2});
    test::review(record, in_parser ? "pat" : "vic", record.created_at + 5 * kHour);
    if (random() % 20 < 7) test::review(record, "zoe", record.created_at + 3 * kHour);
    test::event(record, "closed", record.created_at + 20 * kHour);
    record.state = "closed";
    record.closed_at = record.created_at + 20 * kHour;
    history.items.push_back(std::move(record));
  }
  return history;
}

class Reviewers : public testing::Test {
 protected:
  Context context_of(const std::string& name, const History& history, Timestamp as_of) {
    test::write(*database_, name, history);
    return open_context(*database_, Config(), name, as_of, test::kForever);
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(Reviewers, LearnsWhoReviewsWhat) {
  const AccuracyReport report = reviewers_accuracy.run(context_of("p", two_folders(), kStart + 400 * kDay));
  ASSERT_EQ(report.cases.size(), 120u);
  ASSERT_EQ(report.figures[0].metric, "top_1");
  EXPECT_GT(report.figures[0].value, 0.95);
  EXPECT_LT(*report.figures[0].baseline, 0.75);
}

// What happens later must not move what was suggested before: the same history, with a
// stranger's reviews planted in its second half, and on old pull requests.
TEST_F(Reviewers, FutureReviewsChangeNothing) {
  const History history = two_folders();
  History planted = history;
  const Timestamp moment = kStart + 200 * kDay;
  for (auto& record : planted.items) {
    test::review(record, "mallory", std::max(record.created_at, moment) + kHour);
    test::comment(record, "mallory", std::max(record.created_at, moment) + 2 * kHour);
  }
  const auto honest = reviewers_accuracy.run(context_of("honest", history, kStart + 400 * kDay));
  const auto leaking = reviewers_accuracy.run(context_of("planted", planted, kStart + 400 * kDay));
  std::size_t before = 0, moved = 0;
  ASSERT_EQ(honest.cases.size(), leaking.cases.size());
  for (std::size_t i = 0; i < honest.cases.size(); ++i) {
    const auto &a = honest.cases[i], &b = leaking.cases[i];
    ASSERT_EQ(a.item, b.item);
    if (a.as_of <= moment) {
      ++before;
      EXPECT_EQ(a.ranked, b.ranked) << a.item;
      EXPECT_EQ(a.scores, b.scores) << a.item;
      EXPECT_EQ(a.baseline, b.baseline) << a.item;
    } else {
      moved += a.ranked != b.ranked;
    }
  }
  EXPECT_GT(before, 50u);
  EXPECT_GT(moved, 30u) << "the test could not see a leak";
}

// A suggestion for a past moment is what a store says that was never told the rest.
TEST_F(Reviewers, AsOfIsAsItWas) {
  const History history = two_folders();
  const Timestamp moment = kStart + 210 * kDay + 4 * kHour;
  History past = test::until(history, moment);
  const Suggester whole(context_of("whole", history, moment)), part(context_of("part", past, moment));
  for (const std::int64_t number : {90, 100, 105, 106}) {
    const auto a = whole.suggest(number * 2 + 1), b = part.suggest(number * 2 + 1);
    ASSERT_EQ(a.size(), b.size());
    ASSERT_FALSE(a.empty());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].name, b[i].name);
      EXPECT_EQ(a[i].why, b[i].why);
      EXPECT_NEAR(a[i].probability, b[i].probability, 1e-9);
    }
  }
}

// What is kept answers as what is read and learnt anew does; what came since the week began is seen either way.
TEST_F(Reviewers, KeptOrLearntAnewTheAnswersAreTheSame) {
  const History history = two_folders();
  const Timestamp moment = kStart + 210 * kDay + 4 * kHour;
  const auto ask = [](const Context& context) {
    const Suggester suggester(context);
    std::vector<std::tuple<std::string, double, std::string, bool>> told;
    for (const std::int64_t number : {90, 100, 105, 106})
      for (const auto& each : suggester.suggest(number * 2 + 1))
        told.emplace_back(each.name, each.probability, each.why, each.asked);
    EXPECT_GT(suggester.learnt_from(), 20u);
    return told;
  };
  const Context context = context_of("p", history, moment);
  const auto anew = ask(context);
  ASSERT_GT(anew.size(), 10u);
  EXPECT_EQ(database_->integer("SELECT count(*) FROM learnt").value_or(0), 2);
  EXPECT_EQ(ask(context), anew);
  database_->execute("DELETE FROM learnt WHERE name = 'reviewers'");
  EXPECT_EQ(ask(context), anew);
  database_->execute("UPDATE learnt SET content = substr(content, 1, length(content) - 5)");
  EXPECT_EQ(ask(context), anew);
  // Another store: kept from a day of the same week, with what came until then; the rest came later.
  const Timestamp earlier = start_of_week(moment) + kHour;
  ask(context_of("q", test::until(history, earlier), earlier));
  const auto kept = database_->text("SELECT basis FROM learnt WHERE project_id = 2 AND name = 'reviews'");
  const auto later = ask(context_of("q", history, moment));
  EXPECT_EQ(database_->text("SELECT basis FROM learnt WHERE project_id = 2 AND name = 'reviews'"), kept);
  ASSERT_EQ(later.size(), anew.size());
  for (std::size_t i = 0; i < anew.size(); ++i) {
    EXPECT_EQ(std::get<0>(later[i]), std::get<0>(anew[i]));
    EXPECT_NEAR(std::get<1>(later[i]), std::get<1>(anew[i]), 1e-9);
    EXPECT_EQ(std::get<2>(later[i]), std::get<2>(anew[i]));
  }
}

// Told which pull requests it will be asked about, it takes in less, and says the same to the last bit.
TEST_F(Reviewers, AskedAboutFewItSaysTheSame) {
  const Context context = context_of("p", two_folders(), kStart + 210 * kDay + 4 * kHour);
  const Suggester whole(context);
  const auto told = [](const Suggester& suggester, std::int64_t item) {
    std::vector<std::tuple<std::string, double, std::string, bool, double>> all;
    for (const auto& each : suggester.suggest(item))
      all.emplace_back(each.name, each.probability, each.why, each.asked, each.load);
    return all;
  };
  for (const std::vector<std::int64_t>& items : {std::vector<std::int64_t>{181}, {201, 211, 213}, {3}}) {
    const Suggester few(context, load_people(context), items);
    EXPECT_EQ(few.learnt_from(), whole.learnt_from());
    for (const std::int64_t item : items) {
      EXPECT_FALSE(told(few, item).empty());
      EXPECT_EQ(told(few, item), told(whole, item)) << item;
    }
  }
  // The same where what is learnt has to be learnt anew on the way.
  database_->execute("DELETE FROM learnt");
  EXPECT_EQ(told(Suggester(context, load_people(context), {201}), 201), told(whole, 201));
}

// Also where most of what was done was done by people who have gone since: of them only what all have in common counts.
TEST_F(Reviewers, AskedAboutFewItForgetsWhoIsGone) {
  History history = two_folders();
  for (int i = 0; i < 60; ++i) {
    auto record = test::item(true, 1001 + i, i % 2 ? "gone" : "ann", format_time(kStart - 900 * kDay + i * kDay));
    record.title = "Parse more";
    record.files.push_back({"src/parser/p" + std::to_string(i % 9) + ".c", 5, 1});
    test::review(record, i % 2 ? "pat" : "gone", record.created_at + 5 * kHour);
    test::review(record, i % 3 ? "away" : "vic", record.created_at + 6 * kHour);
    test::event(record, "merged", record.created_at + 20 * kHour);
    record.events.back().actor = test::account("away");
    test::event(record, "closed", record.created_at + 20 * kHour);
    record.state = "closed";
    record.closed_at = record.merged_at = record.created_at + 20 * kHour;
    history.items.push_back(std::move(record));
  }
  const Context context = context_of("p", history, kStart + 290 * kDay);
  const Suggester whole(context), few(context, load_people(context), {281, 285});
  for (const std::int64_t item : {281, 285}) {
    const auto a = whole.suggest(item), b = few.suggest(item);
    ASSERT_FALSE(a.empty());
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].name, b[i].name);
      EXPECT_EQ(a[i].probability, b[i].probability);
      EXPECT_EQ(a[i].why, b[i].why);
      EXPECT_EQ(a[i].load, b[i].load);
    }
  }
}

TEST_F(Reviewers, NeverItsAuthorAndSaysWhy) {
  const Suggester suggester(context_of("p", two_folders(), kStart + 301 * kDay));
  for (int number = 1; number <= kPulls; ++number) {
    const auto list = suggester.suggest(number * 2 + 1);
    for (const auto& each : list) {
      EXPECT_NE(each.name, (number - 1) % 3 == 0 ? "ann" : "bob");
      EXPECT_NE(each.why.find("active "), std::string::npos);
    }
  }
  EXPECT_TRUE(suggester.suggest(4242).empty());
}

// Of three who are likely to different degrees, all are named, the likeliest most.
TEST(LoadBalanceTest, NamesInProportion) {
  const double probabilities[] = {0.5, 0.3, 0.2};
  LoadBalance balance;
  std::map<Index, int> named;
  for (int i = 0; i < 200; ++i) {
    const Timestamp now = kStart + i * kHour;
    Index best = 0;
    const auto score = [&](Index who) { return std::log(probabilities[who]) + balance.bonus(who, now); };
    for (Index who = 1; who < 3; ++who)
      if (score(who) > score(best)) best = who;
    for (Index who = 0; who < 3; ++who) balance.earn(who, probabilities[who], now);
    balance.name(best, now);
    ++named[best];
  }
  EXPECT_GT(named[0], named[1]);
  EXPECT_GT(named[1], named[2]);
  EXPECT_GT(named[2], 15);
}

TEST(LoadBalanceTest, CreditIsEarnedAndSpent) {
  LoadBalance balance(1);
  EXPECT_EQ(balance.bonus(1, kStart), 0);
  balance.earn(1, 0.5, kStart);
  balance.name(2, kStart);
  EXPECT_NEAR(balance.bonus(1, kStart), 0.5, 1e-12);
  EXPECT_NEAR(balance.bonus(2, kStart + 30 * kDay), -0.5, 1e-12);
}

// Choices drawn from known weights: with many, they are found again; with none, the prior stays.
TEST(ChoiceRankerTest, FindsTheWeightsThatMadeTheChoices) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  Row truth{};
  truth[static_cast<std::size_t>(Signal::rate_60)] = 1.5;
  truth[static_cast<std::size_t>(Signal::folder_lift)] = -1;
  const ChoiceRanker maker(truth);
  std::vector<Choice> choices;
  for (int i = 0; i < 6000; ++i) {
    Choice choice;
    for (int k = 0; k < 8; ++k) {
      Row row{};
      row[static_cast<std::size_t>(Signal::rate_60)] = 2 * uniform(random);
      row[static_cast<std::size_t>(Signal::folder_lift)] = 2 * uniform(random);
      choice.rows.push_back(row);
    }
    double left = uniform(random);
    const auto probabilities = maker.probabilities(choice.rows);
    std::size_t chosen = 0;
    while (chosen + 1 < probabilities.size() && (left -= probabilities[chosen]) > 0) ++chosen;
    choice.chosen = {chosen};
    choices.push_back(std::move(choice));
  }
  ChoiceRanker ranker;
  ranker.fit({});
  EXPECT_EQ(ranker.weights(), ChoiceRanker::prior_weights());
  ranker.fit(choices);
  EXPECT_NEAR(ranker.weights()[static_cast<std::size_t>(Signal::rate_60)], 1.5, 0.1);
  EXPECT_NEAR(ranker.weights()[static_cast<std::size_t>(Signal::folder_lift)], -1, 0.1);
}

TEST(FadingTest, HalvesInItsTime) {
  Fading fading;
  fading.add(kStart, 4, 10);
  EXPECT_DOUBLE_EQ(fading.at(kStart + 10, 10), 2);
  fading.add(kStart + 20, 1, 10);
  EXPECT_DOUBLE_EQ(fading.at(kStart + 20, 10), 2);
}

TEST(OwnerPatternTest, AsTheForgeReadsThem) {
  struct {
    const char *pattern, *path;
    bool matches;
  } const cases[] = {{"*", "a/b.c", true},
                     {"*.js", "a/b.js", true},
                     {"*.js", "a/b.jsx", false},
                     {"/build/", "build/a/b", true},
                     {"/build/", "src/build/a", false},
                     {"docs/*", "docs/a.md", true},
                     {"docs/*", "docs/a/b.md", false},
                     {"apps/", "x/apps/y.c", true},
                     {"**/logs", "a/logs/x", true},
                     {"**/logs", "logs/x", true},
                     {"/a/**/z.c", "a/b/c/z.c", true},
                     {"/a/**/z.c", "a/z.c", true},
                     {"Lib/asyncio", "Lib/asyncio/x.py", true},
                     {"Lib/asyncio", "Lib/asyncio2/x.py", false},
                     {"/x?.c", "xy.c", true},
                     {"/x?.c", "x/.c", false},
                     {"", "a", false},
                     {"Objects/**", "Objects/a/b.c", true}};
  for (const auto& each : cases)
    EXPECT_EQ(owner_pattern_matches(each.pattern, each.path), each.matches) << each.pattern << " " << each.path;
  // Many stars end soon.
  EXPECT_FALSE(owner_pattern_matches("a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace reviewers
}  // namespace resident
