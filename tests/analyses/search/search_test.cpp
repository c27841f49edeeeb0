#include <gtest/gtest.h>

#include <analyses/search/index.hpp>
#include <store/document_book.hpp>
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

TEST_F(Search, DocumentationCountsFromItsLastChange) {
  {
    Writer writer(*database_, 1, ensure_source(*database_, 1, "git", "/clone"));
    DocumentBook book(writer);
    const std::string blob(40, 'a');
    book.put({"doc/early guide.md", blob, 30, "whole", std::string(40, 'b'), test::at("2024-01-01"),
              "# Zebra\n\nfeed the    zebra with input"});
    book.put({"doc/late.md", blob, 30, "cut", std::string(40, 'c'), test::at("2024-03-01"), "another zebra"});
    book.put({"doc/gone.md", blob, 30, "binary", std::string(40, 'c'), test::at("2024-01-01"), std::nullopt});
    writer.checkpoint("x");
  }
  database_->execute("UPDATE source SET synced_at = 5");
  EXPECT_EQ(update_search_index(*database_, 1), 2);
  const auto rows_at = [&](const char* text, const char* moment) {
    Context context = open_context(*database_, Config(), "p", test::at(moment), test::kForever);
    context.arguments = {{"query", text}};
    context.url = "https://example.org/p";
    auto results = find_analysis("search").run(context);
    return std::pair(results.front().rows, results.front().uncertainty);
  };
  const auto [rows, left_out] = rows_at("zebra", "2024-02-01");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(rows[0][1]), "doc");
  EXPECT_EQ(std::get<std::string>(rows[0][3]), "doc/early guide.md");
  EXPECT_EQ(std::get<std::string>(rows[0][5]), "# Zebra feed the zebra with input");
  EXPECT_EQ(std::get<std::string>(rows[0][6]), "line 1");
  EXPECT_EQ(std::get<std::string>(rows[0][10]),
            "https://example.org/p/blob/" + std::string(40, 'b') + "/doc/early%20guide.md?plain=1#L1");
  EXPECT_NE(left_out.find("1 file"), std::string::npos);
  EXPECT_EQ(rows_at("zebra", "2024-04-01").first.size(), 2u);
  EXPECT_EQ(rows_at("zebra", "2024-04-01").second, "");
  EXPECT_EQ(rows_at("is:doc input", "2024-04-01").first.size(), 1u);
  EXPECT_EQ(rows_at("zebra", "2023-01-01").first.size(), 0u);

  Context context = open_context(*database_, Config(), "p", test::at("2024-02-01"), test::kForever);
  context.arguments = {{"question", "how do I feed a \"zebra: is:open"}};
  const auto results = find_analysis("ask").run(context);
  ASSERT_EQ(results.size(), 2u);
  ASSERT_EQ(results[1].rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(results[1].rows[0][0]), "doc/early guide.md");
  // What is gone from the tree is gone from the search.
  database_->execute("DELETE FROM doc_file");
  database_->execute("UPDATE source SET synced_at = 6");
  update_search_index(*database_, 1);
  EXPECT_EQ(rows_at("zebra", "2024-04-01").first.size(), 0u);
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
