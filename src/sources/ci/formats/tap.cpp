// TAP 12, 13 and 14 (testanything.org) and the kernel's KTAP, with subtests indented by four blanks, YAML diagnostics
// and what known producers add: node-tap and node --test (subtests), tape (tests as comments over assertions), libcheck
// (file:case:test: message), QUnit.
#include <algorithm>
#include <charconv>
#include <map>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/tap_point.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident::ci {

namespace {

using enum Outcome;
using namespace tap;

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
      // Assertions under comments, none of them with " - ": tape and its kind.
      const std::size_t first = bytes_.find("\nok "), failed = bytes_.find("\nnot ok ");
      const std::size_t at = std::min(first, failed);
      if (at != std::string_view::npos) {
        const std::size_t before = bytes_.rfind('\n', at == 0 ? 0 : at - 1);
        const std::string_view above = bytes_.substr(before == std::string_view::npos ? 0 : before + 1,
                                                     at - (before == std::string_view::npos ? 0 : before + 1));
        const std::string_view here = bytes_.substr(at + 1, bytes_.find('\n', at + 1) - at - 1);
        const bool is_dashed = contains(here, " - ");
        if (above.starts_with("# ") && !is_dashed) report_.tool = "tape";
        // zora: dashes, and tape's way to count. (node --test and AVA count with one blank.)
        if (above.starts_with("# ") && is_dashed && !contains(above, "# Subtest: ") && contains(bytes_, "\n# pass  "))
          report_.tool = "zora";
        is_headed_ = report_.tool == "tape" || report_.tool == "zora";
      }
    }
    if (report_.tool.empty() && is_mocha()) report_.tool = "mocha";
    if (report_.tool.empty() && contains(bytes_, "# Subtest: "))
      report_.tool = contains(bytes_, "duration_ms:") ? "node-test"
                     : contains(bytes_, "# time=")    ? "node-tap"
                                                      : "test-more";  // Perl's, Raku's
    if (report_.tool == "test-more" && contains(bytes_, "\"severity\":\"fail\"")) report_.tool = "deno";
    if (report_.tool.empty() && contains(bytes_, " # time = ") && contains(bytes_, "\n# asserts = "))
      report_.tool = "brittle";
    if (report_.tool.empty() && asserts_below_comments(bytes_.substr(0, kSniffed))) report_.tool = "catch2";
    if (report_.tool.empty() && contains(bytes_, "\n# todo ") && contains(bytes_, " > ")) report_.tool = "qunit";
    // jasmine-reporters: "# 1 spec, 0 failures, 0 skipped, 0 disabled in 0.016s."
    if (report_.tool.empty() && contains(bytes_, " skipped, ") && contains(bytes_, " disabled in "))
      report_.tool = "jasmine";
    if (report_.tool.empty() && contains(bytes_.substr(0, kSniffed), "# Starting...\n") &&
        contains(bytes_.substr(0, kSniffed), " test suites found."))
      report_.tool = "jest";
    if (report_.tool.empty()) tell_library();
    if (report_.tool == "jest") builder_.cannot_tell({xfail, xpass, skip});
    // testthat's: an expectation is a point, all of a test's have its name.
    if (report_.tool.empty() &&
        (contains(bytes_, " # SKIP Reason: ") || contains(bytes_, "(code run outside of `test_that()`)") ||
         contains(bytes_, "\n  Error in `")))
      report_.tool = "testthat";
    if (report_.tool == "testthat") builder_.cannot_tell({skip});
    if (report_.tool == "catch2") {
      is_headed_ = true;
      builder_.cannot_tell({xfail, xpass});
    }
    if (report_.tool == "test-more") report_.tool.clear();
    if (is_headed_) builder_.cannot_tell({missing, timeout, error});
    if (report_.tool == "zora") builder_.cannot_tell({xfail, xpass});
    if (report_.tool == "qunit") builder_.cannot_tell({xpass, error, timeout});
    if (report_.tool == "node-tap") builder_.cannot_tell({missing, crash});
    builder_.cannot_tell({missing, flaky, crash, timeout, error});
  }

  // Libraries that leave a mark in comments or in how they number.
  void tell_library() {
    const std::string_view head = bytes_.substr(0, kSniffed);
    if (contains(head, "# Criterion v")) report_.tool = "criterion";
    if (contains(head, "# random seed: R02S") || contains(head, "\n# Start of /") ||
        (contains(head, "\n# Start of ") && contains(head, " tests\n")))
      report_.tool = "glib";
    if (contains(head, "ok 1 (1) ") || contains(head, "ok 1 # SKIP (1) ") || contains(head, "ok 1 # TODO (1) "))
      report_.tool = "lab";
    if (contains(bytes_, "/node_modules/ava/lib/") || contains(first_point(), " › ")) report_.tool = "ava";
    if (contains(head, "# Started on ") && contains(head, "# Starting class: ")) report_.tool = "luaunit";
    // PostgreSQL's from 16 on: "ok 2         + name     47 ms", '+' for what ran beside others.
    static const Pattern regress(R"((?m)^(?:not )?ok [0-9]+ +[-+] \S+ +[0-9]+ ms$)");
    if (regress.found_in(head)) report_.tool = "pg_regress";
    if (contains(first_point(), " > ") && contains(first_point(), " # time=")) report_.tool = "vitest";
    // A suite's plan stands before its tests.
    if (first_point().ends_with(" {") && contains(first_point(), " # time=") && contains(head, " {\n    1.."))
      report_.tool = "vitest";
    if (report_.tool == "vitest") builder_.cannot_tell({xfail});
    if (report_.tool == "criterion") builder_.cannot_tell({xfail, xpass});
    if (report_.tool == "ava") builder_.cannot_tell({xfail});
  }

  // The first line that is a result.
  std::string_view first_point() const {
    for (const std::string_view begin : {"\nok 1 - ", "\nnot ok 1 - "})
      if (const std::size_t at = bytes_.find(begin); at != std::string_view::npos)
        return bytes_.substr(at + 1, bytes_.find('\n', at + 1) - at - 1);
    return {};
  }

  // What those libraries write of a point where others write its name alone.
  void library_point(Point& point, std::string& message) {
    if (report_.tool == "criterion") {
      constexpr std::string_view kSignal = " unexpected signal after ", kLate = " timed out";
      if (!point.seconds) point.seconds = time_behind(point.name);
      const std::size_t signal = point.name.rfind(kSignal);
      if (!point.ok && signal != std::string_view::npos) {
        message = std::string(trimmed(point.name.substr(signal)));
        point.name = point.name.substr(0, signal);
        point.directive = Point::Directive::exit;
      } else if (!point.ok && point.name.ends_with(kLate)) {
        point.name.remove_suffix(kLate.size());
        point.directive = Point::Directive::timeout;
      }
    } else if (report_.tool == "lab") {
      // "ok 4 # SKIP (4) outer skipped": the number again, and the name behind the directive.
      const std::string number = "(" + std::to_string(point.number.value_or(0)) + ") ";
      if (point.name.empty() && point.reason.starts_with(number)) std::swap(point.name, point.reason);
      if (point.name.starts_with(number)) point.name.remove_prefix(number.size());
    } else if (report_.tool == "pg_regress") {
      static const Pattern timed(R"((?:\+ )?(\S+) +([0-9]+) ms)");
      std::string_view name, milliseconds;
      if (!timed.matches(point.name, &name, &milliseconds)) return;
      point.name = name;
      point.seconds = leading_number(milliseconds).value_or(0) / 1000;
    } else if (report_.tool == "glib" && !point.ok && point.name.starts_with('/')) {
      if (const std::size_t dash = point.name.find(" - "); dash != std::string_view::npos) {
        message = std::string(point.name.substr(dash + 3));
        point.name = trimmed(point.name.substr(0, dash));
      }
    }
  }

  // AVA numbers what broke in a hook like a test, and leaves it out of its plan.
  bool is_ava_hook(const Point& point) const {
    return report_.tool == "ava" && !point.ok &&
           (contains(point.name, " › before hook") || contains(point.name, " › after hook") ||
            contains(point.name, " › after.always hook") || contains(point.name, "Each hook for ") ||
            contains(point.name, "Each.always hook for "));
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
    if (auto point = point_of(text)) {
      // jest-tap-reporter: "ok 4 # SKIP name".
      if (report_.tool == "jest" && point->name.empty()) std::swap(point->name, point->reason);
      finish_pending();
      just_named_ = false;
      if (depth > kDeepest) return;
      if (depth == 0) count(*point);
      if (is_headed_) {
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
    if (is_ava_hook(point)) ++hooks_;
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

  // AVA shows what was thrown by its class: "Error {", "TypeError {".
  static bool is_thrown_by_hand(std::string_view text) { return contains(text, "  Error {"); }

  static Outcome outcome(const Point& point, std::string_view text, std::string_view tool, bool has_braces) {
    if (point.directive == Point::Directive::skip) return skip;
    if (point.directive == Point::Directive::todo) {
      // node-tap and vitest do not run the body of a to-do, and say ok.
      const bool is_left_out = tool == "node-tap" || tool == "node-test" || tool == "lab" || tool == "vitest" ||
                               tool == "brittle" || has_braces;
      if (point.ok) return is_left_out ? skip : xpass;
      return tool == "ava" ? skip : xfail;  // AVA's have no body at all
    }
    if (point.directive == Point::Directive::xfail) return xfail;
    if (point.directive == Point::Directive::timeout) return timeout;
    if (point.directive == Point::Directive::exit) return crash;
    if (point.directive == Point::Directive::thrown) return error;
    if (point.ok) return pass;
    if (contains(text, "testTimeoutFailure") || contains(text, "Test timeout expired") ||
        contains(text, "expired: true") || contains(text, "timeout!") || contains(text, "Test timeout exceeded") ||
        contains(text, "Error: Timed out (") || contains(text, ": \"Test timed out in "))
      return timeout;
    if (contains(text, "Test was expected to fail, but succeeded") || contains(text, ": \"Expect test to fail\""))
      return xpass;
    // vitest's name: "TypeError"; a bare Error is any check written by hand.
    static const Pattern named(R"x((?m)^ *name: "([A-Z]\w*)"$)x");
    if (std::string_view name; named.found_in(text, &name) && name != "Error" && !contains(name, "Assert"))
      return error;
    if (tool == "ava" && contains(text, "Error thrown in test")) return is_thrown_by_hand(text) ? fail : error;
    if (text.starts_with("Timeout of ")) return timeout;
    // At the beginning of a line, in YAML behind its blanks.
    for (const std::string_view thrown : {"TypeError: ", "ReferenceError: ", "RangeError: ", "SyntaxError: "})
      for (std::size_t at = text.find(thrown); at != std::string_view::npos; at = text.find(thrown, at + 1)) {
        const std::size_t before = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t", at - 1);
        if (before != std::string_view::npos && text[before] == '\n') return error;
      }
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
    library_point(point, message);
    if (suite.empty()) check_name(point, suite, message);
    // Skipped without a name: nobody can say which one was.
    // Where busted skips from inside of a test, the place and the reason stand for its name.
    static const Pattern place(R"(\S+\.lua:[0-9]+: .*)");
    if (point.directive == Point::Directive::skip && (point.name.empty() || place.matches(point.name)))
      builder_.cannot_tell({skip});
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
    if (is_ava_hook(point)) result = error;
    if (report_.tool == "ava" && !point.ok && contains(point.name, " exited with a non-zero exit code: "))
      result = crash;
    if (result == fail && !report_.results.empty()) {
      const std::string inner = (suite.empty() ? "" : suite + " > ") + name;
      const TestResult& last = report_.results.back();
      if (last.suite == inner && (last.outcome == error || last.outcome == timeout || last.outcome == crash))
        result = last.outcome;
    }
    if (report_.tool == "testthat") {
      if (point.directive != Point::Directive::none || starts_with_word(point.name, "# WARNING")) return;
      if (!report_.results.empty() && report_.results.back().name == name) {
        TestResult& last = report_.results.back();
        if (last.outcome == pass && result != pass) {
          last.outcome = message.starts_with("Error in ") || contains(message, "\nError in ") ? error : result;
          last.attempts = {last.outcome};
        }
        return;
      }
      if (result == fail && (trimmed(message).starts_with("Error in ") || contains(message, "/error/condition>")))
        result = error;
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
    if (pending_ && !pending_->ok && report_.tool == "pg_regress" && contains(text, "was terminated by "))
      pending_->directive = Point::Directive::exit;
    if (!is_headed_ || depth != 0) return;
    if (report_.tool == "catch2" && text == heading_.name) return;
    finish_heading();
    // supertape counts the tests it left out, and shows nothing of them.
    if (text.starts_with("skip ")) {
      const auto told = leading_number(trimmed(text.substr(5))).value_or(0);
      if (told > static_cast<double>(skips_)) builder_.cannot_tell({skip});
    }
    if (text.starts_with("tests ") || text.starts_with("pass ") || text.starts_with("fail ") || text == "ok" ||
        text.starts_with("skip ") || text.starts_with("todo "))
      return;
    heading_ = {};
    if (starts_with_word(text, "SKIP ")) {
      builder_.add("", std::string(trimmed(text.substr(5))), skip);
      ++skips_;
      return;
    }
    heading_.is_todo = starts_with_word(text, "TODO ");
    heading_.name = std::string(heading_.is_todo ? trimmed(text.substr(5)) : text);
  }

  // tape: assertions under a comment are one test.
  void assertion(const Point& point) {
    skips_ += point.directive == Point::Directive::skip ? 1 : 0;
    // zora: a test that is left out is a point of its own, under whichever heading.
    if (report_.tool == "zora" && point.directive == Point::Directive::skip) {
      finish_heading();
      builder_.add("", std::string(point.name), skip);
      return;
    }
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
      if (point.name == "plan != count" || point.name.starts_with("unexpected exception with message: "))
        heading_.broke = true;
      if (contains(point.name, " timed out after ") && point.name.ends_with("ms")) heading_.late = true;
      if (heading_.message.empty()) heading_.message = std::string(point.name);
    }
    if (!point.ok && point.directive == Point::Directive::todo) heading_.todo_failed = true;
    pending_.reset();
  }

  void finish_heading() {
    if (heading_.name.empty()) return;
    if (heading_.assertions > 0) {
      const Outcome result = heading_.late      ? timeout
                             : heading_.broke   ? error
                             : heading_.failed  ? fail
                             : heading_.is_todo ? (heading_.todo_failed ? xfail : xpass)
                                                : pass;
      builder_.add("", heading_.name, result, {}, heading_.message);
    } else if (is_headed_) {
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
    if (contains(bytes_.substr(0, kSniffed), " ms] - ")) builder_.cannot_tell({xpass, error});  // testem's
    // mocha gives a hook the number of the test behind it.
    if (report_.tool != "mocha" && hooks_ == 0 && planned_ && *planned_ == points_ &&
        (has_repeated_number_ || greatest_number_ > points_))
      builder_.incomplete("the numbers are not those from 1 to " + std::to_string(points_));
    if (!planned_ && points_ > 0) builder_.incomplete("there is no plan (1..N): the run may have been cut off");
    if (planned_ && *planned_ != points_ - hooks_)
      builder_.incomplete("planned " + std::to_string(*planned_) + ", there are " + std::to_string(points_ - hooks_));
  }

  static constexpr std::size_t kDeepest = 32;
  struct Heading {
    std::string name, message;
    bool is_todo = false, failed = false, broke = false, todo_failed = false, late = false;
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
  bool is_headed_ = false;  // tests stand as comments above their assertions
  std::size_t skips_ = 0;
  std::size_t yaml_indent_ = 0, points_ = 0, hooks_ = 0;
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
  // Comments may come first: GLib's "# random seed: …".
  while (head.starts_with('#') || head.starts_with('\n'))
    head.remove_prefix(std::min(head.size(), std::min(head.find('\n'), head.size() - 1) + 1));
  const std::string_view line = head.substr(0, head.find('\n'));
  return is_plan(line) || is_plain_point(line);
}

// Behind what the program printed before it began. Asked for last: many logs hold TAP among other things, so that
// from its first line on it must be most of what is there.
bool matches_inside(std::string_view head) {
  std::size_t own = 0, other = 0;
  bool has_plan = false, has_point = false, has_version = false;
  each_line(head, [&](std::string_view line) {
    const bool is_version = line.starts_with("TAP version 1");
    const bool is_whole_plan = is_plan(line) && line.find_first_not_of("0123456789", 3) == std::string_view::npos;
    const bool is_point = is_plain_point(line) && line[line.find("ok") + 3] != '-';
    has_version = has_version || is_version;
    has_plan = has_plan || is_whole_plan;
    has_point = has_point || is_point;
    if (!has_version && !has_plan && !has_point) return;
    const bool is_detail = line.empty() || line.front() == ' ' || line.front() == '#' || line.front() == '\t';
    if (is_version || is_plan(line) || is_plain_point(line) || line.starts_with("Bail out!")) {
      ++own;
    } else if (!is_detail) {
      ++other;
    }
  });
  return (has_version || has_plan) && has_point && other <= own;
}

void read(const Input& input, TestReport& report) {
  Reader(input.bytes, report).read();
}

}  // namespace

extern const Format tap_format, tap_inside_format;
const Format tap_format{"tap", matches, read};
const Format tap_inside_format{"tap", matches_inside, read};

}  // namespace resident::ci
