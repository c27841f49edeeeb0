#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <framework/accuracy.hpp>
#include <learn/labels/suggest.hpp>
#include <random>
#include <stats/linear.hpp>
#include <tests/analyses/history.hpp>

namespace resident {

extern const AccuracyTask labels_accuracy;

namespace labels {
namespace {

using test::History;

constexpr Timestamp kStart = 1600000000;

const std::vector<std::string> kThings{"parser", "socket", "cache", "renderer", "scheduler", "allocator", "logger"};

// Reports and wishes at random, each labelled a day later by ann; every fourth is about documentation too.
History issues(int count = 160, bool with_events = true) {
  History history;
  std::mt19937 random(3);
  for (int i = 0; i < count; ++i) {
    auto record = test::item(false, i + 1, "bob", format_time(kStart + i * kDay));
    const std::string thing = kThings[random() % kThings.size()];
    const bool is_bug = random() % 2 == 0, is_docs = random() % 4 == 0;
    record.title = is_bug ? "The " + thing + " crashes under load" : "Please add an option to the " + thing;
    record.body = is_bug ? "It fails with an error when I start the " + thing + " twice."
                         : "It would be nice to be able to configure the " + thing + ".";
    if (is_docs) record.body += " The manual page does not mention it.";
    const auto label = [&](const std::string& name) {
      record.labels.push_back(name);
      if (!with_events) return;
      test::event(record, "labeled", record.created_at + kDay);
      record.events.back().label = name;
    };
    label(is_bug ? "bug" : "enhancement");
    if (is_docs) label("manual");
    if (i % 10 == 0) label("wontfix");
    history.items.push_back(std::move(record));
  }
  return history;
}

class Labels : public testing::Test {
 protected:
  Context context_of(const std::string& name, const History& history, Timestamp as_of) {
    test::write(*database_, name, history);
    return open_context(*database_, Config(), name, as_of, test::kForever);
  }
  static double figure(const AccuracyReport& report, const std::string& metric) {
    for (const auto& each : report.figures)
      if (each.metric == metric) return each.value;
    ADD_FAILURE() << "no figure " << metric;
    return -1;
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST(Linear, SeparatesWhatCanBeSeparated) {
  std::vector<SparseRow> rows;
  std::vector<int> classes;
  for (int i = 0; i < 30; ++i) {
    rows.push_back({{static_cast<std::uint32_t>(i % 3), 1.0f}, {3, 0.5f}});
    classes.push_back(i % 3);
  }
  const LinearClassifier classifier(rows, classes, 4, 10);
  for (int k = 0; k < 3; ++k) {
    const auto values = classifier.decisions({{static_cast<std::uint32_t>(k), 1.0f}});
    EXPECT_EQ(std::max_element(values.begin(), values.end()) - values.begin(), k);
    EXPECT_LT(values[3], -10);  // never seen
  }
  EXPECT_GT(classifier.weight(0, 0), classifier.weight(0, 1));
  EXPECT_THROW(LinearClassifier(rows, std::vector<int>(30, 1), 2, 1), Error);
  EXPECT_THROW(LinearClassifier({}, {}, 2, 1), Error);
}

TEST(LabelFeatures, ReadTemplatesCodeAndPhrases) {
  std::set<std::pair<View, std::string>> seen;
  for_each_feature("How do I use it?",
                   "<!-- bug_report_template -->\n### Steps to Reproduce\n1. call it\n```\nfoo(1)\n```\nsee #12",
                   [&](View view, std::uint64_t, const std::string& text) { seen.emplace(view, text); });
  EXPECT_TRUE(seen.contains({headings, "remark bug_report_template"}));
  EXPECT_TRUE(seen.contains({headings, "steps to reproduce"}));
  EXPECT_TRUE(seen.contains({code_words, "foo"}));
  EXPECT_TRUE(seen.contains({shape, "the title asks"}));
  EXPECT_TRUE(seen.contains({shape, "numbered steps"}));
  EXPECT_TRUE(seen.contains({phrases, "“opens as a question” in the title"}));
  EXPECT_FALSE(seen.contains({body_words, "12"}));
  for (const auto* hostile : {"", "```", "<!--", "\xff\xfe", "######", "[[[[[[", "- [ ] "})
    features_of(hostile, hostile);
  features_of(std::string(100000, '#'), std::string(1000000, '?'));
}

TEST_F(Labels, GroupsWhatExcludesEachOther) {
  const auto context = context_of("p", issues(), kStart + 400 * kDay);
  const auto history = load_label_history(context);
  EXPECT_TRUE(history.is_timed);
  const auto groups = label_groups(history, context.as_of, context.config.triage.undecidable_labels);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].labels, (std::vector<std::string>{"bug", "enhancement"}));
  EXPECT_EQ(groups[1].labels, std::vector<std::string>{"manual"});
}

TEST_F(Labels, TheBacktestSeesWhatIsThere) {
  const auto report = labels_accuracy.run(context_of("p", issues(), kStart + 400 * kDay));
  EXPECT_GT(report.cases.size(), 100u);
  EXPECT_GT(figure(report, "macro_f1"), 0.95);
  EXPECT_LT(figure(report, "expected_calibration_error"), 0.1);
  EXPECT_GT(figure(report, "other_labels_recall"), 0.8);
  const auto untimed = labels_accuracy.run(context_of("q", issues(160, false), kStart + 400 * kDay));
  EXPECT_EQ(untimed.cases.size(), 160u);  // cross-validated: each once
  EXPECT_GT(figure(untimed, "macro_f1"), 0.95);
}

// Labels that say nothing of the text: nothing above chance may come out.
TEST_F(Labels, TheBacktestOfNoiseIsChance) {
  auto history = issues();
  std::mt19937 random(9);
  for (auto& item : history.items) {
    const std::string name = random() % 2 ? "bug" : "enhancement";
    item.labels = {name};
    item.events.resize(1);
    item.events[0].label = name;
  }
  const auto report = labels_accuracy.run(context_of("p", history, kStart + 400 * kDay));
  EXPECT_NEAR(figure(report, "top_1"), 0.5, 0.15);
}

// What is labelled, opened or relabelled later must not move what was suggested before.
TEST_F(Labels, TheFutureChangesNothing) {
  const History history = issues();
  History planted = history;
  const Timestamp moment = kStart + 120 * kDay;
  for (int i = 0; i < 110; ++i) {  // later, everything is called the opposite
    auto& record = planted.items[static_cast<std::size_t>(i)];
    const std::string was = record.labels[0], now = was == "bug" ? "enhancement" : "bug";
    test::event(record, "unlabeled", moment + kDay);
    record.events.back().label = was;
    test::event(record, "labeled", moment + kDay);
    record.events.back().label = now;
    record.labels[0] = now;
  }
  LabelSuggester honest(context_of("p", history, moment)), other(context_of("q", planted, moment));
  for (const auto* title :
       {"The parser crashes", "Please add an option to the cache", "The logger and the manual page"}) {
    const auto a = honest.suggest(1, title, "", {}), b = other.suggest(1, title, "", {});
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].label, b[i].label);
      EXPECT_DOUBLE_EQ(a[i].probability, b[i].probability);
    }
  }
  ASSERT_FALSE(honest.suggest(2, "The parser crashes under load", "It fails with an error.", {}).empty());
  EXPECT_EQ(honest.suggest(2, "The parser crashes under load", "It fails with an error.", {})[0].label, "bug");
  EXPECT_FALSE(honest.suggest(2, "The parser crashes under load", "It fails with an error.", {})[0].why.empty());
}

// A triager who renames an issue puts the answer into its title.
TEST_F(Labels, TitlesAreThoseThatWereGiven) {
  History history = issues(20);
  auto& record = history.items[3];
  const std::string given = record.title;
  for (const auto* title : {"[maybe a bug] it", "[bug] it"}) {
    EventRecord renamed;
    renamed.kind = "renamed";
    renamed.detail = record.title + " → " + title;
    renamed.occurred_at = record.created_at + 2 * kDay + static_cast<Timestamp>(record.events.size());
    record.title = title;
    record.events.push_back(renamed);
  }
  const auto loaded = load_label_history(context_of("p", history, kStart + 400 * kDay));
  EXPECT_EQ(loaded.items[3].title, given);
}

// What is kept answers as what is learnt anew does.
TEST_F(Labels, KeptOrLearntAnewTheAnswersAreTheSame) {
  const Context context = context_of("p", issues(), kStart + 400 * kDay);
  const auto ask = [&] {
    LabelSuggester suggester(context);
    std::vector<std::tuple<std::string, double, std::string>> told;
    std::int64_t item = 0;
    for (const auto* title :
         {"The parser crashes under load", "Please add an option to the cache", "The logger and the manual page"})
      for (const auto& each : suggester.suggest(++item, title, "It fails with an error.", {}))
        told.emplace_back(each.label, each.probability, each.why);
    return told;
  };
  const auto anew = ask();
  ASSERT_FALSE(anew.empty());
  EXPECT_EQ(database_->integer("SELECT count(*) FROM kept_answer").value_or(0), 3);
  EXPECT_EQ(ask(), anew);
  database_->execute("DELETE FROM kept_answer");
  EXPECT_EQ(ask(), anew);
  database_->execute("DELETE FROM kept_answer");
  database_->execute("UPDATE learnt SET content = substr(content, 1, length(content) / 2)");
  EXPECT_EQ(ask(), anew);
  EXPECT_EQ(database_->integer("SELECT count(*) FROM learnt WHERE name = 'labels'").value_or(0), 1);
}

// What was learnt in a week is learnt from what was known before it began.
TEST_F(Labels, LearnOnceAWeek) {
  const Timestamp monday = start_of_week(kStart + 100 * kDay);
  const auto told = [&](const History& history, const std::string& name, Timestamp moment) {
    LabelSuggester suggester(context_of(name, history, moment));
    return suggester.suggest(7, "The parser crashes under load", "", {}).at(0).probability;
  };
  const double first = told(issues(), "p", monday);
  EXPECT_DOUBLE_EQ(told(issues(), "q", monday + kWeek - 1), first);
  EXPECT_NE(told(issues(), "r", monday + kWeek), first);
}

TEST_F(Labels, SaysNothingOfWhatIsBorneOrUnknown) {
  LabelSuggester suggester(context_of("p", issues(), kStart + 400 * kDay));
  for (const auto& each :
       suggester.suggest(2, "The parser crashes under load", "It fails with an error.", {"enhancement"}))
    EXPECT_NE(each.group, "type");
  LabelSuggester empty(context_of("few", issues(5), kStart + 400 * kDay));
  EXPECT_FALSE(empty.knows_anything());
  EXPECT_TRUE(empty.suggest(2, "The parser crashes", "", {}).empty());
}

}  // namespace
}  // namespace labels
}  // namespace resident
