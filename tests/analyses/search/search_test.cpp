#include <gtest/gtest.h>

#include <analyses/search/index.hpp>
#include <analyses/search/match.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

class Search : public testing::Test {
 protected:
  void SetUp() override {
    test::History history;
    const auto add = [&](bool is_pull, std::int64_t number, const std::string& author, const std::string& title,
                         const std::string& body) {
      auto record = test::item(is_pull, number, author,
                               "2024-01-" + std::string(number < 10 ? "0" : "") + std::to_string(number));
      record.title = title;
      record.body = body;
      history.items.push_back(record);
    };
    add(false, 1, "ann", "Parser crashes on empty input", "call parse_input with nothing");
    add(false, 2, "bob", "Crash of the renderer", "the parser is fine, the input is empty, it crashes anyway");
    add(true, 3, "ann", "parse_input: give an error", "no crash");
    add(false, 4, "eve", "Documentation", "how to input text");
    history.items[3].labels = {"Docs"};
    test::write(*database_, "p", history);
    update_search_index(*database_, 1);
  }

  // Numbers of the items found, best first.
  std::vector<std::int64_t> find(const std::string& text) {
    const Context context = context_of(text);
    std::vector<std::int64_t> numbers;
    const auto results = find_analysis("search").run(context);
    for (const auto& row : results.front().rows) numbers.push_back(std::get<std::int64_t>(row[2]));
    return numbers;
  }
  Context context_of(const std::string& text) {
    Context context = open_context(*database_, Config(), "p", test::at("2024-02-01"), test::kForever);
    context.arguments = {{"query", text}};
    return context;
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
};

using Numbers = std::vector<std::int64_t>;

TEST_F(Search, AllOfFewWordsStandFirst) {
  const auto numbers = find("parser crash empty");
  ASSERT_GE(numbers.size(), 3u);
  EXPECT_EQ(numbers[0], 1);  // in the title
  EXPECT_EQ(numbers[1], 2);
}

TEST_F(Search, NamesAreFoundWholeAndPartsOnlyBesideOtherWords) {
  EXPECT_EQ(find("parse_input").size(), 2u);
  const auto numbers = find("parse_input documentation");
  EXPECT_NE(std::find(numbers.begin(), numbers.end(), 4), numbers.end());
}

TEST_F(Search, Filters) {
  EXPECT_EQ(find("is:pr crash"), Numbers{3});
  EXPECT_EQ(find("author:bob input"), Numbers{2});
  EXPECT_EQ(find("label:docs"), Numbers{4});
  EXPECT_EQ(find("label:docs input"), Numbers{4});
  EXPECT_EQ(find("label:nothing input"), Numbers{});
  EXPECT_EQ(find("author:ann before:2024-01-02"), Numbers{1});
  EXPECT_EQ(find("in:title crash -renderer"), Numbers{1});
}

TEST_F(Search, AnIndexOfAnEarlierFormIsMadeAnew) {
  EXPECT_EQ(update_search_index(*database_, 1), 0);
  const auto [from, to] = document_range(1, "pull");
  const char* numbers_of_pulls =
      "SELECT count(*) FROM search_document WHERE document_id >= :from AND document_id < :to";
  EXPECT_EQ(database_->integer(numbers_of_pulls, {{"from", from}, {"to", to}}), 1);
  database_->execute("UPDATE search_state SET version = '7/1'");
  database_->execute("UPDATE search_document SET document_id = document_id + 1000");
  EXPECT_EQ(update_search_index(*database_, 1), 4);
  EXPECT_EQ(find("is:pr crash"), Numbers{3});
  EXPECT_EQ(database_->integer("SELECT count(*) FROM search_words"), 4);
}

// Words that stand nearly everywhere: titles are found however old, and of each kind the newest.
TEST_F(Search, OfACommonWordTitlesAreFoundHoweverOld) {
  test::History history;
  for (int number = 1; number <= 6000; ++number) {
    auto record = test::item(false, number, "ann", format_time(1600000000 + number * 60));
    record.title = number == 3 ? "common" : "something";
    record.body = "common";
    history.items.push_back(record);
  }
  test::write(*database_, "large", history);
  update_search_index(*database_, 2);
  Context context = open_context(*database_, Config(), "large", std::nullopt, test::kForever);
  context.arguments = {{"query", "common"}};
  const auto results = find_analysis("search").run(context);
  const auto& rows = results.front().rows;
  ASSERT_EQ(rows.size(), 20u);
  EXPECT_EQ(std::get<std::int64_t>(rows[0][2]), 3);
}

}  // namespace
}  // namespace resident
