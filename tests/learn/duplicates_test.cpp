#include <gtest/gtest.h>

#include <cmath>
#include <framework/accuracy.hpp>
#include <learn/duplicates/similar.hpp>
#include <random>
#include <tests/analyses/history.hpp>
#include <text/passages.hpp>

namespace resident {

extern const AccuracyTask duplicates_accuracy;

namespace duplicates {
namespace {

using test::History;

constexpr Timestamp kStart = 1600000000;
constexpr int kReports = 200;

const std::vector<std::string> kThings{"parser", "socket",  "cache",   "renderer", "scheduler", "allocator", "logger",
                                       "cursor", "decoder", "encoder", "index",    "queue",     "router",    "session"};
const std::vector<std::string> kFaults{"crashes", "leaks", "hangs", "loops", "fails", "stalls", "overflows"};
const std::vector<std::string> kPlaces{"on Windows", "after restart", "with large files", "under load", "at exit",
                                       "in tests",   "when offline",  "behind a proxy",   "on ARM"};

// Reports at random; every fifth says in other words what one of the last thirty said, and is marked a day later.
History reports(unsigned seed = 5) {
  History history;
  std::mt19937 random(seed);
  struct Said {
    std::string thing, fault, place;
  };
  std::vector<Said> said;
  const auto any = [&](const auto& list) { return list[random() % list.size()]; };
  for (int i = 0; i < kReports; ++i) {
    auto record = test::item(false, i + 1, "ann", format_time(kStart + i * kDay));
    const bool repeats = i > 30 && i % 5 == 0;
    const int of = repeats ? i - 1 - static_cast<int>(random() % 29) : i;
    const Said about = repeats ? said[static_cast<std::size_t>(of)] : Said{any(kThings), any(kFaults), any(kPlaces)};
    said.push_back(about);
    record.title =
        repeats ? about.thing + " " + about.fault : "The " + about.thing + " " + about.fault + " " + about.place;
    record.body = "I saw that the " + about.thing + "Manager::run " + about.fault + " " + about.place + ".";
    if (repeats) {
      EventRecord mark;
      mark.kind = "marked_as_duplicate";
      mark.detail = "#" + std::to_string(of + 1);
      mark.occurred_at = record.created_at + kDay;
      record.events.push_back(mark);
    }
    history.items.push_back(std::move(record));
  }
  return history;
}

// Texts that are given back and read again where they are shown, against texts that are kept; and adding them, against
// asking about each first, as is done where something is to be learnt.
TEST(SimilarTexts, AreTheSameWhetherTheyAreKeptOrReadAgain) {
  std::vector<SimilarSource> sources;
  Replay asked_about;
  for (const auto& record : reports().items) {
    sources.push_back({record.number, record.number, record.created_at, true, record.title, record.body, ""});
    asked_about.next({record.number, 0, record.created_at, record.title, record.body}, false);
  }
  int times_read = 0;
  SimilarItems kept(sources), read_again(sources, [&](std::int64_t id) {
    ++times_read;
    return sources[static_cast<std::size_t>(id - 1)].body;
  });
  for (const char* title : {"The parser crashes", "allocator leaks under load", "nothing of the kind"}) {
    const auto a = kept.find_text(title, "Seen in the socketManager::run today.", 5),
               b = read_again.find_text(title, "Seen in the socketManager::run today.", 5);
    ASSERT_EQ(a.size(), 5u);
    ASSERT_EQ(b.size(), 5u);
    const auto ranked = asked_about.ask(
        asked_about.index().read({0, 0, sources.back().created_at, title, "Seen in the socketManager::run today."}),
        sources.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].item_id, b[i].item_id);
      EXPECT_EQ(a[i].passage, b[i].passage);
      EXPECT_EQ(a[i].shared_words, b[i].shared_words);
      EXPECT_EQ(a[i].score, ranked[i].score);
      EXPECT_EQ(a[i].item_id, sources[ranked[i].document].id);
    }
  }
  EXPECT_EQ(times_read, 15);
}

class Duplicates : public testing::Test {
 protected:
  Context context_of(const std::string& name, const History& history, Timestamp as_of) {
    test::write(*database_, name, history);
    return open_context(*database_, Config(), name, as_of, test::kForever);
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(Duplicates, FindsWhatWasSaidInOtherWords) {
  const auto report = duplicates_accuracy.run(context_of("p", reports(), kStart + 400 * kDay));
  ASSERT_EQ(report.cases.size(), 33u);
  for (const auto& figure : report.figures) {
    if (figure.metric == "recall_at_10") {
      EXPECT_GT(figure.value, 0.9);
    } else if (figure.metric == "mrr") {
      EXPECT_GT(figure.value, 0.6);
    }
  }
}

// Whatever is written, marked or renamed later must not move what was suggested before.
TEST_F(Duplicates, TheFutureChangesNothing) {
  const History history = reports();
  History planted = history;
  const Timestamp moment = kStart + 120 * kDay;
  for (int i = 0; i < 60; ++i) {  // later reports with the words of earlier ones, and marks among old reports
    auto& record = planted.items[static_cast<std::size_t>(i)];
    EventRecord mark;
    mark.kind = "marked_as_duplicate";
    mark.detail = "#" + std::to_string((i * 7) % 60 + 1);
    mark.occurred_at = moment + kDay;
    record.events.push_back(mark);
    auto later = test::item(false, 1000 + i, "eve", format_time(moment + i * kHour));
    later.title = record.title;
    later.body = record.body;
    planted.items.push_back(later);
  }
  const auto honest = duplicates_accuracy.run(context_of("honest", history, kStart + 400 * kDay));
  const auto leaking = duplicates_accuracy.run(context_of("planted", planted, kStart + 400 * kDay));
  std::map<std::string, const AccuracyCase*> found;
  for (const auto& one : leaking.cases) found[one.item] = &one;
  std::size_t before = 0, moved = 0;
  for (const auto& one : honest.cases) {
    ASSERT_TRUE(found.contains(one.item));
    if (one.as_of < moment) {
      ++before;
      EXPECT_EQ(one.ranked, found[one.item]->ranked) << one.item;
      EXPECT_EQ(one.scores, found[one.item]->scores) << one.item;
      EXPECT_EQ(one.baseline, found[one.item]->baseline) << one.item;
    } else {
      moved += one.ranked != found[one.item]->ranked;
    }
  }
  EXPECT_GT(before, 10u);
  EXPECT_GT(moved, 0u);  // the plant would have been seen
}

TEST_F(Duplicates, SuggestionsSayWhatMatched) {
  const History history = reports();
  const Context context = context_of("p", history, kStart + 400 * kDay);
  SimilarIssues similar(context);
  const auto& asked = history.items[195];
  ASSERT_EQ(asked.number, 196);
  const auto suggestions = similar.find(2 * 196, asked.title, asked.body);
  ASSERT_FALSE(suggestions.empty());
  EXPECT_FALSE(suggestions[0].shared_words.empty());
  EXPECT_FALSE(suggestions[0].passage.empty());
  for (const auto& each : suggestions) {
    EXPECT_LT(each.number, 196);
    EXPECT_GE(each.probability, 0);
    EXPECT_LE(each.probability, 1);
  }
  EXPECT_TRUE(similar.find(99999, "parser crashes", "").empty());
}

// What is kept answers as what is learnt anew does, for issues that were there and for those that came since.
TEST_F(Duplicates, KeptOrLearntAnewTheAnswersAreTheSame) {
  const History history = reports();
  const Timestamp moment = kStart + 198 * kDay;  // some came after the week began
  Context context = context_of("p", history, moment);
  const auto ask = [&](const Context& of) {
    SimilarIssues similar(of);
    std::vector<std::tuple<std::int64_t, double, std::vector<std::string>, std::string>> told;
    for (int i = 150; i < 198; ++i) {
      const auto& item = history.items[static_cast<std::size_t>(i)];
      for (const auto& each : similar.find(2 * (i + 1), item.title, item.body))
        told.emplace_back(each.item_id, each.probability, each.shared_words, each.passage);
    }
    return std::pair(told, similar.duplicate_counts());
  };
  const auto count = [&](const std::string& table) {
    return database_->integer("SELECT count(*) FROM " + table).value_or(0);
  };
  const auto anew = ask(context);
  ASSERT_GT(anew.first.size(), 100u);
  ASSERT_FALSE(anew.second.empty());
  EXPECT_EQ(count("kept_answer"), 48);
  EXPECT_EQ(ask(context), anew);  // answers are kept
  database_->execute("DELETE FROM kept_answer");
  EXPECT_EQ(ask(context), anew);  // what was learnt is kept
  // Broken, it is learnt anew and mended.
  database_->execute("DELETE FROM kept_answer");
  database_->execute("UPDATE learnt SET content = substr(content, 1, length(content) - 3)");
  EXPECT_EQ(ask(context), anew);
  // A look into the past does not drive it out, and sees only what was known then.
  const auto kept = database_->text("SELECT max(basis) FROM learnt");
  Context past = open_context(*database_, Config(), "p", kStart + 160 * kDay, test::kForever);
  EXPECT_NE(ask(past), anew);
  EXPECT_EQ(database_->text("SELECT max(basis) FROM learnt"), kept);
  EXPECT_EQ(ask(context), anew);
  // Another store, told in two parts.
  test::write(*database_, "q", test::until(history, moment - 9 * kDay));
  ask(open_context(*database_, Config(), "q", moment - 9 * kDay, test::kForever));
  test::write(*database_, "q", history);
  const auto other = ask(open_context(*database_, Config(), "q", moment, test::kForever));
  EXPECT_EQ(other.first.size(), anew.first.size());
  for (std::size_t i = 0; i < anew.first.size(); ++i) {
    EXPECT_EQ(std::get<0>(other.first[i]), std::get<0>(anew.first[i]));
    EXPECT_NEAR(std::get<1>(other.first[i]), std::get<1>(anew.first[i]), 1e-9);
  }
}

TEST_F(Duplicates, AnEditedIssueIsAskedAboutAnew) {
  SimilarIssues similar(context_of("p", reports(), kStart + 400 * kDay));
  const auto before = similar.find(2 * 196, "The cache leaks", "");
  const auto after = similar.find(2 * 196, "The router stalls", "");
  ASSERT_FALSE(before.empty());
  ASSERT_FALSE(after.empty());
  EXPECT_NE(before[0].item_id, after[0].item_id);
}

TEST_F(Duplicates, RemarksCountWhenTheItemWasClosed) {
  History history;
  for (int i = 1; i <= 4; ++i) history.items.push_back(test::item(false, i, "ann", format_time(kStart + i * kDay)));
  const auto say = [&](std::size_t index, const std::string& body, bool closed) {
    auto& record = history.items[index];
    test::comment(record, "bob", record.created_at + kHour);
    record.comments.back().body = body;
    if (!closed) return;
    record.state = "closed";
    record.closed_at = record.created_at + 2 * kHour;
  };
  say(1, "Duplicate of #1", true);
  say(2, "this might be a duplicate of #1?", true);
  say(3, "duplicate of #2", false);
  const auto known = load_known_duplicates(context_of("p", history, kStart + 30 * kDay));
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].item_id, 4);
  EXPECT_EQ(known[0].of, 2);
}

TEST(Passages, ProseCodeAndQuotesApart) {
  const auto passages = text::passages_of(
      "It fails.\n> you said\n```\nint x;\n```\n{code:java}\nFoo f;\n{code}\nMore.\nat a.B(C.java:1)\n<!-- form -->");
  EXPECT_EQ(passages.prose, "It fails.\n\nMore.\n");
  EXPECT_NE(passages.code.find("int x;"), std::string::npos);
  EXPECT_NE(passages.code.find("Foo f;"), std::string::npos);
  EXPECT_NE(passages.code.find("C.java"), std::string::npos);
  EXPECT_EQ(passages.quoted, " you said\n");
}

TEST(DuplicateRanker, LearnsTheWeightsThatChose) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  std::vector<Choice> choices;
  Weights truth{};
  truth[text::likeness] = 4;
  truth[text::distance] = -3;
  for (int i = 0; i < 400; ++i) {
    Choice choice;
    double best = -1e9;
    std::size_t chosen = 0;
    for (std::size_t j = 0; j < 10; ++j) {
      text::Signals signals{};
      for (double& signal : signals) signal = std::uniform_real_distribution<>(0, 1)(random);
      const double score = weigh(signals, truth) - std::log(-std::log(std::uniform_real_distribution<>(0, 1)(random)));
      if (score > best) best = score, chosen = j;
      choice.candidates.push_back(signals);
    }
    choice.right.assign(10, false);
    choice.right[chosen] = true;
    choices.push_back(choice);
  }
  const Weights learnt = learn(choices, kBuiltInWeights);
  EXPECT_NEAR(learnt[text::likeness], 4, 0.8);
  EXPECT_NEAR(learnt[text::distance], -3, 0.8);
  EXPECT_NEAR(learnt[text::same_author], 0, 0.6);
  EXPECT_EQ(learn({}, kBuiltInWeights), kBuiltInWeights);
}

}  // namespace
}  // namespace duplicates
}  // namespace resident
