#include <gtest/gtest.h>

#include <analyses/list.hpp>
#include <framework/analysis.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

using test::at;

class Contributors : public testing::Test {
 protected:
  std::map<std::string, Result> run(const test::History& history, const char* as_of) {
    test::write(*database_, "p", history);
    const Context context = open_context(*database_, Config(), "p", at(as_of), test::kForever);
    std::map<std::string, Result> results;
    for (auto& result : find_analysis("contributors").run(context)) results[result.name] = std::move(result);
    return results;
  }
  static std::string cell(const Result& result, std::size_t row, const char* column) {
    return format_cell(result.rows.at(row).at(result.column(column)), result.columns[result.column(column)].type);
  }
  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

// ann merges; the figures are counted by hand.
TEST_F(Contributors, ClocksNewcomersAndTheUnanswered) {
  test::History history;
  auto kept = test::item(true, 1, "bob", "2023-01-01T00:00:00Z");
  test::comment(kept, "ann", at("2023-01-03"));
  test::event(kept, "merged", at("2023-01-10"));
  test::event(kept, "closed", at("2023-01-10"));
  kept.state = "closed", kept.merged_at = kept.closed_at = at("2023-01-10");
  auto late = test::item(false, 2, "cat", "2023-01-01T00:00:00Z");
  test::comment(late, "ann", at("2023-01-20"));
  test::comment(late, "dependabot[bot]", at("2023-01-02"));
  auto open = test::item(true, 3, "dan", "2023-03-01T00:00:00Z");
  test::comment(open, "dan", at("2023-03-02"));
  auto fresh = test::item(false, 4, "eve", "2023-03-28T00:00:00Z");
  auto own = test::item(false, 5, "ann", "2023-03-01T00:00:00Z");
  history.items = {kept, late, open, fresh, own};
  auto results = run(history, "2023-03-30T00:00:00Z");

  const Result& clocks = results.at("first_response");
  EXPECT_EQ(clocks.sample_size, 3);  // 1 kept, 2 late, 3 overdue; 4 not due; ann is a maintainer
  EXPECT_NE(clocks.claim.find("33 % of 3"), std::string::npos) << clocks.claim;
  ASSERT_EQ(clocks.rows.size(), 2u);
  EXPECT_EQ(cell(clocks, 0, "number"), "#4");  // can still be kept: first
  EXPECT_EQ(cell(clocks, 1, "number"), "#3");
  EXPECT_NE(cell(clocks, 1, "left").find("overdue"), std::string::npos);

  const Result& newcomers = results.at("newcomers");
  ASSERT_EQ(newcomers.rows.size(), 2u);
  EXPECT_EQ(cell(newcomers, 0, "action"), "welcome");
  EXPECT_NE(cell(newcomers, 0, "draft").find("@dan"), std::string::npos);
  EXPECT_EQ(cell(newcomers, 1, "action"), "thank");
  EXPECT_EQ(results.at("unanswered_people").rows.size(), 1u);

  // The moment before the answer to #1: it was not kept yet, and nobody had been thanked.
  const auto before = run(history, "2023-01-02T00:00:00Z");
  EXPECT_EQ(cell(before.at("newcomers"), 0, "action"), "welcome");
}

TEST_F(Contributors, AlmostCoreBySustainedWork) {
  test::History history;
  for (int i = 0; i < 10; ++i) {
    const Timestamp month = at("2023-01-01") + i * 30 * kDay;
    auto mine = test::item(true, 10 + 2 * i, "reg", format_time(month));
    test::event(mine, "merged", month + kDay);
    test::event(mine, "closed", month + kDay);
    mine.state = "closed", mine.merged_at = mine.closed_at = month + kDay;
    auto other = test::item(true, 11 + 2 * i, "ann", format_time(month));
    test::review(other, "reg", month + 2 * kHour);
    test::review(other, "now", month + 2 * kHour);
    history.items.push_back(mine);
    history.items.push_back(other);
  }
  const auto results = run(history, "2023-11-01T00:00:00Z");
  const Result& core = results.at("almost_core");
  ASSERT_EQ(core.rows.size(), 2u);
  EXPECT_EQ(cell(core, 0, "person"), "reg");
  EXPECT_EQ(cell(core, 0, "meets"), "3 of 3");
  EXPECT_EQ(cell(core, 0, "merged"), "10");
  EXPECT_EQ(cell(core, 1, "meets"), "2 of 3");
  EXPECT_EQ(cell(core, 1, "missing"), "5 merged");
}

}  // namespace
}  // namespace resident
