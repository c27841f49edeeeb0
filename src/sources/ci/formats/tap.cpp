// TAP 12, 13 and 14 (testanything.org) and the kernel's KTAP, with subtests indented by four blanks, YAML diagnostics
// and what known producers add: node-tap and node --test (subtests), tape (tests as comments over assertions), libcheck
// (file:case:test: message), QUnit.
#include <algorithm>
#include <charconv>
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident::ci {

namespace {

using enum Outcome;

bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

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

struct Point {
  bool ok = false;
  bool opens = false;            // a subtest, whose lines stand behind it up to "}"
  std::string_view name, whole;  // whole: with what may be a directive
  std::optional<std::size_t> number = std::nullopt;
  enum class Directive { none, skip, todo, xfail, timeout, exit } directive = Directive::none;
  std::string_view reason;
  std::optional<double> seconds;
};

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

// "ok", "not ok", with or without number and " - "; a '#' that no backslash protects begins the directive.
std::optional<Point> point_of(std::string_view line) {
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
  if (digits > 0 && (digits == line.size() || line[digits] == ' ')) {
    std::size_t number = 0;
    if (std::from_chars(line.data(), line.data() + digits, number).ec == std::errc{}) point.number = number;
    line = trimmed(line.substr(digits));
  }
  if (line.starts_with("- ")) line = trimmed(line.substr(2));
  if (line == "{" || line.ends_with(" {")) {
    point.opens = true;
    line = trimmed(line.substr(0, line.size() - 1));
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
    break;
  }
  point.name = line;
  return point;
}

std::string unescaped(std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '\\' && at + 1 < name.size() && (name[at + 1] == '#' || name[at + 1] == '\\')) ++at;
    result += name[at];
  }
  return result;
}

class Reader {
 public:
  Reader(std::string_view bytes, TestReport& report) : bytes_(bytes), report_(report), builder_(report) {}

  void read() {
    tell_tool();
    while (next_line()) {
      if (in_yaml_) {
        yaml();
      } else {
        line();
      }
    }
    finish_pending();
    finish_heading();
    finish();
    number_repeated_names(report_);
  }

 private:
  void tell_tool() {
    is_ktap_ = contains(bytes_.substr(0, kSniffed), "KTAP version ");
    if (is_ktap_) report_.tool = "ktap";
    if (contains(bytes_, "\n# tests ") && contains(bytes_, "\n# pass ")) {
      // Assertions under comments, none of them with " - ": tape.
      const std::size_t first = bytes_.find("\nok "), failed = bytes_.find("\nnot ok ");
      const std::size_t at = std::min(first, failed);
      if (at != std::string_view::npos) {
        const std::size_t before = bytes_.rfind('\n', at == 0 ? 0 : at - 1);
        const std::string_view above = bytes_.substr(before == std::string_view::npos ? 0 : before + 1,
                                                     at - (before == std::string_view::npos ? 0 : before + 1));
        const std::string_view here = bytes_.substr(at + 1, bytes_.find('\n', at + 1) - at - 1);
        if (above.starts_with("# ") && !contains(here, " - ")) report_.tool = "tape";
      }
    }
    if (report_.tool.empty() && is_mocha()) report_.tool = "mocha";
    if (report_.tool.empty() && contains(bytes_, "# Subtest: "))
      report_.tool = contains(bytes_, "duration_ms:") ? "node-test" : "node-tap";
    if (report_.tool.empty() && contains(bytes_, "\n# todo ") && contains(bytes_, " > ")) report_.tool = "qunit";
    // jasmine-reporters: "# 1 spec, 0 failures, 0 skipped, 0 disabled in 0.016s."
    if (report_.tool.empty() && contains(bytes_, " skipped, ") && contains(bytes_, " disabled in "))
      report_.tool = "jasmine";
    if (report_.tool == "tape") builder_.cannot_tell({missing, timeout, error});
    if (report_.tool == "qunit") builder_.cannot_tell({xpass, error, timeout});
    if (report_.tool == "node-tap") builder_.cannot_tell({missing, crash});
    builder_.cannot_tell({missing, flaky, crash, timeout, error});
  }

  // Its three totals stand at the end and alone, and no name has a dash before it.
  bool is_mocha() const {
    if (!contains(bytes_, "\n# tests ") || !contains(bytes_, "\n# pass ") || !contains(bytes_, "\n# fail "))
      return false;
    for (const std::string_view other : {"# Subtest: ", "\n# skip ", "\n# todo ", "\n# suites ", " - "})
      if (contains(other == " - " ? bytes_.substr(0, bytes_.find('\n')) : bytes_, other)) return false;
    const std::size_t first = std::min(bytes_.find("\nok "), bytes_.find("\nnot ok "));
    if (first == std::string_view::npos) return true;
    return !contains(bytes_.substr(first + 1, bytes_.find('\n', first + 1) - first - 1), " - ");
  }

  bool next_line() {
    if (at_ >= bytes_.size()) return false;
    const std::size_t end = bytes_.find('\n', at_);
    line_ = bytes_.substr(at_, end == std::string_view::npos ? std::string_view::npos : end - at_);
    at_ = end == std::string_view::npos ? bytes_.size() : end + 1;
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    // The kernel's log: "[   12.345678] ok 1 name".
    if (is_ktap_ && line_.starts_with('['))
      if (const std::size_t close = line_.find("] "); close != std::string_view::npos && close < 24)
        line_.remove_prefix(close + 2);
    return true;
  }

  void line() {
    std::size_t blanks = 0;
    while (blanks < line_.size() && line_[blanks] == ' ') ++blanks;
    const std::string_view text = line_.substr(blanks);
    const std::size_t depth = blanks / 4;
    if (text == "---" && pending_) {
      in_yaml_ = true;
      yaml_indent_ = blanks;
      return;
    }
    if (text.starts_with("# Subtest: ") || text.starts_with("# Subtest:")) {
      finish_pending();
      // The kernel's stands beside the points, the others' above them.
      const std::size_t level = is_ktap_ && depth > 0 ? depth - 1 : depth;
      if (level > kDeepest) return;
      names_.resize(level + 1);
      names_[level] = unescaped(trimmed(text.substr(10)));
      just_named_ = true;
      return;
    }
    if (text.starts_with('#')) {
      comment(trimmed(text.substr(1)), depth);
      return;
    }
    if (depth == 0 && text.starts_with("Bail out!")) {
      finish_pending();
      builder_.add("", "Bail out!", crash, {}, trimmed(text.substr(9)));
      builder_.incomplete("the run was given up: " + std::string(trimmed(text.substr(9))));
      return;
    }
    if (text.starts_with("1..")) {
      if (depth == 0) plan(text);
      // A subtest's own plan; right below its name, that stands as deep as its lines.
      if (depth > 0 && just_named_ && names_.size() == depth + 1) {
        names_[depth - 1] = std::move(names_[depth]);
        names_.resize(depth);
      }
      just_named_ = false;
      return;
    }
    if (text == "}") {
      finish_pending();
      if (depth < names_.size()) names_.resize(depth);
      return;
    }
    if (const auto point = point_of(text)) {
      finish_pending();
      just_named_ = false;
      if (depth > kDeepest) return;
      if (depth == 0) count(*point);
      if (report_.tool == "tape") {
        assertion(*point);
      } else {
        hold(*point, depth);
      }
    } else if (pending_ && blanks > 0 && pending_text_.size() < kLongestMessage) {
      pending_text_.append(text).push_back('\n');  // mocha's reporter explains in plain lines
    }
  }

  // A point waits for its diagnostics.
  void hold(const Point& point, std::size_t depth) {
    pending_ = point;
    pending_suite_.clear();
    for (std::size_t level = 0; level < depth && level < names_.size(); ++level) {
      if (names_[level].empty()) continue;
      pending_suite_ += (pending_suite_.empty() ? "" : " > ") + names_[level];
    }
    pending_text_.clear();
    if (depth < names_.size()) names_.resize(depth);  // the subtest that this point closes
    if (!point.opens) return;
    has_braces_ = true;
    finish_pending();
    names_.resize(depth + 1);
    names_[depth] = unescaped(point.name);
  }

  void count(const Point& point) {
    ++points_;
    const std::size_t number = point.number.value_or(last_number_ + 1);
    last_number_ = number;
    greatest_number_ = std::max(greatest_number_, number);
    has_repeated_number_ = !numbers_.insert(number).second || has_repeated_number_;
  }

  void yaml() {
    std::size_t blanks = 0;
    while (blanks < line_.size() && line_[blanks] == ' ') ++blanks;
    if (blanks <= yaml_indent_ && line_.substr(blanks) == "...") {
      in_yaml_ = false;
      return;
    }
    // A block that nobody ended: a result stands where only its lines should.
    if (blanks < yaml_indent_ && point_of(line_.substr(blanks))) {
      in_yaml_ = false;
      line();
      return;
    }
    if (pending_text_.size() < 4 * kLongestMessage) pending_text_.append(line_).push_back('\n');
  }

  static Outcome outcome(const Point& point, std::string_view text, std::string_view tool, bool has_braces) {
    if (point.directive == Point::Directive::skip) return skip;
    if (point.directive == Point::Directive::todo) {
      // node-tap and vitest do not run the body of a to-do, and say ok.
      if (point.ok) return tool == "node-tap" || tool == "node-test" || has_braces ? skip : xpass;
      return xfail;
    }
    if (point.directive == Point::Directive::xfail) return xfail;
    if (point.directive == Point::Directive::timeout) return timeout;
    if (point.directive == Point::Directive::exit) return crash;
    if (point.ok) return pass;
    if (contains(text, "testTimeoutFailure") || contains(text, "Test timeout expired") ||
        contains(text, "expired: true") || contains(text, "timeout!"))
      return timeout;
    if (text.starts_with("Timeout of ")) return timeout;
    for (const std::string_view thrown : {"\nTypeError: ", "\nReferenceError: ", "\nRangeError: ", "\nSyntaxError: "})
      if (contains(text, thrown)) return error;
    if (contains(text, "signal: SIG") || contains(text, "Received signal ")) return crash;
    if (contains(text, "tapCaught:") || contains(text, "before failed on ") || contains(text, "after failed on ") ||
        contains(text, "hookFailed") || contains(text, "Early exit with return value"))
      return error;
    return fail;
  }

  // "file.c:case:test: message", as libcheck writes it.
  bool check_name(Point& point, std::string& suite, std::string& message) {
    const std::size_t end = point.name.find(": ");
    const std::string_view where = point.name.substr(0, end == std::string_view::npos ? point.name.size() : end);
    const std::size_t first = where.find(':'),
                      second = first == std::string_view::npos ? first : where.find(':', first + 1);
    if (end == std::string_view::npos || second == std::string_view::npos || contains(where, " ")) return false;
    if (!contains(where.substr(0, first), ".c")) return false;
    suite = std::string(where.substr(first + 1, second - first - 1));
    message = std::string(point.name.substr(end + 2));
    const std::string name(where.substr(second + 1));
    // The cases of a loop stand one behind the other; a name that comes back later was added twice.
    loop_ = name == last_name_ && suite == last_suite_ ? loop_ + 1 : 0;
    last_name_ = name;
    last_suite_ = suite;
    report_.tool = "check";
    name_ = name + ":" + std::to_string(loop_);
    point.name = name_;
    return true;
  }

  void finish_pending() {
    if (!pending_) return;
    Point point = *pending_;
    pending_.reset();
    std::string suite = pending_suite_, message = pending_text_;
    if (suite.empty()) check_name(point, suite, message);
    std::string name = point.name.empty() ? "(unnamed " + std::to_string(points_) + ")" : unescaped(point.name);
    if (!point.seconds) {
      const std::size_t at = message.find("duration_ms: ");
      if (at != std::string::npos) {
        double value = 0;
        const char* from = message.data() + at + 13;
        if (std::from_chars(from, message.data() + message.size(), value).ec == std::errc{})
          point.seconds = value / 1000;
      }
    }
    // Why the last part of a subtest failed is told by that part alone.
    Outcome result = outcome(point, message, report_.tool, has_braces_);
    if (contains(message, "cancelledByParent")) return;
    if (report_.tool == "mocha" && !point.ok) mocha_hook(name, result);
    if (result == fail && !report_.results.empty()) {
      const std::string inner = (suite.empty() ? "" : suite + " > ") + name;
      const TestResult& last = report_.results.back();
      if (last.suite == inner && (last.outcome == error || last.outcome == timeout || last.outcome == crash))
        result = last.outcome;
    }
    builder_.add(std::move(suite), name, result, point.seconds,
                 result == pass    ? std::string_view()
                 : message.empty() ? point.reason
                                   : message);
  }

  // "suite "before each" hook for "title"": not the test failed, which has the same name everywhere else.
  static void mocha_hook(std::string& name, Outcome& result) {
    for (const std::string_view mark : {"\"before ", "\"after "})
      for (std::size_t at = name.find(mark); at != std::string::npos; at = name.find(mark, at + 1))
        if (const auto of = mocha_hook_name(std::string_view(name).substr(at))) {
          name = name.substr(0, at) + *of;
          result = error;
          return;
        }
  }

  void comment(std::string_view text, std::size_t depth) {
    // bats knows no to-do, and does not protect a '#' in a name.
    if (pending_ && !pending_->ok && pending_->directive == Point::Directive::todo &&
        text.starts_with("(in test file ")) {
      pending_->directive = Point::Directive::none;
      pending_->name = pending_->whole;
    }
    if (report_.tool != "tape" || depth != 0) return;
    finish_heading();
    if (text.starts_with("tests ") || text.starts_with("pass ") || text.starts_with("fail ") || text == "ok" ||
        text.starts_with("skip ") || text.starts_with("todo "))
      return;
    heading_ = {};
    if (starts_with_word(text, "SKIP ")) {
      builder_.add("", std::string(trimmed(text.substr(5))), skip);
      return;
    }
    heading_.is_todo = starts_with_word(text, "TODO ");
    heading_.name = std::string(heading_.is_todo ? trimmed(text.substr(5)) : text);
  }

  // tape: assertions under a comment are one test.
  void assertion(const Point& point) {
    pending_ = point;  // its diagnostics are read with it
    pending_text_.clear();
    if (point.name.starts_with("test exited without ending: ")) {
      finish_heading();
      pending_.reset();
      builder_.incomplete(std::string(point.name));
      return;
    }
    if (heading_.name.empty()) heading_.name = "(unnamed)";
    ++heading_.assertions;
    if (!point.ok && point.directive == Point::Directive::none) {
      heading_.failed = true;
      if (point.name == "plan != count") heading_.broke = true;
      if (heading_.message.empty()) heading_.message = std::string(point.name);
    }
    if (!point.ok && point.directive == Point::Directive::todo) heading_.todo_failed = true;
    pending_.reset();
  }

  void finish_heading() {
    if (heading_.name.empty()) return;
    if (heading_.assertions > 0) {
      const Outcome result = heading_.broke     ? error
                             : heading_.failed  ? fail
                             : heading_.is_todo ? (heading_.todo_failed ? xfail : xpass)
                                                : pass;
      builder_.add("", heading_.name, result, {}, heading_.message);
    } else if (report_.tool == "tape") {
      // A test that only holds other tests.
      builder_.add("", heading_.name, pass);
    }
    heading_ = {};
  }

  void plan(std::string_view text) {
    text.remove_prefix(3);
    std::size_t planned = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), planned);
    if (error != std::errc{}) return;
    planned_ = planned;
    const std::string_view rest =
        trimmed(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)));
    if (planned == 0 && rest.starts_with('#')) builder_.add("", "(all)", skip, {}, trimmed(rest.substr(1)));
  }

  // Numbers may come in any order, but each of the plan's must come.
  void finish() {
    // mocha gives a hook the number of the test behind it.
    if (report_.tool != "mocha" && planned_ && *planned_ == points_ &&
        (has_repeated_number_ || greatest_number_ > points_))
      builder_.incomplete("the numbers are not those from 1 to " + std::to_string(points_));
    if (!planned_ && points_ > 0) builder_.incomplete("there is no plan (1..N): the run may have been cut off");
    if (planned_ && *planned_ != points_)
      builder_.incomplete("planned " + std::to_string(*planned_) + ", there are " + std::to_string(points_));
  }

  static constexpr std::size_t kDeepest = 32;
  struct Heading {
    std::string name, message;
    bool is_todo = false, failed = false, broke = false, todo_failed = false;
    std::size_t assertions = 0;
  };

  std::string_view bytes_, line_;
  std::size_t at_ = 0;
  TestReport& report_;
  ReportBuilder builder_;
  std::vector<std::string> names_;  // of the open subtests, by depth
  std::optional<Point> pending_;
  std::string pending_suite_, pending_text_, name_, last_name_, last_suite_;
  bool in_yaml_ = false, is_ktap_ = false, has_braces_ = false;
  std::size_t yaml_indent_ = 0, points_ = 0;
  int loop_ = 0;
  std::optional<std::size_t> planned_;
  std::size_t last_number_ = 0, greatest_number_ = 0;
  bool has_repeated_number_ = false, just_named_ = false;
  std::unordered_set<std::size_t> numbers_;
  Heading heading_;
};

bool matches(std::string_view head) {
  if (head.starts_with("TAP version 1") || head.starts_with("KTAP version ")) return true;
  if (head.starts_with('[') && contains(head, "] KTAP version ")) return true;
  if (point_of(head.substr(0, head.find('\n'))) && (head.starts_with("ok ") || head.starts_with("not ok "))) {
    // Of "ok" alone many texts begin; a number follows.
    const std::string_view rest = head.substr(head.starts_with("ok") ? 3 : 7);
    return !rest.empty() && ((rest.front() >= '0' && rest.front() <= '9') || rest.front() == '-');
  }
  return head.starts_with("1..") && head.size() > 3 && head[3] >= '0' && head[3] <= '9';
}

void read(const Input& input, TestReport& report) {
  Reader(input.bytes, report).read();
}

}  // namespace

extern const Format tap_format;
const Format tap_format{"tap", matches, read};

}  // namespace resident::ci
