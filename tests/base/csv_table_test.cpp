#include <gtest/gtest.h>

#include <base/csv_table.hpp>
#include <base/error.hpp>

namespace resident {
namespace {

TEST(CsvTable, ReadsQuotesLineEndingsAndEmptyCells) {
  const CsvTable table("\xEF\xBB\xBFname , value\r\n\"a, \"\"b\"\"\nc\",1.5\r\n\r\nd,\n", "f.csv");
  EXPECT_EQ(table.header(), (std::vector<std::string>{"name", "value"}));
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table.text(0, 0), "a, \"b\"\nc");
  EXPECT_EQ(table.number(0, 1), 1.5);
  EXPECT_FALSE(table.number(1, 1));
  EXPECT_EQ(table.need_column("value"), 1u);
  EXPECT_FALSE(table.column("other"));
}

TEST(CsvTable, SaysWhichLineIsWrong) {
  const auto said = [](const std::string& text, const auto& use) -> std::string {
    try {
      use(CsvTable(text, "f.csv"));
    } catch (const Error& error) {
      return error.what() + (error.hint().empty() ? "" : "; " + error.hint());
    }
    return "nothing";
  };
  const auto nothing = [](const CsvTable&) {};
  EXPECT_EQ(said("", nothing), "f.csv is empty; its first line names the columns");
  EXPECT_EQ(said("a,b\n1,2\n3\n", nothing), "f.csv, line 3: 1 cell where the header has 2");
  EXPECT_EQ(said("a\n\"x\n\ny", nothing), "f.csv, line 2: a quoted cell does not end");
  EXPECT_EQ(said("a\n\"x\n\"\n1x\n", [](const CsvTable& table) { table.integer(1, 0); }),
            "f.csv, line 4: a is no whole number: 1x");
  EXPECT_EQ(said("a\nnan\n", [](const CsvTable& table) { table.number(0, 0); }), "f.csv, line 2: a is no number: nan");
  EXPECT_EQ(said("a,b\n", [](const CsvTable& table) { table.need_column("c"); }),
            "f.csv has no column c; its columns are: a, b");
}

}  // namespace
}  // namespace resident
