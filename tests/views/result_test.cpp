#include <gtest/gtest.h>

#include <base/error.hpp>
#include <framework/result.hpp>
#include <limits>

#include "hostile.hpp"

namespace resident {
namespace {

Cell whole(std::int64_t number) {
  return number;
}

TEST(FormatCell, ReadsAsPeopleWriteIt) {
  EXPECT_EQ(format_cell(whole(1234567), ColumnType::integer), "1,234,567");
  EXPECT_EQ(format_cell(whole(1441), ColumnType::item), "#1441");
  EXPECT_EQ(format_cell(0.1234, ColumnType::share), "12.3 %");
  EXPECT_EQ(format_cell(1.0, ColumnType::share), "100 %");
  EXPECT_EQ(format_cell(0.0, ColumnType::share), "0 %");
  EXPECT_EQ(format_cell(0.00003, ColumnType::share), "< 0.1 %");
  EXPECT_EQ(format_cell(0.9996, ColumnType::share), "> 99.9 %");
  EXPECT_EQ(format_cell(0.9994, ColumnType::share), "99.9 %");
  EXPECT_EQ(format_cell(27000.0, ColumnType::duration), "7.5 h");
  EXPECT_EQ(format_cell(whole(1704103200), ColumnType::date), "2024-01-01");
  EXPECT_EQ(format_cell(whole(1704103200), ColumnType::time), "2024-01-01 10:00");
  EXPECT_EQ(format_cell(Cell{}, ColumnType::integer), "–");
  EXPECT_EQ(format_cell(std::string("as it is"), ColumnType::integer), "as it is");
}

TEST(FormatCell, GivesNumbersTheDecimalsThatMatter) {
  const auto number = [](double value) { return format_cell(value, ColumnType::number); };
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(-0.0), "0");
  EXPECT_EQ(number(0.12345), "0.123");
  EXPECT_EQ(number(2.5), "2.5");
  EXPECT_EQ(number(3.14159), "3.14");
  EXPECT_EQ(number(123.456), "123.5");
  EXPECT_EQ(number(12345.6), "12,346");
  EXPECT_EQ(number(-1234.5), "-1,235");
  EXPECT_EQ(number(9.43e-17), "9.43 × 10⁻¹⁷");
  EXPECT_EQ(number(-0.0002), "-2 × 10⁻⁴");
  EXPECT_EQ(number(1e15), "1 × 10¹⁵");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "–");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "∞");
}

TEST(RawCell, ReadsAsProgramsWriteIt) {
  EXPECT_EQ(raw_cell(whole(1234567), ColumnType::integer), "1234567");
  EXPECT_EQ(raw_cell(whole(1704103200), ColumnType::date), "2024-01-01");
  EXPECT_EQ(raw_cell(whole(1704103200), ColumnType::time), "2024-01-01T10:00:00Z");
  EXPECT_EQ(raw_cell(0.1, ColumnType::share), "0.1");
  EXPECT_EQ(raw_cell(27000.0, ColumnType::duration), "27000");
  EXPECT_EQ(raw_cell(Cell{}, ColumnType::text), "");
  EXPECT_EQ(raw_cell(std::numeric_limits<double>::quiet_NaN(), ColumnType::number), "");
}

TEST(Result, FindsColumnsByName) {
  EXPECT_EQ(test::small_result().column("count"), 2u);
  EXPECT_THROW(test::small_result().column("nothing"), Error);
}

}  // namespace
}  // namespace resident
