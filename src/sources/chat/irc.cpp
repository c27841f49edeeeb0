#include <fmt/format.h>
#include <unicode/timezone.h>

#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <memory>
#include <sources/chat/formats.hpp>
#include <sources/chat/irc.hpp>
#include <sources/decode/decode.hpp>
#include <unordered_map>

namespace resident::chat {

namespace {

constexpr std::size_t kLongestLine = 16'384, kLongestNick = 64;
constexpr int kLinesToJudge = 60;
constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";

struct Line {
  enum Kind { message, notice, day, nothing } kind = nothing;
  std::optional<Timestamp> day_of;  // the day, where the line names it
  int month = 0, day_of_month = 0;  // where it names these alone
  Timestamp second = 0;             // of the day
  bool is_utc = false;
  std::string nick, text;
};

std::optional<Timestamp> day_from(int year, int month, int day) {
  return parse_time(fmt::format("{:04}-{:02}-{:02}", year, month, day));
}

int month_number(std::string_view name) {
  const std::size_t at = kMonths.find(to_lower(name.substr(0, 3)));
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

// The next day of that name that is not before `from`.
std::optional<Timestamp> day_of_name(Timestamp from, int month, int day_of_month) {
  constexpr int kYears = 8;  // to the next 29 February, at most
  const int year = std::atoi(format_date(from).substr(0, 4).c_str());
  for (int each = year; each <= year + kYears; ++each)
    if (const auto found = day_from(each, month, day_of_month); found && *found >= from) return found;
  return std::nullopt;
}

// mIRC's colours and other codes.
std::string without_codes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == 0x03) {
      const auto digits = [&] {
        for (int n = 0; n < 2 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9'; ++n) ++i;
      };
      digits();
      if (i + 2 < text.size() && text[i + 1] == ',' && text[i + 2] >= '0' && text[i + 2] <= '9') {
        ++i;
        digits();
      }
    } else if (c >= 0x20 || c == '\t') {
      result += text[i];
    }
  }
  return result;
}

// "@nick", "+nick": how the channel ranks them.
std::string_view plain_nick(std::string_view nick) {
  nick = trim(nick);
  while (!nick.empty() && (nick[0] == '@' || nick[0] == '+' || nick[0] == '%' || nick[0] == '&' || nick[0] == '~'))
    nick.remove_prefix(1);
  return nick;
}

bool set_time(Line& line, int hour, int minute, std::string_view second) {
  const int seconds = second.empty() ? 0 : (second[0] - '0') * 10 + (second[1] - '0');
  if (hour > 23 || minute > 59 || seconds > 60) return false;
  line.second = hour * kHour + minute * kMinute + seconds;
  return true;
}

// "Tue Dec 24 00:26:23 2013", "Wed Dec 25 2013".
bool read_long_date(std::string_view text, Line& line) {
  static const Pattern pattern(R"(([A-Z][a-z]{2})\s+(\d{1,2})\s+(?:(\d{1,2}):(\d{2})(?::(\d{2}))?\s+)?(\d{4}))");
  std::string month, hour, minute, second;
  int day, year;
  if (!pattern.found_in(text, &month, &day, &hour, &minute, &second, &year) || month_number(month) == 0) return false;
  line.day_of = day_from(year, month_number(month), day);
  if (!line.day_of) return false;
  if (!hour.empty()) set_time(line, std::atoi(hour.c_str()), std::atoi(minute.c_str()), second);
  line.kind = Line::day;
  return true;
}

// What stands behind the time.
void read_rest(std::string_view rest, Line& line) {
  static const Pattern said(R"(^<([^<>\t]{1,80})>[ \t]?(.*))"), acted(R"(^\s*\*\t?\s*([^\s*]\S*)\s(.*))");
  // HexChat writes joins as it writes actions.
  static const Pattern notice(
      R"(^\s*\*\s*\S+ (?:\([^)\s]*@[^)\s]*\) )?(?:has (?:joined|left|quit)\b|is now known as |sets mode|gives channel operator))");
  std::string nick;
  if (said.found_in(rest, &nick, &line.text)) {
    line.kind = Line::message;
  } else if (!notice.found_in(rest) && !rest.starts_with("***") && !trim(rest).starts_with("*\t***") &&
             acted.found_in(rest, &nick, &line.text)) {
    line.kind = Line::message;
  } else {
    line.kind = Line::notice;
    return;
  }
  line.nick = plain_nick(without_codes(nick));
  if (line.nick.empty() || line.nick.size() > kLongestNick) line.kind = Line::notice;
}

bool read_weechat(std::string_view text, Line& line) {
  static const Pattern pattern(R"(^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:\.\d+)?\t([^\t]*)\t(.*))");
  int year, month, day, hour, minute;
  std::string second, prefix;
  if (!pattern.found_in(text, &year, &month, &day, &hour, &minute, &second, &prefix, &line.text)) return false;
  line.day_of = day_from(year, month, day);
  if (!line.day_of || !set_time(line, hour, minute, second)) return false;
  const std::string_view mark = trim(prefix);
  line.kind = Line::message;
  if (mark == "*") {
    const std::size_t space = line.text.find(' ');
    line.nick = plain_nick(line.text.substr(0, space));
    line.text = space == std::string::npos ? "" : line.text.substr(space + 1);
  } else {
    line.nick = plain_nick(mark);
  }
  if (mark == "-->" || mark == "<--" || mark == "--" || mark == "=!=" || line.nick.empty() ||
      line.nick.find(' ') != std::string::npos || line.nick.size() > kLongestNick)
    line.kind = Line::notice;
  return true;
}

Line read_line(std::string_view text) {
  static const Pattern bracket(R"(^\[(\d{2}):(\d{2})(?::(\d{2}))?\] ?(.*))"),
      plain(R"(^(\d{2}):(\d{2})(?::(\d{2}))?( ?(?:<|-!-| \* |-).*))"),
      dated(R"(^\[?(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?\]?\s+(.*))"),
      hexchat(R"(^([A-Z][a-z]{2}) (\d{2}) (\d{2}):(\d{2}):(\d{2}) (.*))");
  Line line;
  if (text.starts_with("--- ") || text.starts_with("**** ")) {
    line.kind = Line::notice;
    read_long_date(text, line);
    return line;
  }
  if (text.starts_with("===") || text.starts_with("***")) {
    line.kind = Line::notice;
    return line;
  }
  if (read_weechat(text, line)) return line;
  int hour, minute, year, month, day;
  std::string second, zone, name;
  std::string_view rest;
  if (bracket.found_in(text, &hour, &minute, &second, &rest) && set_time(line, hour, minute, second)) {
    read_rest(rest, line);
    return line;
  }
  if (plain.found_in(text, &hour, &minute, &second, &rest) && set_time(line, hour, minute, second)) {
    read_rest(rest.starts_with(" <") || rest.starts_with(" -") ? rest.substr(1) : rest, line);
    return line;
  }
  if (dated.found_in(text, &year, &month, &day, &hour, &minute, &second, &zone, &rest)) {
    line.day_of = day_from(year, month, day);
    if (!line.day_of || !set_time(line, hour, minute, second)) return Line();
    if (!zone.empty()) {
      if (zone.size() == 5) zone.insert(3, ":");
      const auto at = parse_time(
          fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", year, month, day, hour, minute, line.second % 60, zone));
      if (!at) return Line();
      line.is_utc = true;
      line.day_of = start_of_day(*at);
      line.second = *at - *line.day_of;
    }
    read_rest(rest, line);
    return line;
  }
  if (hexchat.found_in(text, &name, &day, &hour, &minute, &second, &rest) && month_number(name) &&
      set_time(line, hour, minute, second)) {
    line.month = month_number(name);
    line.day_of_month = day;
    read_rest(rest, line);
    return line;
  }
  return line;
}

}  // namespace

LogName log_name(const std::string& path) {
  static const Pattern day(R"((\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?:\D|$))"),
      status(R"((?i)(?:^|/|\.)(?:core\.weechat|server\.[^/]*|status|_status)(?:\.|$))");
  LogName name;
  int year, month, date;
  for (std::string_view rest = path; day.find_next(rest, &year, &month, &date);)
    if (const auto at = day_from(year, month, date)) name.day = at;
  name.is_status = status.found_in(path);
  const std::size_t sign = path.rfind('#');
  const auto [folder, file] = folder_and_file(path);
  std::string text;
  if (sign != std::string::npos) {
    name.has_sign = true;
    text = path.substr(sign + 1);
    if (const std::size_t slash = text.find('/'); slash != std::string::npos) text.resize(slash);
  } else {
    text = file;
  }
  static const Pattern plain(
      R"((?i)^(.*?)(?:[._-]?\d{4}[-_]?\d{2}[-_]?\d{2})?(?:\.(?:log|txt|weechatlog|irclog|gz|xz|bz2|zst))*$)");
  if (std::string shorter; plain.matches(text, &shorter)) text = shorter;
  if (text.empty() && !name.has_sign) text = folder;
  name.channel = to_lower(text.empty() ? "log" : text);
  return name;
}

ToUtc zone_of(const std::string& zone) {
  if (zone.empty() || zone == "UTC") return [](Timestamp at) { return at; };
  static const Pattern offset(R"(^([+-])(\d{2}):(\d{2})$)");
  std::string sign;
  int hours, minutes;
  if (offset.found_in(zone, &sign, &hours, &minutes) && hours <= 14 && minutes < 60) {
    const Timestamp seconds = (sign == "-" ? -1 : 1) * (hours * kHour + minutes * kMinute);
    return [seconds](Timestamp at) { return at - seconds; };
  }
  const std::shared_ptr<icu::TimeZone> known(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
  if (!known || *known == icu::TimeZone::getUnknown())
    throw Error(ErrorKind::usage, fmt::format("there is no time zone {}", one_line(zone.substr(0, 100))),
                "chat.time_zone takes a name like Europe/Berlin, or +02:00");
  return [known](Timestamp at) {
    std::int32_t raw = 0, summer = 0;
    UErrorCode code = U_ZERO_ERROR;
    constexpr double kMilliseconds = 1000;
    known->getOffset(static_cast<double>(at) * kMilliseconds, true, raw, summer, code);
    return U_FAILURE(code) ? at : at - (raw + summer) / static_cast<std::int32_t>(kMilliseconds);
  };
}

bool looks_like_irc(std::string_view text) {
  int lines = 0, good = 0;
  for (std::string_view rest = text; !rest.empty() && lines < kLinesToJudge;) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    ++lines;  // one that is too long is none of a log, and is left out
    good += line.size() <= kLongestLine && read_line(line).kind != Line::nothing;
  }
  return lines > 0 && good * 2 > lines;
}

IrcLog read_irc(std::string_view text, const LogName& name, const ToUtc& to_utc) {
  IrcLog log;
  constexpr Timestamp kHalfYear = 183 * kDay;
  std::optional<Timestamp> day = name.day;
  bool is_day_of_name = true;
  std::optional<Timestamp> last;  // by the wall clock
  std::unordered_map<std::string, int> times;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    std::string_view raw = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    if (raw.empty()) continue;
    Line line = read_line(raw.substr(0, kLongestLine));
    // A clock may be set back over midnight; a file's name may be of its last day.
    if (line.month && day)
      line.day_of = day_of_name(*day - (is_day_of_name ? kHalfYear : kDay), line.month, line.day_of_month);
    if (line.day_of) day = line.day_of, is_day_of_name = false;
    if (line.kind == Line::day) {
      last = line.second ? std::optional<Timestamp>(*day + line.second) : std::nullopt;
      ++log.notices;
      continue;
    }
    if (line.kind != Line::message) {
      ++log.notices;
      continue;
    }
    if (!day) {
      log.problem = "neither its lines nor its name tell the day";
      return log;
    }
    if (!line.day_of && last && *day + line.second < *last - kHour) *day += kDay;
    last = *day + line.second;
    Message message;
    message.at = line.is_utc ? *last : to_utc(*last);
    message.author = to_lower(clean_text(line.nick));
    message.text = without_codes(mail::to_utf8(line.text, ""));
    if (trim(message.text).empty()) continue;
    const std::string print = fmt::format("{} {} {}", message.at, message.author, message.text);
    // What somebody says twice in a second are two messages; the same line in another log is the same.
    message.id = fingerprint(fmt::format("{} {}", print, ++times[print])).substr(0, 20);
    log.messages.push_back(std::move(message));
  }
  return log;
}

}  // namespace resident::chat
