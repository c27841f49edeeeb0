#include <fmt/format.h>

#include <base/error.hpp>
#include <base/time.hpp>
#include <chrono>
#include <cmath>
#include <cstdlib>

namespace resident {

namespace {

// Floor division, since times before 1970 are negative.
std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

int days_in_month(int year, int month) {
  static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

// Reads exactly count digits at position; advances it.
bool read_digits(std::string_view text, std::size_t& position, int count, int& value) {
  value = 0;
  for (int i = 0; i < count; ++i, ++position) {
    if (position >= text.size() || text[position] < '0' || text[position] > '9') return false;
    value = value * 10 + (text[position] - '0');
  }
  return true;
}

bool read_char(std::string_view text, std::size_t& position, std::string_view allowed) {
  if (position >= text.size() || allowed.find(text[position]) == std::string_view::npos) return false;
  ++position;
  return true;
}

}  // namespace

std::int64_t days_from_civil(CivilDate date) {
  const int year = date.year - (date.month <= 2 ? 1 : 0);
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_divide(days, 146097);
  const int day_of_era = static_cast<int>(days - era * 146097);
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const int year = static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

CivilDate date_of(Timestamp time) {
  return civil_from_days(floor_divide(time, kDay));
}

Timestamp start_of_day(Timestamp time) {
  return floor_divide(time, kDay) * kDay;
}

Timestamp start_of_week(Timestamp time) {
  // 1970-01-01 was a Thursday: day 0 is the fourth of its week.
  return (floor_divide(floor_divide(time, kDay) + 3, 7) * 7 - 3) * kDay;
}

Timestamp start_of_month(Timestamp time) {
  CivilDate date = date_of(time);
  date.day = 1;
  return days_from_civil(date) * kDay;
}

Timestamp start_of_year(Timestamp time) {
  return days_from_civil({date_of(time).year, 1, 1}) * kDay;
}

Timestamp add_months(Timestamp month_start, int months) {
  const CivilDate date = date_of(month_start);
  const std::int64_t total = static_cast<std::int64_t>(date.year) * 12 + date.month - 1 + months;
  const std::int64_t year = floor_divide(total, 12);
  return days_from_civil({static_cast<int>(year), static_cast<int>(total - year * 12) + 1, 1}) * kDay;
}

std::optional<Timestamp> parse_time(std::string_view text) {
  std::size_t at = 0;
  int year, month, day, hour = 0, minute = 0, second = 0;
  if (!read_digits(text, at, 4, year) || !read_char(text, at, "-") || !read_digits(text, at, 2, month) ||
      !read_char(text, at, "-") || !read_digits(text, at, 2, day))
    return std::nullopt;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  const Timestamp midnight = days_from_civil({year, month, day}) * kDay;
  if (at == text.size()) return midnight;
  if (!read_char(text, at, "Tt ") || !read_digits(text, at, 2, hour) || !read_char(text, at, ":") ||
      !read_digits(text, at, 2, minute))
    return std::nullopt;
  if (read_char(text, at, ":") && !read_digits(text, at, 2, second)) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  if (read_char(text, at, ".")) {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == begin) return std::nullopt;
  }
  Timestamp result = midnight + hour * kHour + minute * kMinute + second;
  if (read_char(text, at, "Zz")) return at == text.size() ? std::optional(result) : std::nullopt;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const int sign = text[at++] == '+' ? 1 : -1;
    int zone_hours, zone_minutes = 0;
    if (!read_digits(text, at, 2, zone_hours)) return std::nullopt;
    read_char(text, at, ":");
    if (at < text.size() && !read_digits(text, at, 2, zone_minutes)) return std::nullopt;
    if (zone_hours > 23 || zone_minutes > 59) return std::nullopt;
    result -= sign * (zone_hours * kHour + zone_minutes * kMinute);
  }
  return at == text.size() ? std::optional(result) : std::nullopt;
}

std::string format_date(Timestamp time) {
  const CivilDate date = date_of(time);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string format_month(Timestamp time) {
  const CivilDate date = date_of(time);
  return fmt::format("{:04}-{:02}", date.year, date.month);
}

std::string format_time(Timestamp time) {
  const std::int64_t seconds = time - start_of_day(time);
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(time), seconds / kHour, seconds / kMinute % 60, seconds % 60);
}

std::string format_duration(double seconds) {
  struct Unit {
    double seconds, up_to;
    const char* name;
  };
  static constexpr Unit units[] = {
      {1, 60, "s"},           {kMinute, 60 * kMinute, "min"},      {kHour, 48 * kHour, "h"},
      {kDay, 60 * kDay, "d"}, {kMeanMonth, 24 * kMeanMonth, "mo"}, {kMeanYear, 1e300, "y"}};
  const double magnitude = std::fabs(seconds);
  for (const Unit& unit : units) {
    if (magnitude >= unit.up_to) continue;
    const double value = seconds / unit.seconds;
    if (std::fabs(value) < 9.95 && unit.seconds > 1) return fmt::format("{:.1f} {}", value, unit.name);
    return fmt::format("{:.0f} {}", value, unit.name);
  }
  return "?";
}

Timestamp SystemClock::now() const {
  if (const char* fixed = std::getenv("RESIDENT_NOW")) {
    if (const auto time = parse_time(fixed)) return *time;
    throw Error(ErrorKind::usage, fmt::format("RESIDENT_NOW is not a time: {}", fixed),
                "write it like 2024-01-31T10:00:00Z");
  }
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace resident
