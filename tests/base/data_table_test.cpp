// Tables of data whose cells are views into their text.
#include <gtest/gtest.h>

#include <base/data_table.hpp>
#include <base/error.hpp>

namespace resident {
namespace {

TEST(DataTable, CellsStandAsTheyAreMeant) {
  const DataTable table(
      "\xEF\xBB\xBF name , value\r\n\"a \"\"quoted\"\" word\",1\r\n\r\n\"one, "
      "two\",\"\"\r\nplain,3.5\n\"two\nlines\",4",
      "t");
  EXPECT_EQ(table.names(), (std::vector<std::string>{"name", "value"}));
  ASSERT_EQ(table.row_count(), 4u);
  EXPECT_EQ(table.cell(0, 0), "a \"quoted\" word");
  EXPECT_EQ(table.cell(0, 1), "1");
  EXPECT_EQ(table.cell(1, 0), "one, two");
  EXPECT_EQ(table.cell(1, 1), "");
  EXPECT_EQ(table.cell(2, 0), "plain");
  EXPECT_EQ(table_number(table.cell(2, 1)), 3.5);
  EXPECT_EQ(table.cell(3, 0), "two\nlines");
  EXPECT_EQ(table.set_aside(), 0);
}

TEST(DataTable, RowsOfAnotherLengthAreSetAside) {
  std::string text = "a;b;c\n1;2;3\n1;2\n1;2;3;4\n\"x\"\"\";5;6\n";
  for (int i = 0; i < 1000; ++i) text += "7;8;9\n";
  const DataTable table(std::move(text), "t");
  EXPECT_EQ(table.row_count(), 1002u);
  EXPECT_EQ(table.set_aside(), 2);
  EXPECT_EQ(table.cell(1, 0), "x\"");
  EXPECT_EQ(table.cell(1001, 2), "9");
  EXPECT_THROW(table.column("d"), Error);
}

TEST(DataTable, ACellThatIsTooLongIsSetAside) {
  const DataTable table("a\n1\n" + std::string(std::size_t{17} << 20, 'x') + "\n2\n", "t");
  EXPECT_EQ(table.row_count(), 2u);
  EXPECT_EQ(table.set_aside(), 1);
  EXPECT_EQ(table.cell(1, 0), "2");
}

TEST(DataTable, WhatIsNoTableIsRefused) {
  EXPECT_THROW(DataTable("", "t"), Error);
  EXPECT_THROW(DataTable("a,a\n1,2\n", "t"), Error);
  EXPECT_EQ(DataTable("a,b\n", "t").row_count(), 0u);
  EXPECT_EQ(DataTable("a,b\n\"1", "t").set_aside(), 1);
}

}  // namespace
}  // namespace resident
