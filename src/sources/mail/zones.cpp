#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/mail/zones.hpp>
#include <string>

namespace resident::mail {

namespace {

struct Zone {
  std::string_view name;
  int minutes;
};

// Names that mean one thing in mails.
constexpr std::array<Zone, 41> kZones{
    {{"est", -300}, {"edt", -240}, {"cst", -360},  {"cdt", -300},  {"mst", -420}, {"mdt", -360}, {"pst", -480},
     {"pdt", -420}, {"hst", -600}, {"akst", -540}, {"akdt", -480}, {"adt", -180}, {"nst", -210}, {"ndt", -150},
     {"wet", 0},    {"west", 60},  {"bst", 60},    {"cet", 60},    {"cest", 120}, {"met", 60},   {"mest", 120},
     {"mez", 60},   {"mesz", 120}, {"mewt", 60},   {"eet", 120},   {"eest", 180}, {"msk", 180},  {"msd", 240},
     {"sast", 120}, {"pkt", 300},  {"hkt", 480},   {"sgt", 480},   {"awst", 480}, {"kst", 540},  {"jst", 540},
     {"acst", 570}, {"aest", 600}, {"aedt", 660},  {"nzst", 720},  {"nzdt", 780}, {"acdt", 630}}};

// Windows' names, without "Standard Time", "Daylight Time" and what Windows in German makes of them.
constexpr std::array<Zone, 27> kPlaces{{{"hawaiian", -600},
                                        {"alaskan", -540},
                                        {"pacific", -480},
                                        {"us mountain", -420},
                                        {"mountain", -420},
                                        {"central", -360},
                                        {"central america", -360},
                                        {"canada central", -360},
                                        {"eastern", -300},
                                        {"us eastern", -300},
                                        {"atlantic", -240},
                                        {"newfoundland", -210},
                                        {"gmt", 0},
                                        {"greenwich", 0},
                                        {"w. europe", 60},
                                        {"romance", 60},
                                        {"central europe", 60},
                                        {"central european", 60},
                                        {"e. europe", 120},
                                        {"fle", 120},
                                        {"gtb", 120},
                                        {"south africa", 120},
                                        {"russian", 180},
                                        {"india", 330},
                                        {"china", 480},
                                        {"tokyo", 540},
                                        {"aus eastern", 600}}};

template <std::size_t Size>
const Zone* find_zone(const std::array<Zone, Size>& zones, std::string_view name) {
  for (const Zone& zone : zones)
    if (zone.name == name) return &zone;
  return nullptr;
}

// The n-th Sunday of a month (-1: the last), at the hour.
Timestamp sunday(int year, int month, int n, int hour) {
  const auto first_of = [&](int y, int m) { return days_from_civil({y, m, 1}); };
  const std::int64_t first =
      n > 0 ? first_of(year, month) : first_of(month == 12 ? year + 1 : year, month % 12 + 1) - 7;
  // 1970 began on a Thursday.
  const std::int64_t day = first + (3 - first % 7 + 7) % 7 + (n > 0 ? 7 * (n - 1) : 0);
  return day * kDay + hour * kHour;
}

// By the clock on the wall, as laws of the place have it since 1976 (the United States) and 1981 (Europe).
bool is_summer_in_america(int year, Timestamp local) {
  const Timestamp begin = year >= 2007   ? sunday(year, 3, 2, 2)
                          : year >= 1987 ? sunday(year, 4, 1, 2)
                                         : sunday(year, 4, -1, 2);
  return local >= begin && local < (year >= 2007 ? sunday(year, 11, 1, 2) : sunday(year, 10, -1, 2));
}

bool is_summer_in_europe(int year, Timestamp local) {
  return local >= sunday(year, 3, -1, 2) && local < sunday(year, year >= 1996 ? 10 : 9, -1, 3);
}

int of_digits(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// "+0200", "-5", "+02:00": hours east.
int offset(std::string_view sign, std::string_view hours, std::string_view minutes) {
  constexpr int kMostHours = 14, kLastMinute = 59;
  if (of_digits(hours) > kMostHours || of_digits(minutes) > kLastMinute) return 0;
  return (sign == "-" ? -1 : 1) * (of_digits(hours) * 60 + of_digits(minutes));
}

// "EST5EDT", "MET-1METDST", "JST-9": POSIX counts hours to the west.
std::optional<int> posix_minutes(const std::string& text, Timestamp local) {
  static const Pattern kPosix(R"(^([a-z]{3,4})([+-]?)(\d{1,2})([a-z]{3,6})?\b)");
  std::string name, sign, hours, summer;
  if (!kPosix.found_in(text, &name, &sign, &hours, &summer) || name == "gmt" || name == "utc") return std::nullopt;
  const int minutes = -offset(sign, hours, "");
  if (summer.empty()) return minutes;
  const int year = date_of(local).year;
  const bool is_american = name == "est" || name == "cst" || name == "mst" || name == "pst" || name == "ast";
  return minutes + ((is_american ? is_summer_in_america(year, local) : is_summer_in_europe(year, local)) ? 60 : 0);
}

std::optional<int> windows_minutes(const std::string& text) {
  static const Pattern kWindows(R"(^([a-z][a-z. ]*[a-z]) (standard|daylight|summer) time\b)");
  static const Pattern kGerman(R"(^(mittel|west|ost)europ\S*ische (sommer)?zeit\b)");
  std::string place, kind;
  if (kWindows.found_in(text, &place, &kind)) {
    const Zone* zone = find_zone(kPlaces, place);
    if (zone) return zone->minutes + (kind == "standard" ? 0 : 60);
  }
  if (kGerman.found_in(text, &place, &kind))
    return (place == "west" ? 0 : place == "mittel" ? 60 : 120) + (kind.empty() ? 0 : 60);
  return std::nullopt;
}

}  // namespace

int zone_minutes(std::string_view written, Timestamp local) {
  static const Pattern kNumber(R"(^(?:utc|gmt)?\s?([+-])(\d{2}):?(\d{2})\b)"),
      kHours(R"(^(?:utc|gmt)([+-])(\d{1,2})()\b)");
  static const Pattern kWord(R"(^([a-z]{1,6})( dst\b)?)");
  std::string text = to_lower(trim(written));
  while (!text.empty() && (text[0] == '"' || text[0] == '(' || text[0] == ' ')) text.erase(0, 1);
  std::string sign, hours, minutes, name, summer;
  if (kNumber.found_in(text, &sign, &hours, &minutes) || kHours.found_in(text, &sign, &hours, &minutes))
    return offset(sign, hours, minutes);
  if (const auto told = posix_minutes(text, local)) return *told;
  if (const auto told = windows_minutes(text)) return *told;
  if (!kWord.found_in(text, &name, &summer)) return 0;
  const Zone* zone = find_zone(kZones, name);
  const bool is_known = zone != nullptr || name == "gmt";
  return (zone ? zone->minutes : 0) + (is_known && !summer.empty() ? 60 : 0);
}

}  // namespace resident::mail
