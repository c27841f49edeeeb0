// The two fields of a mail that senders write most freely: From and Date.

#include <fmt/format.h>

#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/decode/decode.hpp>
#include <sources/mail/message.hpp>
#include <sources/mail/zones.hpp>

namespace resident::mail {

namespace {

constexpr std::size_t kLongestDate = 200;

std::string unquoted(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      ++i;
    else if (text[i] == '"')
      continue;
    result += text[i];
  }
  return result;
}

}  // namespace

std::optional<Timestamp> parse_date(std::string_view text) {
  static const Pattern pattern(
      R"((?is)^\s*(?:[a-z]{3,9}\.?,?\s+)?(\d{1,2})[\s-]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[\s-]+(\d{2,4})\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?(?:\s?([AP])M\b)?\s*(.*))");
  constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";
  int day, year, hour, minute;
  std::string month, second, half, zone;
  const std::string_view bounded = text.substr(0, kLongestDate);
  // As asctime() writes it, with the zone on either side of the year where programs put one.
  static const Pattern asctime(
      R"((?i)^\s*[a-z]{3},?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:([+-]\d{4}|[A-Z]{2,5})\s+)?(\d{4})(?:\s+([+-]\d{4}))?\s*$)");
  // ISO 8601 with blanks where it has a T and nothing.
  static const Pattern iso(
      R"(^\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)? ?([+-])(\d{2}):?(\d{2})\s*$)");
  std::string date, time, sign, hours, minutes, zone_behind;
  if (iso.found_in(bounded, &date, &time, &sign, &hours, &minutes))
    return parse_time(fmt::format("{}T{}{}{}:{}", date, time, sign, hours, minutes));
  if (!pattern.found_in(bounded, &day, &month, &year, &hour, &minute, &second, &half, &zone)) {
    if (!asctime.found_in(bounded, &month, &day, &hour, &minute, &second, &zone, &year, &zone_behind))
      return parse_time(trim(bounded));
    if (zone.empty()) zone = zone_behind;
  }
  if (const bool is_afternoon = to_lower(half) == "p"; !half.empty() && hour >= 1 && hour <= 12)
    hour = hour % 12 + (is_afternoon ? 12 : 0);
  // RFC 5322, 4.3.
  if (year < 50)
    year += 2000;
  else if (year < 1000)
    year += 1900;
  const int month_number = static_cast<int>(months.find(to_lower(month)) / 3) + 1;
  const int seconds = second.empty() ? 0 : (second[0] - '0') * 10 + (second[1] - '0');
  if (day < 1 || day > 31 || hour > 24 || minute > 59 || seconds > 60 || year < 1970 || year > 9999)
    return std::nullopt;
  const std::int64_t days = days_from_civil({year, month_number, day});
  if (date_of(days * kDay).month != month_number) return std::nullopt;  // 31 February
  const Timestamp local = days * kDay + hour * kHour + minute * kMinute + seconds;
  return local - zone_minutes(zone, local) * kMinute;
}

PersonRecord parse_author(std::string_view text) {
  PersonRecord person;
  person.provider = "mail";
  std::string_view address, name;
  const std::size_t open = text.rfind('<'), close = text.find('>', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    name = text.substr(0, open);
    address = text.substr(open + 1, close - open - 1);
  } else if (const std::size_t parenthesis = text.find('('); parenthesis != std::string_view::npos) {
    address = text.substr(0, parenthesis);
    const std::size_t end = text.rfind(')');
    name =
        text.substr(parenthesis + 1, end == std::string_view::npos || end < parenthesis ? end : end - parenthesis - 1);
  } else {
    address = text;
  }
  person.email = to_lower(trim(address));
  if (person.email.find('@') == std::string::npos)
    if (const std::size_t at = person.email.find(" at "); at != std::string::npos) person.email.replace(at, 4, "@");
  person.name = std::string(trim(one_line(clean_text(decode_words(unquoted(trim(name))), 300))));
  // A name that is the address says nothing, and must not be shown.
  if (person.name.find('@') != std::string::npos) person.name.clear();
  if (person.email.find('@') == std::string::npos || person.email.find_first_of(" \t<>") != std::string::npos) {
    if (person.name.empty() && person.email.find('@') == std::string::npos)
      person.name = std::string(trim(one_line(clean_text(decode_words(unquoted(address)), 300))));
    person.email.clear();
  }
  return person;
}

}  // namespace resident::mail
