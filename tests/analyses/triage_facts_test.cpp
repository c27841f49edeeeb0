#include <gtest/gtest.h>

#include <actions/triage_marks.hpp>
#include <algorithm>
#include <analyses/triage/facts.hpp>
#include <base/error.hpp>
#include <random>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::History;

TEST(MissingInformation, IsAskedOfReportsOfFailuresOnly) {
  using List = std::vector<std::string>;
  EXPECT_EQ(missing_information("It crashes", "When I start it, it crashes."),
            (List{"no version", "no way to reproduce it"}));
  EXPECT_EQ(missing_information("It crashes", "In 3.12, it crashes:\n```\nimport x\nx.run()\n```\n"), List{});
  EXPECT_EQ(missing_information("Crash in 3.12",
                                "```\nTraceback (most recent call last):\n  File \"a\", line 1\nValueError\n```"),
            List{"a traceback, but not the code that led to it"});
  EXPECT_EQ(missing_information("Add support for colours", "It fails to be pretty."), List{});
  EXPECT_EQ(missing_information("Meeting notes", "We talked."), List{});
  EXPECT_EQ(missing_information("Wrong result", "Version 2.1. Steps to reproduce: call it."), List{});
}

TEST(MissingInformation, WhatAFormLeftEmptyIsMissing) {
  using List = std::vector<std::string>;
  EXPECT_EQ(missing_information("It crashes",
                                "### What happened?\n\nAn error.\n\n### Version\n\n_No response_\n\n### Steps to "
                                "reproduce\n\n_No response_\n\n### Conduct\n\n- [X] I agree"),
            (List{"no version", "no way to reproduce it"}));
  EXPECT_EQ(missing_information("It crashes",
                                "### Version\n\n2.4.1\n\n### Steps to reproduce\n\nStart it twice, then stop it."),
            List{});
  EXPECT_EQ(
      missing_information("It crashes",
                          "It does.\n\n**To Reproduce**\nSteps to reproduce the behavior:\n1. Go to '...'\n2. "
                          "Click on '....'\n4. See error\n\n**Desktop (please complete):**\n - OS: [e.g. iOS]\n - "
                          "Version [e.g. 22.1]\n<!-- Steps to reproduce: version 2.1 -->"),
      (List{"no version", "no way to reproduce it"}));
  EXPECT_EQ(missing_information("It crashes in 2.1", "**To Reproduce**\n1. Go to the door\n2. See error"), List{});
}

TEST(WorkedBefore, QuotesTheSentence) {
  EXPECT_EQ(worked_before("It hangs", "I upgraded. It worked fine in 3.11 and hangs in 3.12. Help."),
            "It worked fine in 3.11 and hangs in 3.12");
  EXPECT_NE(worked_before("It hangs", "This is a regression."), "");
  EXPECT_NE(worked_before("It stopped working", ""), "");
  EXPECT_EQ(worked_before("It hangs", "> it worked in 3.11\n\nHow does it work?"), "");
}

class Facts : public testing::Test {
 protected:
  Context context_of(const History& history, Timestamp as_of) {
    test::write(*database_, "p", history);
    return open_context(*database_, Config(), "p", as_of, test::kForever);
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

// A queue that dropped what was written tells the same of each issue, and keeps what a question is made of.
TEST_F(Facts, AreTheSameWithoutKeptThreads) {
  History history;
  for (std::int64_t number = 1; number <= 6; ++number) {
    auto issue = test::item(false, number, "bob", "2023-01-01T00:00:00Z");
    issue.title = number % 2 == 0 ? "It crashes" : "Typo in the documentation";
    issue.body = "It fails. It worked in 3.11. Traceback (most recent call last): …";
    for (std::int64_t i = 0; i < number + 2; ++i)
      test::comment(issue, i % 2 == 0 ? "bob" : "visitor" + std::to_string(i), issue.created_at + (i + 1) * kDay);
    if (number == 3) {
      test::comment(issue, "ann", issue.created_at + 30 * kDay);
      issue.comments.back().body = "Which version do you use?";
    }
    history.items.push_back(issue);
  }
  Context context = context_of(history, test::at("2023-06-01T00:00:00Z"));
  context.config.maintainers = {"ann"};
  TriageAdvisor all(context, true), few(context, true, Threads::of_waiting);
  ASSERT_EQ(all.queue().entries.size(), 6u);
  ASSERT_EQ(few.queue().entries.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const TriageEntry &a = all.queue().entries[i], &b = few.queue().entries[i];
    EXPECT_EQ(a.item.number, b.item.number);
    EXPECT_EQ(a.comments, b.comments);
    const bool waits = a.state == TriageState::waiting_for_reporter;
    EXPECT_EQ(waits, a.item.number == 3);
    EXPECT_EQ(b.item.entries.size(), waits ? a.item.entries.size() : 0u);
    EXPECT_EQ(few.with_text(b).item.body, a.item.body);
    const TriageFacts of_all = all.facts(a), of_few = few.facts(b);
    EXPECT_FALSE(of_all.worked_before.empty());
    EXPECT_EQ(of_all.missing, of_few.missing);
    EXPECT_EQ(of_all.worked_before, of_few.worked_before);
    EXPECT_EQ(of_all.signals, of_few.signals);
    EXPECT_EQ(of_all.newcomer, of_few.newcomer);
  }
}

// A project on GitHub with an issue 7, and pull requests 21, 22, … with these texts, merged day after day.
History pulls_of(const std::vector<std::pair<std::string, std::string>>& texts) {
  History history;
  history.items.push_back(test::item(false, 7, "bob", "2023-01-01T00:00:00Z"));
  std::int64_t number = 21;
  for (const auto& [title, body] : texts) {
    auto pull = test::item(true, number, "ann", "2023-01-02T00:00:00Z");
    pull.title = title;
    pull.body = body;
    pull.url = "https://github.com/o/r/pull/" + std::to_string(number);
    pull.state = "closed";
    pull.closed_at = pull.merged_at = pull.created_at + (number - 20) * kDay;
    pull.base_ref = "main";
    history.items.push_back(pull);
    ++number;
  }
  return history;
}

std::vector<std::string> closers(const Context& context) {
  std::vector<std::string> list;
  const Mentions mentions = load_mentions(context);
  if (const auto found = mentions.find(7); found != mentions.end())
    for (const auto& each : found->second)
      if (each.closes) list.push_back(each.what.substr(0, each.what.find(':')));
  return list;
}

TEST_F(Facts, ClosingWordsAreReadAsTheForgeReadsThem) {
  const Timestamp later = test::at("2023-03-01T00:00:00Z");
  const std::vector<std::pair<std::string, bool>> bodies = {{"Fixes #7", true},
                                                            {"closes o/r#7", true},
                                                            {"resolves https://github.com/o/r/issues/7", true},
                                                            {"closes other/lib#7", false},
                                                            {"The text `closes #7`", false},
                                                            {"> fixes #7\n\nYou said so.", false},
                                                            {"```\nresolves #7\n```", false},
                                                            {"Closes #6, #7", false},
                                                            {"This prefixes #7", false},
                                                            {std::string(9000, '.') + "\n\nFixes #7", true}};
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::string> expected;
  for (const auto& [body, closes] : bodies) {
    texts.emplace_back("Change", body);
    if (closes) expected.push_back("#" + std::to_string(20 + texts.size()));
  }
  EXPECT_EQ(closers(context_of(pulls_of(texts), later)), expected);
}

TEST_F(Facts, ARevertTakesAFixBackAndItsRevertBringsItAgain) {
  const Context context = context_of(pulls_of({{"Mend it", "Fixes #7"},
                                               {"Other", "Fixes #7"},
                                               {"Revert \"Mend it (fixes #7)\"", "Reverts o/r#21"},
                                               {"Reapply \"Mend it\"", "Reverts #23"}}),
                                     test::at("2023-03-01T00:00:00Z"));
  const auto at = [&](const char* day) {
    Context then = context;
    then.as_of = test::at(day);
    return closers(then);
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(at("2023-01-04T01:00:00Z"), (List{"#21", "#22"}));
  EXPECT_EQ(at("2023-01-05T01:00:00Z"), (List{"#22"}));
  EXPECT_EQ(at("2023-01-06T01:00:00Z"), (List{"#21", "#22"}));
}

// The forge closes an issue by these, too; but nobody says that it is fixed.
TEST_F(Facts, WhoDeniesItClaimsNothing) {
  const History history = pulls_of({{"One", "Does not fix #7 yet, a test alone."},
                                    {"Two", "Partially fixes #7"},
                                    {"Three", "This doesn't quite resolve #7."},
                                    {"Four", "Fixes #7, not only a part of it."},
                                    {"Not so fast: fixes #7", ""}});
  EXPECT_EQ(closers(context_of(history, test::at("2023-03-01T00:00:00Z"))), (std::vector<std::string>{"#24", "#25"}));
}

TEST_F(Facts, WhatSomebodyIsAtIsNotForANewcomer) {
  History history;
  for (const std::int64_t number : {7, 8, 9}) {
    auto issue = test::item(false, number, "bob", "2023-01-01T00:00:00Z");
    issue.labels = {"good first issue"};
    issue.url = "https://github.com/o/r/issues/" + std::to_string(number);
    history.items.push_back(issue);
  }
  history.items[0].assignees.push_back(test::account("cyd"));
  test::event(history.items[0], "assigned", test::at("2023-02-01T00:00:00Z"));
  history.items[0].events.back().subject = test::account("cyd");
  auto pull = test::item(true, 21, "ann", "2023-02-01T00:00:00Z");
  pull.body = "Fixes #8";
  pull.url = "https://github.com/o/r/pull/21";
  history.items.push_back(pull);
  test::write(*database_, "p", history);
  const auto newcomer_on = [&](std::int64_t number, const char* day) {
    Context context = open_context(*database_, Config(), "p", test::at(day), test::kForever);
    context.config.triage.newcomer_labels = {"good first issue"};
    TriageAdvisor advisor(context);
    return advisor.facts(advisor.find(number)).newcomer;
  };
  for (const std::int64_t number : {7, 8, 9}) EXPECT_NE(newcomer_on(number, "2023-01-15T00:00:00Z"), "") << number;
  EXPECT_EQ(newcomer_on(7, "2023-03-01T00:00:00Z"), "");
  EXPECT_EQ(newcomer_on(8, "2023-03-01T00:00:00Z"), "");
  EXPECT_NE(newcomer_on(9, "2023-03-01T00:00:00Z"), "");
}

TEST_F(Facts, ARevertedCommitFixesNothing) {
  History history = pulls_of({});
  for (int i = 0; i < 3; ++i) {
    history.commits.push_back(test::commit(i, "ann", "ann@example.org", test::at("2023-01-02T00:00:00Z") + i * kDay));
    auto& each = history.commits.back();
    each.sha = std::string(40, static_cast<char>('a' + i));
    each.subject = i == 0 ? "Mend it, fixes #7" : i == 1 ? "Mend it otherwise" : "Revert \"Mend it, fixes #7\"";
    if (i == 1) each.body = "Fixes #7";
    if (i == 2) each.marks = {{"reverts", std::string(40, 'a'), {}}};
  }
  EXPECT_EQ(closers(context_of(history, test::at("2023-03-01T00:00:00Z"))), std::vector<std::string>{"bbbbbbbbbb"});
}

TEST_F(Facts, WhoClaimsToHaveMendedIt) {
  History history;
  history.items.push_back(test::item(false, 7, "bob", "2023-01-01T00:00:00Z"));
  history.items.back().title = "The parser fails";
  for (int i = 0; i < 3; ++i) {
    auto commit = test::commit(i, "ann", "ann@example.org",
                               test::at(i == 0   ? "2022-12-01T00:00:00Z"
                                        : i == 1 ? "2023-02-01T00:00:00Z"
                                                 : "2023-04-01T00:00:00Z"));
    commit.subject = i == 1 ? "Parser: see #7" : "Parser: fixes #7";
    history.commits.push_back(commit);
  }
  const Context before = context_of(history, test::at("2023-03-01T00:00:00Z"));
  {
    TriageAdvisor advisor(before);
    const auto facts = advisor.facts(advisor.find(7));
    ASSERT_EQ(facts.mentions.size(), 1u);  // not the one before it was opened, not the one to come
    EXPECT_FALSE(facts.mentions[0].closes);
    EXPECT_EQ(facts.missing.size(), 2u);
    EXPECT_THROW(advisor.find(8), Error);
    bool asks = false;
    for (const auto& each : facts.proposals) asks = asks || each.content.find("which version") != std::string::npos;
    EXPECT_TRUE(asks);
  }
  const Context after = open_context(*database_, Config(), "p", test::at("2023-05-01T00:00:00Z"), test::kForever);
  TriageAdvisor advisor(after);
  const auto facts = advisor.facts(advisor.find(7));
  ASSERT_EQ(facts.mentions.size(), 2u);
  EXPECT_TRUE(facts.mentions[0].closes);
}

// A store that was never told the rest says the same: of every fact of every open issue.
TEST_F(Facts, OfThePastAreThoseOfAStoreThatKnowsNoMore) {
  const Timestamp moment = test::at("2021-09-01");
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    History full = test::random_history(seed);
    std::mt19937_64 random(seed);
    const auto any = [&](const std::vector<std::string>& list) { return list[random() % list.size()]; };
    for (auto& item : full.items) {
      const bool is_bug = random() % 2;
      item.title =
          (is_bug ? "The " : "Please extend the ") + any({"parser", "socket", "cache"}) + (is_bug ? " fails" : "");
      item.body = any({"It worked in 1.0.", "How do I do that?", "It is slow.", "Traceback (most recent call last):"}) +
                  " See #" + std::to_string(1 + random() % 120) + ", fixes #" + std::to_string(1 + random() % 120);
      if (item.is_pull || random() % 4 == 0) continue;
      const Timestamp time = item.created_at + static_cast<Timestamp>(random() % (200 * kDay));
      test::event(item, "labeled", time);
      item.events.back().label = is_bug ? "bug" : "feature";
      item.labels = {item.events.back().label};
      if (random() % 3 == 0) {
        EventRecord mark;
        mark.kind = "marked_as_duplicate";
        mark.detail = "#" + std::to_string(1 + random() % 120);
        mark.occurred_at = time + 1;
        item.events.push_back(mark);
      }
    }
    History past = test::until(full, moment);
    for (auto& item : past.items)
      if (std::none_of(item.events.begin(), item.events.end(), [](const auto& each) { return each.kind == "labeled"; }))
        item.labels.clear();
    const std::string name = std::to_string(seed);
    test::write(*database_, "full" + name, full);
    test::write(*database_, "past" + name, past);
    const Context of_full = open_context(*database_, Config(), "full" + name, moment, test::kForever),
                  of_past = open_context(*database_, Config(), "past" + name, moment, test::kForever);
    TriageAdvisor one(of_full), other(of_past);
    ASSERT_EQ(one.queue().entries.size(), other.queue().entries.size());
    ASSERT_GT(one.queue().entries.size(), 5u);
    std::size_t told = 0;
    for (std::size_t i = 0; i < one.queue().entries.size(); ++i) {
      const auto& a = one.queue().entries[i];
      const auto& b = other.queue().entries[i];
      const Result x = facts_result(of_full, a, one.queue().people, one.facts(a)),
                   y = facts_result(of_past, b, other.queue().people, other.facts(b));
      EXPECT_EQ(x.title, y.title);
      EXPECT_EQ(x.rows, y.rows) << x.title << ", seed " << seed;
      told += x.rows.size() - 2;
    }
    EXPECT_GT(told, 10u);
  }
}

// A file that moved to another folder since belongs where it stood on the day.
TEST_F(Facts, APastDayKnowsTheModulesOfThatDay) {
  History history;
  history.items.push_back(test::item(false, 7, "bob", "2023-02-01T00:00:00Z"));
  history.items.back().title = "lexer.c loses the last line";
  const char* times[] = {"2023-01-01T00:00:00Z", "2023-04-01T00:00:00Z", "2023-06-01T00:00:00Z"};
  for (int i = 0; i < 3; ++i) {
    auto commit = test::commit(i, "ann", "ann@example.org", test::at(times[i]));
    FileChangeRecord file;
    file.path = i == 0 ? "old/lexer.c" : "new/lexer.c";
    file.old_path = i == 1 ? "old/lexer.c" : file.path;
    file.status = i == 0 ? 'A' : i == 1 ? 'R' : 'M';
    file.additions = 10;
    commit.changes = {file};
    for (const char* other : {"doc/a.txt", "tool/b.py", "site/c.css", "misc/d.h"})
      if (i == 0) {
        file.path = file.old_path = other;
        commit.changes.push_back(file);
      }
    history.commits.push_back(commit);
  }
  test::write(*database_, "p", history);
  const auto module_on = [&](const char* day) {
    const Context context = open_context(*database_, Config(), "p", test::at(day), test::kForever);
    TriageAdvisor advisor(context);
    return advisor.facts(advisor.find(7)).module;
  };
  EXPECT_EQ(module_on("2023-03-01T00:00:00Z"), "old");
  EXPECT_EQ(module_on("2023-05-01T00:00:00Z"), "new");
}

TEST_F(Facts, SnoozesAndNotes) {
  History history;
  history.items.push_back(test::item(false, 7, "bob", "2023-01-01T00:00:00Z"));
  const Context context = context_of(history, test::at("2023-03-01T00:00:00Z"));
  TriageMarks marks(*database_, context.project_id);
  EXPECT_TRUE(marks.all().empty());
  marks.snooze(14, 2000, "terminal", 1000);
  marks.note(14, "ask ann\x1b[31m", "terminal", 1000);
  marks.snooze(14, 3000, "terminal", 1500);
  ASSERT_EQ(marks.all().size(), 1u);
  EXPECT_EQ(marks.all().at(14).snoozed_until, 3000);
  EXPECT_NE(marks.all().at(14).note.find("ask ann"), std::string::npos);
  EXPECT_THROW(marks.snooze(14, 900, "terminal", 1000), Error);
  // Nothing is kept of what is not there, or is another project's.
  for (const std::int64_t item : {0, 15, 999999, -1}) {
    EXPECT_THROW(marks.note(item, "lost", "web", 1000), Error) << item;
    EXPECT_THROW(marks.snooze(item, 2000, "web", 1000), Error) << item;
  }
  EXPECT_THROW(TriageMarks(*database_, context.project_id + 1).note(14, "elsewhere", "web", 1000), Error);
  EXPECT_EQ(marks.all().size(), 1u);
  marks.note(14, " ", "terminal", 1000);
  EXPECT_TRUE(marks.all().at(14).note.empty());
}

}  // namespace
}  // namespace resident
