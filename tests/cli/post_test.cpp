#include <gtest/gtest.h>

#include <base/error.hpp>
#include <cli/post/post.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

class Post : public testing::Test {
 protected:
  Context context(const char* as_of = "2023-02-01") {
    return open_context(*database_, Config::parse("[project.p]\nreview.approval_by_comment = \"yes\"\n", "test"), "p",
                        at(as_of), test::kForever);
  }
  void write(const std::string& title, const std::string& author = "bob") {
    test::History history;
    auto pull = test::item(true, 1, author, "2023-01-01");
    pull.title = title;
    test::comment(pull, "ann", at("2023-01-10"));
    pull.comments.back().body = "ACK 0123456789";
    test::comment(pull, "ann", at("2023-01-20"));
    pull.comments.back().body = "Rename it.";
    auto issue = test::item(false, 2, author, "2023-01-02");
    test::comment(issue, "ann", at("2023-01-11"));
    history.items = {pull, issue};
    test::write(*database_, "p", history);
  }
  post::Post make(const ReportPeriod& period, post::FrontMatter kind = post::FrontMatter::none) {
    const Context now = context();
    return post::make_post(now, report_of(now, "ann", period, std::nullopt), nullptr, {kind, "figures/"});
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

TEST_F(Post, AMonthCountsItsDaysAndNoOthers) {
  write("Parse it");
  const Context now = context();
  const WeeklyReport january = report_of(now, "ann", parse_month("2023-01"), std::nullopt);
  EXPECT_EQ(report_sentence(january), "Reviewed 1, answered 1; nothing triaged, merged, authored.");
  ASSERT_EQ(january.sections[1].lines.size(), 1u);
  EXPECT_EQ(january.sections[1].lines[0].what, "by bob: approved (ACK), 1 comment");
  EXPECT_EQ(january.sections[1].by_week, (std::vector<std::int64_t>{0, 0, 1, 1, 0, 0}))
      << "all weeks that the month touches";
  EXPECT_EQ(report_of(now, "ann", parse_month("2022-12"), std::nullopt).sections[1].lines.size(), 0u);
  EXPECT_EQ(report_of(now, "ann", parse_report_quarter("2023q1"), std::nullopt).sections[1].lines.size(), 1u);
  EXPECT_EQ(
      report_of(now, "ann", days_since(at("2023-01-15"), at("2023-02-01")), std::nullopt).sections[1].lines[0].what,
      "by bob: 1 comment");
}

TEST(ReportPeriods, AreChecked) {
  EXPECT_EQ(parse_month("2024-02").end, at("2024-03-01"));
  EXPECT_EQ(parse_report_quarter("2024-Q4").end, at("2025-01-01"));
  for (const char* text : {"", "2024", "2024-13", "2024-00", "2024-1", "0000-01", "2024-01-01", "24-01", "2024/01"})
    EXPECT_THROW(parse_month(text), Error) << text;
  for (const char* text : {"", "2024Q5", "2024Q0", "2024", "0000Q1", "2024Q1x", "Q12024"})
    EXPECT_THROW(parse_report_quarter(text), Error) << text;
  EXPECT_THROW(days_since(at("2024-01-02"), at("2024-01-02")), Error);
}

TEST_F(Post, EverySentenceWithAFigureHasItsCommand) {
  write("Parse it");
  const std::string text = post::as_text(make(parse_month("2023-01")));
  std::size_t commands = 0;
  for (std::size_t found = text.find("<!-- resident report "); found != std::string::npos;
       found = text.find("<!-- resident report ", found + 1))
    ++commands;
  EXPECT_GE(commands, 4u) << text;
  EXPECT_NE(text.find("<!-- resident report --person ann --month 2023-01 --project p -->"), std::string::npos) << text;
  EXPECT_NE(text.find("<!-- resident measures --metric open_items --as-of 2023-02-01 --project p -->"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("![ann, week by week](figures/p-ann-2023-01-weeks.svg)"), std::string::npos) << text;
}

TEST_F(Post, FiguresAreMadeAnewAndWordsStay) {
  write("Parse it");
  const post::Post first = make(parse_month("2023-01"));
  std::string text = post::as_text(first);
  text.insert(text.find("\n<!-- resident:begin reviewed"), "\nWhat the figures do not tell.\n");
  database_ = Database::open(":memory:");
  write("Parse it twice");
  const RefreshedText done = refresh_regions(text, make(parse_month("2023-01")).regions, false);
  EXPECT_NE(done.text.find("What the figures do not tell."), std::string::npos);
  EXPECT_NE(done.text.find("Parse it twice"), std::string::npos);
  EXPECT_EQ(done.changed, std::vector<std::string>{"reviewed"});
  EXPECT_TRUE(done.edited.empty() && done.missing.empty());
}

TEST_F(Post, FrontMatterIsThatOfTheProgram) {
  write("Parse it");
  const auto text = [&](post::FrontMatter kind) { return post::as_text(make(parse_month("2023-01"), kind)); };
  EXPECT_TRUE(
      text(post::FrontMatter::jekyll)
          .starts_with("---\nlayout: post\ntitle: \"p, ann: January 2023\"\ndate: 2023-02-01 00:00:00 +0000\n"));
  EXPECT_TRUE(
      text(post::FrontMatter::hugo).starts_with("---\ntitle: \"p, ann: January 2023\"\ndate: 2023-02-01T00:00:00Z\n"));
  EXPECT_TRUE(text(post::FrontMatter::pelican).starts_with("Title: p, ann: January 2023\nDate: 2023-02-01\n"));
  EXPECT_TRUE(text(post::FrontMatter::none).starts_with("# p, ann: January 2023\n"));
  EXPECT_THROW(post::parse_front_matter("hogo"), Error);
}

TEST_F(Post, HostileTitlesAreText) {
  write("{{ site.secret }} {% include x %} {{< figure >}} --> <script>a</script> | `x` $$y$$ [a](javascript:b) @all");
  const std::string text = post::as_text(make(parse_month("2023-01"), post::FrontMatter::jekyll));
  for (const char* bad : {"{{", "{%", "<script", "| `x`", "$$", "](javascript", "@all"})
    EXPECT_EQ(text.find(bad), std::string::npos) << bad << "\n" << text;
  // Each comment ends where it is meant to: on its own line.
  for (std::size_t found = text.find("<!--"); found != std::string::npos; found = text.find("<!--", found + 4))
    EXPECT_EQ(text[text.find("-->", found) + 3], '\n');
}

TEST_F(Post, KnowsWhoseItIs) {
  write("Parse it");
  const auto kept = post::read_mark(post::as_text(make(parse_month("2023-01"), post::FrontMatter::hugo)));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->key, post::key_of("p", "ann"));
  EXPECT_EQ(kept->end, at("2023-02-01"));
  EXPECT_FALSE(post::read_mark("# A post of somebody else"));
  EXPECT_FALSE(post::read_mark("<!-- resident:post x from y to z -->"));
}

}  // namespace
}  // namespace resident
