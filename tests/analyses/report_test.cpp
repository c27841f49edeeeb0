#include <gtest/gtest.h>

#include <analyses/report/report.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

class Report : public testing::Test {
 protected:
  // The week from 2023-01-09 to 2023-01-15.
  std::string markdown(const test::History& history, const char* person, const char* approval_by_comment = "auto") {
    test::write(*database_, "p", history);
    const Config config = Config::parse(
        std::string("[project.p]\nreview.approval_by_comment = \"") + approval_by_comment + "\"\n", "test");
    const Context context = open_context(*database_, config, "p", at("2023-02-01"), test::kForever);
    return report_markdown(context, weekly_report(context, person, at("2023-01-10"), std::nullopt));
  }
  static void says(ItemRecord& item, const char* who, const char* day, const char* text,
                   const char* kind = "conversation") {
    test::comment(item, who, at(day), kind);
    item.comments.back().body = text;
  }
  static bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(Report, AnAckIsAnApprovalWhereTheProjectApprovesByComment) {
  test::History history;
  auto first = test::item(true, 1, "bob", "2023-01-01");
  says(first, "ann", "2023-01-10", "ACK 0123456789");
  auto second = test::item(true, 2, "bob", "2023-01-01");
  says(second, "ann", "2023-01-10", "Concept ACK, I'd rename it.");
  says(second, "ann", "2023-01-11", "Rename it.", "inline");
  says(second, "ann", "2023-01-11", "And this.", "inline");
  auto third = test::item(true, 3, "bob", "2023-01-01");
  says(third, "ann", "2023-01-10", "> ACK 0123456789\n\nWhy?");
  history.items = {first, second, third};
  const std::string text = markdown(history, "ann", "yes");
  EXPECT_TRUE(has(text, "\\#1 – title (by bob: approved (ACK))")) << text;
  EXPECT_TRUE(has(text, "\\#2 – title (by bob: agreed to the concept (ACK), 2 comments)")) << text;
  EXPECT_TRUE(has(text, "\\#3 – title (by bob: 1 comment)")) << text;
  EXPECT_TRUE(has(markdown(history, "ann", "no"), "\\#1 – title (by bob: 1 comment)"));
}

TEST_F(Report, WhatIsDoneToOthersPullRequestsIsTriage) {
  test::History history;
  auto others = test::item(true, 1, "bob", "2023-01-01");
  for (const char* kind : {"labeled", "renamed", "reopened"}) test::event(others, kind, at("2023-01-10"));
  others.events.front().label = "docs";
  auto own = test::item(true, 2, "ann", "2023-01-01");
  test::event(own, "renamed", at("2023-01-10"));
  auto merged = test::item(true, 3, "bob", "2023-01-01");
  test::event(merged, "merged", at("2023-01-10"));
  test::event(merged, "closed", at("2023-01-10"));
  merged.state = "closed", merged.merged_at = merged.closed_at = at("2023-01-10");
  history.items = {others, own, merged};
  const std::string text = markdown(history, "ann");
  EXPECT_TRUE(has(text, "| Triaged | issues and others' pull requests | 1 |")) << text;
  EXPECT_TRUE(has(text, "(by bob: labelled docs, renamed it, reopened)")) << text;
  EXPECT_TRUE(has(text, "| Merged | pull requests | 1 |")) << text;
}

TEST_F(Report, WhatIsNothingIsALineAndAveragesSayOverWhat) {
  test::History history;
  auto first = test::item(true, 1, "bob", "2022-12-01");
  says(first, "ann", "2022-12-20", "Why?");
  says(first, "ann", "2023-01-10", "So.");
  history.items = {first};
  const std::string text = markdown(history, "ann");
  EXPECT_TRUE(has(text, "Reviewed 1; nothing triaged, merged, authored, answered.\n")) << text;
  EXPECT_TRUE(has(text, "None: triaged (0.0 a week on average), merged")) << text;
  EXPECT_TRUE(has(text,
                  "Averages are per week, over the 4 weeks from 2022-12-19 (the first activity in the year before) to "
                  "2023-01-15; each item counts once in a week."))
      << text;
  EXPECT_TRUE(has(text, "| 0.5 |")) << text;
  EXPECT_FALSE(has(text, "| Merged |"));
}

}  // namespace
}  // namespace resident
