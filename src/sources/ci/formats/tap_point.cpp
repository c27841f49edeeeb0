#include <charconv>
#include <sources/ci/formats/tap_point.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci::tap {

namespace {

// "time=104.4ms" behind '#', as node-tap writes it.
std::optional<double> time_of(std::string_view text) {
  constexpr std::string_view kTime = "time=";
  if (!text.starts_with(kTime)) return std::nullopt;
  text.remove_prefix(kTime.size());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)).starts_with("ms")
             ? value / 1000
             : value;
}

}  // namespace

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if ((text[i] | 0x20) != (word[i] | 0x20)) return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<double> time_behind(std::string_view& name) {
  const std::size_t open = name.rfind('(');
  if (open == std::string_view::npos || !name.ends_with("s)")) return std::nullopt;
  const std::string_view number = name.substr(open + 1, name.size() - open - 3);
  if (number.empty() || number.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  name = trimmed(name.substr(0, open));
  return leading_number(number);
}

// testem has words of its own for what was left out: "skip 3 Chrome - [12 ms] - name", "todo 4 …".
std::optional<Point> testem_point(std::string_view line) {
  static const Pattern pattern(R"((skip|todo) ([0-9]+) (\S.* - \[(?:[0-9.]+|undefined) ms\] - .*))");
  std::string_view groups[4];
  if (!pattern.search(line, 0, Pattern::Anchor::both, groups)) return std::nullopt;
  Point point;
  point.ok = groups[1] == "skip";
  point.directive = groups[1] == "skip" ? Point::Directive::skip : Point::Directive::todo;
  if (const auto number = leading_number(groups[2])) point.number = static_cast<std::size_t>(*number);
  point.name = point.whole = groups[3];
  return point;
}

std::optional<Point> point_of(std::string_view line) {
  if (line.starts_with("skip ") || line.starts_with("todo ")) return testem_point(line);
  Point point;
  if (line.starts_with("not ok")) {
    line.remove_prefix(6);
  } else if (line.starts_with("ok")) {
    point.ok = true;
    line.remove_prefix(2);
  } else {
    return std::nullopt;
  }
  if (!line.empty() && line.front() != ' ' && line.front() != '\t') return std::nullopt;
  line = trimmed(line);
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  if (digits > 0 && (digits == line.size() || line[digits] == ' ' || line[digits] == '\t')) {
    std::size_t number = 0;
    if (std::from_chars(line.data(), line.data() + digits, number).ec == std::errc{}) point.number = number;
    line = trimmed(line.substr(digits));
  }
  const bool has_dash = line.starts_with("- ");
  if (has_dash) line = trimmed(line.substr(2));
  // jest-tap-reporter's bullets, another one where it failed.
  for (const std::string_view bullet : {"— ", "● "})
    if (!has_dash && line.starts_with(bullet)) line = trimmed(line.substr(bullet.size()));
  if (line == "{" || line.ends_with(" {")) {
    point.opens = true;
    line = trimmed(line.substr(0, line.size() - 1));
  }
  // Bacon's: "differs: FAILED", "throws: ERROR: NoMethodError".
  static const Pattern bacon(R"((.*): (FAILED|MISSING|ERROR: [A-Z][\w:]*))");
  std::string_view groups[3];
  if (!point.ok && bacon.search(line, 0, Pattern::Anchor::both, groups)) {
    if (groups[2].starts_with("ERROR")) point.directive = Point::Directive::thrown;
    line = groups[1];
  }
  point.whole = line;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
      continue;
    }
    if (line[at] != '#') continue;
    const std::string_view directive = trimmed(line.substr(at + 1));
    const bool skip = starts_with_word(directive, "skip"), todo = starts_with_word(directive, "todo");
    // The kernel's: "# XFAIL reason", "# TIMEOUT 45 seconds", "# exit=139".
    const bool expected = directive.starts_with("XFAIL"), late = directive.starts_with("TIMEOUT"),
               ended = directive.starts_with("exit=");
    const auto seconds = time_of(directive);
    if (!skip && !todo && !seconds && !expected && !late && !ended) continue;
    point.seconds = seconds;
    if (expected) point.directive = Point::Directive::xfail;
    if (late && !point.ok) point.directive = Point::Directive::timeout;
    // A shell's status from 128 on is a signal.
    if (ended && directive.size() >= 8 && directive[5] > '0' && directive.substr(5) >= "128")
      point.directive = Point::Directive::exit;
    if (late || ended) point.reason = directive;
    if (skip || todo) {
      point.directive = skip ? Point::Directive::skip : Point::Directive::todo;
      const std::size_t blank = directive.find(' ');
      point.reason = blank == std::string_view::npos ? std::string_view() : trimmed(directive.substr(blank));
    }
    line = trimmed(line.substr(0, at));
    // Crystal's "ok 4 - # SKIP name": behind the dash stands a name.
    if (line.empty() && has_dash && (skip || todo)) std::swap(line, point.reason);
    // gnome-desktop-testing-runner's "ok # SKIP - name".
    if (line.empty() && (skip || todo) && point.reason.starts_with("- ")) {
      std::swap(line, point.reason);
      if (line.starts_with("- ")) line = trimmed(line.substr(2));
    }
    break;
  }
  point.name = line;
  return point;
}

bool asserts_below_comments(std::string_view head) {
  std::size_t points = 0, headed = 0;
  bool is_below_comment = false;
  each_line(head, [&](std::string_view line) {
    const bool is_point = line.starts_with("ok ") || line.starts_with("not ok ");
    points += is_point ? 1 : 0;
    headed += is_point && is_below_comment ? 1 : 0;
    is_below_comment = line.starts_with("# ");
  });
  return points > 1 && points == headed && head.starts_with("# ");
}

std::string unescaped(std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '\\' && at + 1 < name.size() && (name[at + 1] == '#' || name[at + 1] == '\\')) ++at;
    result += name[at];
  }
  return result;
}

bool is_plan(std::string_view line) {
  return line.starts_with("1..") && line.size() > 3 && line[3] >= '0' && line[3] <= '9';
}

bool is_plain_point(std::string_view line) {
  if (!line.starts_with("ok ") && !line.starts_with("not ok ")) return false;
  const std::string_view rest = trimmed(line.substr(line.starts_with("ok") ? 3 : 7));
  return point_of(line) && !rest.empty() && ((rest.front() >= '0' && rest.front() <= '9') || rest.front() == '-');
}

}  // namespace resident::ci::tap
