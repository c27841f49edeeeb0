#include <fmt/format.h>

#include <analyses/report/period.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr int kMonthsOfQuarter = 3;
constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};

[[noreturn]] void refuse(const char* option, const std::string& text, const char* what, const char* example) {
  throw Error(ErrorKind::usage, fmt::format("--{}: {} is not a {}", option, fit_width(one_line(text), 40), what),
              fmt::format("write it as {}", example));
}

bool is_digit(const std::string& text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

bool begins_with_year(const std::string& text) {
  return is_digit(text, 0) && is_digit(text, 1) && is_digit(text, 2) && is_digit(text, 3) && !text.starts_with("0000");
}

}  // namespace

ReportPeriod week_of(Timestamp moment) {
  const Timestamp begin = start_of_week(moment), end = begin + kWeek;
  return {begin,
          end,
          fmt::format("week of {} to {}", format_date(begin), format_date(end - kDay)),
          "week",
          fmt::format("--week {}", format_date(begin)),
          format_date(begin)};
}

ReportPeriod parse_month(const std::string& text) {
  const int month =
      text.size() == 7 && text[4] == '-' && is_digit(text, 5) && is_digit(text, 6) ? std::stoi(text.substr(5)) : 0;
  if (!begins_with_year(text) || month < 1 || month > 12) refuse("month", text, "month", "year and month: 2026-07");
  const Timestamp begin = days_from_civil({std::stoi(text.substr(0, 4)), month, 1}) * kDay;
  return {begin,
          add_months(begin, 1),
          fmt::format("{} {}", kMonths[month - 1], text.substr(0, 4)),
          "month",
          fmt::format("--month {}", text),
          text};
}

ReportPeriod parse_report_quarter(const std::string& text) {
  const std::size_t mark = text.size() > 4 && text[4] == '-' ? 5 : 4;
  const bool is_quarter = begins_with_year(text) && text.size() == mark + 2 &&
                          (text[mark] == 'Q' || text[mark] == 'q') && text[mark + 1] >= '1' && text[mark + 1] <= '4';
  if (!is_quarter) refuse("quarter", text, "quarter", "year and quarter: 2026Q3");
  const int year = std::stoi(text.substr(0, 4)), number = text[mark + 1] - '0';
  const Timestamp begin = days_from_civil({year, (number - 1) * kMonthsOfQuarter + 1, 1}) * kDay;
  const std::string name = fmt::format("{}Q{}", year, number);
  return {begin,     add_months(begin, kMonthsOfQuarter), quarter_in_words(year, number),
          "quarter", fmt::format("--quarter {}", name),   name};
}

ReportPeriod days_since(Timestamp begin, Timestamp end) {
  begin = start_of_day(begin);
  if (end <= begin)
    throw Error(ErrorKind::usage,
                fmt::format("--since: nothing is known after {}: what is known reaches to {}", format_date(begin),
                            format_date(end)),
                "give an earlier day, or bring the store up to date with `resident sync`");
  const std::string last = format_date(end - 1);
  return {begin,
          end,
          fmt::format("{} to {}", format_date(begin), last),
          "period",
          fmt::format("--since {}", format_date(begin)),
          fmt::format("{}-to-{}", format_date(begin), last)};
}

std::string quarter_in_words(int year, int quarter) {
  static constexpr const char* kOrdinals[] = {"first", "second", "third", "fourth"};
  return fmt::format("the {} quarter of {}", kOrdinals[quarter - 1], year);
}

}  // namespace resident
