#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <base/time.hpp>

namespace resident {
namespace {

TEST(Time, ReadsWhatForgesWrite) {
  EXPECT_EQ(parse_time("1970-01-01"), 0);
  EXPECT_EQ(parse_time("2024-01-31T10:00:00Z"), 1706695200);
  EXPECT_EQ(parse_time("2024-01-31t10:00:00.123z"), 1706695200);
  EXPECT_EQ(parse_time("2024-01-31 12:00:00+02:00"), 1706695200);
  EXPECT_EQ(parse_time("2026-04-16T02:00:27.027035+00:00"), 1776304827);
  EXPECT_EQ(parse_time("2024-02-29"), 1709164800);
}

TEST(Time, RefusesWhatIsNone) {
  for (const char* text :
       {"", "2024", "2024-1-1", "2024-13-01", "2024-02-30", "2023-02-29", "0000-01-01", "2024-01-01T25:00:00Z",
        "2024-01-01T10:00:00+99:00", "2024-01-01T10:00:00Zjunk", "yesterday", "2024-01-01T10:00:00.Z", "+2024-01-01"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Time, WeeksBeginOnMonday) {
  EXPECT_EQ(format_date(start_of_week(*parse_time("2024-01-07"))), "2024-01-01");
  EXPECT_EQ(format_date(start_of_week(*parse_time("2024-01-08"))), "2024-01-08");
  EXPECT_EQ(format_date(start_of_week(*parse_time("1969-12-31"))), "1969-12-29");
}

TEST(Time, MonthsGoOverTheEndOfTheYear) {
  EXPECT_EQ(format_date(add_months(*parse_time("2023-11-01"), 3)), "2024-02-01");
  EXPECT_EQ(format_date(add_months(*parse_time("2024-02-01"), -14)), "2022-12-01");
}

TEST(Time, DurationsAreShort) {
  EXPECT_EQ(format_duration(90), "1.5 min");
  EXPECT_EQ(format_duration(7.5 * 3600), "7.5 h");
  EXPECT_EQ(format_duration(12.0 * kDay), "12 d");
}

TEST(Time, WrittenAndReadIsTheSame) {
  rc::check("every second of the years 1 to 9999", [] {
    const auto time = *rc::gen::inRange<Timestamp>(-62135596800, 253402300800);
    RC_ASSERT(parse_time(format_time(time)) == time);
    RC_ASSERT(start_of_week(time) <= time);
    RC_ASSERT(time - start_of_week(time) < kWeek);
    RC_ASSERT(start_of_month(start_of_month(time)) == start_of_month(time));
  });
}

}  // namespace
}  // namespace resident
