#include <gtest/gtest.h>

#include <actions/triage_marks.hpp>
#include <analyses/triage/facts.hpp>
#include <base/error.hpp>
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
  marks.note(14, " ", "terminal", 1000);
  EXPECT_TRUE(marks.all().at(14).note.empty());
}

}  // namespace
}  // namespace resident
