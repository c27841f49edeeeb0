#include <gtest/gtest.h>

#include <algorithm>
#include <analyses/triage/past.hpp>
#include <base/error.hpp>
#include <framework/accuracy.hpp>
#include <tests/analyses/history.hpp>

namespace resident {

extern const AccuracyTask facts_accuracy;

namespace {

using test::History;

constexpr Timestamp kStart = 1600000000;

class FactsBacktest : public testing::Test {
 protected:
  Context context_of(const std::string& name, const History& history, Timestamp as_of) {
    test::write(*database_, name, history);
    return open_context(*database_, Config(), name, as_of, test::kForever);
  }
  static const AccuracyFigure* find(const AccuracyReport& report, const std::string& metric) {
    for (const auto& each : report.figures)
      if (each.metric == metric) return &each;
    return nullptr;
  }
  static void expect(const AccuracyReport& report, const std::string& metric, double value,
                     std::optional<double> baseline, std::int64_t n) {
    const auto* figure = find(report, metric);
    ASSERT_NE(figure, nullptr) << metric;
    EXPECT_NEAR(figure->value, value, 1e-9) << metric;
    ASSERT_EQ(figure->baseline.has_value(), baseline.has_value()) << metric;
    if (baseline) {
      EXPECT_NEAR(*figure->baseline, *baseline, 1e-9) << metric;
    }
    EXPECT_EQ(figure->n, n) << metric;
    EXPECT_LE(figure->low, value);
    EXPECT_GE(figure->high, value);
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

ItemRecord issue(std::int64_t number, const std::string& author, Timestamp at, const std::string& title,
                 const std::string& body) {
  auto record = test::item(false, number, author, format_time(at));
  record.title = title;
  record.body = body;
  return record;
}

ItemRecord pull(std::int64_t number, const std::string& author, Timestamp merged_at, const std::string& body) {
  auto record = test::item(true, number, author, format_time(merged_at - kDay));
  record.body = body;
  record.merged_at = record.closed_at = merged_at;
  record.state = "closed";
  test::event(record, "merged", merged_at);
  test::event(record, "closed", merged_at);
  return record;
}

void say(ItemRecord& record, const std::string& author, Timestamp at, const std::string& body) {
  test::comment(record, author, at);
  record.comments.back().body = body;
}

void close(ItemRecord& record, Timestamp at) {
  test::event(record, "closed", at);
  record.state = "closed";
  record.closed_at = at;
}

CommitRecord commit(int number, Timestamp at, const std::string& subject, const std::vector<std::string>& paths,
                    char status = 'M') {
  auto record = test::commit(0, "eve", "eve@example.org", at);
  record.sha = fingerprint(std::to_string(number));
  record.subject = subject;
  for (const auto& path : paths) {
    FileChangeRecord change;
    change.path = path;
    change.status = status;
    change.additions = 3;
    record.changes.push_back(change);
  }
  return record;
}

// What is planted, counted by hand below: ann maintains; 20 reports without a version, of 15 of which she asks
// something; 20 wishes, of 5 of which she does; 12 reports that name a file, each mended by a commit five days later
// and closed ten days after that; 12 slips of the pen, mended by the first pull requests of twelve people.
History planted() {
  History history;
  history.items.push_back(pull(1, "ann", kStart - 10 * kDay, ""));
  history.commits.push_back(
      commit(0, kStart - 20 * kDay, "begin", {"src/parser/parse.c", "src/net/socket.c", "docs/index.md"}, 'A'));
  for (int i = 1; i < 30; ++i) history.commits.push_back(commit(i, kStart - i * kDay / 4, "more", {"docs/index.md"}));
  for (int i = 0; i < 40; ++i) {
    const Timestamp at = kStart + i * kDay;
    auto record = i % 2 ? issue(10 + i, "bob", at, "Please add colours", "It would be nice.")
                        : issue(10 + i, "bob", at, "It crashes", "When I start it, it crashes.");
    if (i % 2 ? i < 10 : i < 30) say(record, "ann", at + kDay, "Which version do you use?");
    if (i == 39) {
      say(record, "ann", at + 40 * kDay, "Which version do you use?");       // too late
      say(record, "cat", at + kDay, "Which version do you use?");            // no maintainer
      say(record, "ann", at + kDay, "> Which version do you use?\n\nYes.");  // quoted
    }
    history.items.push_back(record);
  }
  for (int i = 0; i < 12; ++i) {
    const Timestamp at = kStart + (50 + i) * kDay;
    auto record = issue(100 + i, "cat", at, "Overflow in 1.0", "See parse.c, here:\n```\nparse(0000000000)\n```");
    history.commits.push_back(
        commit(100 + i, at + 5 * kDay, "Parser: fixes #" + std::to_string(100 + i), {"src/parser/parse.c"}));
    close(record, at + 15 * kDay);
    history.items.push_back(record);
  }
  for (int i = 0; i < 12; ++i) {
    const Timestamp at = kStart + (80 + i) * kDay;
    auto record = issue(200 + i, "cat", at, "Typo", "In the text.");
    history.items.push_back(
        pull(300 + i, "new" + std::to_string(i), at + 3 * kDay, "Fixes #" + std::to_string(200 + i)));
    history.items.back().files.push_back({"docs/index.md", 1, 1});
    close(record, at + 3 * kDay);
    history.items.push_back(record);
  }
  return history;
}

constexpr Timestamp kEnd = kStart + 600 * kDay;

TEST_F(FactsBacktest, FindsWhatIsPlanted) {
  const auto report = facts_accuracy.run(context_of("p", planted(), kEnd));
  expect(report, "missing_precision", 15.0 / 20, 20.0 / 64, 20);
  expect(report, "missing_recall", 15.0 / 20, 1, 20);
  expect(report, "missing_share_said", 20.0 / 64, std::nullopt, 64);
  const auto* fixed = find(report, "fixed_precision");
  ASSERT_NE(fixed, nullptr);
  EXPECT_EQ(fixed->value, 1);
  EXPECT_EQ(fixed->n, 12);
  // 52 are open at the age of five days, of which 12 are closed within thirty more.
  EXPECT_NEAR(*fixed->baseline, 12.0 / 52, 1e-9);
  expect(report, "fixed_automatic", 0.5, std::nullopt, 24);
  expect(report, "module_top_1", 1, 0, 12);
  expect(report, "module_coverage", 0.5, std::nullopt, 24);
  expect(report, "newcomer_precision", 1, 12.0 / 64, 12);
  expect(report, "newcomer_recall", 1, 1, 12);
  EXPECT_EQ(find(report, "worked_before_precision"), nullptr);
  ASSERT_FALSE(report.notes.empty());
  EXPECT_NE(report.notes[0].find("not measurable here"), std::string::npos);
}

TEST_F(FactsBacktest, SaysNothingOfTooFew) {
  auto history = planted();
  test::event(history.items[5], "labeled", kStart + 9 * kDay);
  history.items[5].events.back().label = "regression";
  std::erase_if(history.items, [](const auto& each) { return each.number >= 105; });
  const auto report = facts_accuracy.run(context_of("p", history, kEnd));
  EXPECT_NE(find(report, "missing_precision"), nullptr);
  EXPECT_EQ(find(report, "fixed_precision"), nullptr);
  EXPECT_EQ(find(report, "module_top_1"), nullptr);
  EXPECT_EQ(find(report, "worked_before_recall"), nullptr);
  EXPECT_NE(find(report, "worked_before_share_said"), nullptr);  // over all
  EXPECT_TRUE(std::count(report.notes.begin(), report.notes.end(), "fixed_precision: 5 cases, too few to say"));
  for (auto& item : history.items) item.comments.clear();
  const auto silent = facts_accuracy.run(context_of("silent", history, kEnd));
  EXPECT_EQ(find(silent, "missing_precision"), nullptr);
  EXPECT_NE(silent.notes.front().find("never so"), std::string::npos);
  const auto none = facts_accuracy.run(context_of("empty", {}, kEnd));
  EXPECT_TRUE(none.figures.empty() && none.cases.empty());
}

// What comes later moves no earlier case: other titles, labels, files that move, merges by others, more pull requests,
// claims and remarks.
TEST_F(FactsBacktest, NothingLeaksFromTheFuture) {
  const History history = planted();
  History later = history;
  const Timestamp then = kStart + 550 * kDay;
  for (auto& item : later.items) {
    if (item.is_pull) continue;
    EventRecord renamed;
    renamed.kind = "renamed";
    renamed.actor = test::account("ann");
    renamed.occurred_at = then;
    renamed.detail = item.title + " → Typo in socket.c: it crashes";
    item.events.push_back(renamed);
    item.title = "Typo in socket.c: it crashes";
    test::event(item, "labeled", then);
    item.events.back().label = "good first issue";
    item.labels = {"good first issue"};
    say(item, "ann", then, "Which version do you use?");
  }
  for (int i = 0; i < 40; ++i)
    later.commits.push_back(commit(500 + i, then + i, "move", {"lib" + std::to_string(i) + "/parse.c"}, 'A'));
  FileChangeRecord gone;
  gone.path = "src/parser/parse.c";
  gone.status = 'D';
  later.commits.back().changes.push_back(gone);
  for (int i = 0; i < 12; ++i) {
    later.items.push_back(pull(600 + i, "new" + std::to_string(i), then, "Fixes #" + std::to_string(10 + i)));
    later.items.back().events.front().actor = test::account("cat");  // who merges it
  }
  // A commit that was written early and merged late is known from its merge only.
  later.commits.push_back(commit(700, kStart - 3 * kDay, "move", {"lib/parse.c"}, 'A'));
  EventRecord brought;
  brought.kind = "committed";
  brought.sha = later.commits.back().sha;
  brought.occurred_at = kStart - 3 * kDay;
  later.items.back().events.push_back(brought);
  const auto honest = facts_accuracy.run(context_of("honest", history, kEnd)),
             leaking = facts_accuracy.run(context_of("planted", later, kEnd));
  // The claims that came later are cases of their own; all that was before them is as it was.
  std::vector<AccuracyCase> before;
  for (const auto& each : leaking.cases)
    if (each.as_of < then) before.push_back(each);
  ASSERT_EQ(before.size(), honest.cases.size());
  EXPECT_EQ(leaking.cases.size(), honest.cases.size() + 12);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto& a = honest.cases[i];
    const auto& b = before[i];
    EXPECT_EQ(std::tie(a.item, a.as_of, a.truth, a.ranked, a.baseline),
              std::tie(b.item, b.as_of, b.truth, b.ranked, b.baseline));
  }
}

TEST(PastMaintainers, AreThoseOfEveryMoment) {
  const auto database = Database::open(":memory:");
  test::write(*database, "p", test::random_history(4));
  const Context last = open_context(*database, Config(), "p", test::at("2023-01-01"), test::kForever);
  const People everybody = load_people(last);
  const PastMaintainers past(last, everybody);
  std::size_t found = 0;
  for (int month = 0; month < 36; ++month) {
    const Context then =
        open_context(*database, Config(), "p", test::at("2020-01-01") + month * 30 * kDay, test::kForever);
    const People people = load_people(then);
    for (const auto& [person, name] : everybody.names) {
      EXPECT_EQ(past.contains(person, then.as_of), people.maintainers.contains(person)) << name << " " << month;
      found += people.maintainers.contains(person);
    }
  }
  EXPECT_GT(found, 0u);
}

}  // namespace
}  // namespace resident
