// What a report is about: a week, a month, a quarter, or any days, in UTC.
#pragma once

#include <base/time.hpp>
#include <string>

namespace resident {

struct ReportPeriod {
  Timestamp begin = 0, end = 0;  // end: the first second after it
  std::string name;              // "week of 2024-01-01 to 2024-01-07", "January 2024", "the first quarter of 2024"
  std::string word;              // "week", "month", "quarter", "period"
  std::string option;            // that asks for it again: "--month 2024-01"
  std::string slug;              // for names of files: "2024-01"
};

ReportPeriod week_of(Timestamp moment);
// "2024-01"; throws Error{usage} for anything else.
ReportPeriod parse_month(const std::string& text);
// "2024Q1", "2024-q1"; throws Error{usage} for anything else.
ReportPeriod parse_report_quarter(const std::string& text);
// From the day to the day before `end`; throws Error{usage} where there is none between.
ReportPeriod days_since(Timestamp begin, Timestamp end);

// 1 to 4, and "the first quarter of 2024".
std::string quarter_in_words(int year, int quarter);

}  // namespace resident
