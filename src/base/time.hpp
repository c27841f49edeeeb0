// Time. Every moment in the program is a Timestamp, integer UTC seconds since
// 1970; the calendar is proleptic Gregorian. Nothing asks the system for the
// time but SystemClock, so that every report can be made again for a past date.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace resident {

using Timestamp = std::int64_t;

inline constexpr Timestamp kMinute = 60, kHour = 3600, kDay = 86400, kWeek = 7 * kDay;
// Mean Gregorian month and year, for ages and rates.
inline constexpr double kMeanMonth = 2629746.0, kMeanYear = 31556952.0;

struct CivilDate {
  int year;
  int month;  // 1 to 12
  int day;    // 1 to 31
};

// Days since 1970-01-01 of a date, and back. (Howard Hinnant, "chrono-Compatible
// Low-Level Date Algorithms".)
std::int64_t days_from_civil(CivilDate date);
CivilDate civil_from_days(std::int64_t days);

CivilDate date_of(Timestamp time);
Timestamp start_of_day(Timestamp time);
// Weeks begin on Monday (ISO 8601).
Timestamp start_of_week(Timestamp time);
Timestamp start_of_month(Timestamp time);
Timestamp start_of_year(Timestamp time);
Timestamp add_months(Timestamp month_start, int months);

// "2024-01-31", "2024-01-31T10:00:00Z", "…T10:00:00.123+02:00", with 't', 'z' or a
// space allowed as RFC 3339 does; a date alone is its first second. Nothing for
// anything else, for impossible dates, and for years outside 1 to 9999.
std::optional<Timestamp> parse_time(std::string_view text);

std::string format_time(Timestamp time);   // 2024-01-31T10:00:00Z
std::string format_date(Timestamp time);   // 2024-01-31
std::string format_month(Timestamp time);  // 2024-01
// "3 min", "7.5 h", "12 d", "5 mo", "3.2 y": two significant figures, for reading.
std::string format_duration(double seconds);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock : public Clock {
 public:
  // RESIDENT_NOW (RFC 3339) in the environment replaces the system's time.
  Timestamp now() const override;
};

class FixedClock : public Clock {
 public:
  explicit FixedClock(Timestamp now) : now_(now) {}
  Timestamp now() const override { return now_; }

 private:
  Timestamp now_;
};

}  // namespace resident
