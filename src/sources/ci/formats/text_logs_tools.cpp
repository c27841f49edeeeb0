// What build tools and command lines print a test a line: prove, Meson, Automake's `make check`, cargo-nextest; and
// TeamCity's service messages, which runners of many languages can write.
#include <algorithm>
#include <array>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/tap_point.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident::ci {

namespace {

using enum Outcome;
using Word = std::pair<std::string_view, Outcome>;

template <std::size_t count>
std::optional<Outcome> outcome_of_word(const std::array<Word, count>& words, std::string_view word) {
  for (const auto& [name, outcome] : words)
    if (name == word) return outcome;
  return std::nullopt;
}

// ---- prove: "t/a.t .. ok", "t/b.t .. Failed 1/5 subtests", "t/c.t .. skipped: no printer"

std::optional<std::pair<std::string_view, std::string_view>> prove_line(std::string_view line) {
  if (line.size() > 11 && line[0] == '[' && line[9] == ']') line.remove_prefix(11);  // --timer: "[12:00:00] "
  const std::size_t dots = line.find(" .");
  if (dots == std::string_view::npos || line.empty() || line.front() == ' ') return std::nullopt;
  const std::string_view name = trim(line.substr(0, dots));
  if (name.find(' ') != std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(dots + 1);
  const std::size_t end = rest.find_first_not_of('.');
  if (end < 2) return std::nullopt;
  const std::string_view word = end == std::string_view::npos ? std::string_view() : trim(rest.substr(end));
  if (end != std::string_view::npos && rest[end] != ' ') return std::nullopt;
  // A file may be called anything; prove's own words stand behind it then.
  constexpr std::array<std::string_view, 5> kWords{"skipped: ", "Failed ", "Dubious, ", "No subtests run", "ok "};
  const bool is_word = word.empty() || word == "ok" || word == "skipped" ||
                       std::any_of(kWords.begin(), kWords.end(), [&](auto each) { return word.starts_with(each); });
  if (!name.ends_with(".t") && !is_word) return std::nullopt;
  return std::pair(name, word);
}

bool matches_prove(std::string_view head) {
  bool found = false, is_called = false;
  each_line(head, [&](std::string_view line) {
    const auto each = prove_line(line);
    found = found || each.has_value();
    is_called = is_called || (each && each->first.ends_with(".t"));
  });
  // Dots and "ok" are many tools' way to say it: without names as Perl gives them, the end must be prove's.
  return is_called || (found && (has(head, "\nFiles=") || has(head, "\nAll tests successful.") ||
                                 has(head, "\nTest Summary Report\n")));
}

// One check of a file, by the file's name.
void add_checked(const std::string& file, const tap::Point& point, ReportBuilder& builder) {
  using Directive = tap::Point::Directive;
  const bool is_todo = point.directive == Directive::todo, is_skip = point.directive == Directive::skip;
  const Outcome outcome = is_skip ? skip : is_todo ? (point.ok ? xpass : xfail) : point.ok ? pass : fail;
  if (!point.name.empty()) builder.add(file, std::string(point.name), outcome, {}, point.reason);
}

void read_prove(const Input& input, TestReport& report) {
  report.tool = "prove";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, flaky, missing, timeout});
  std::string name, text;
  std::string_view told_of;
  bool has_result = false, is_open = false;
  const auto close = [&] {
    if (!is_open) return;
    is_open = false;
    // A program whose checks all held died after them.
    const bool has_failed = has(text, "Failed ") && has(text, " subtests");
    const bool died = has(text, "Dubious") && has(text, "subtests passed");
    const Outcome outcome = has(text, "No subtests run") ? error : has_failed ? fail : died ? crash : error;
    builder.add("", name, outcome, {}, text);
  };
  each_line(input.bytes, [&](std::string_view line) {
    // "t/a.t (Wstat: 9 (Signal: KILL) Tests: 1 Failed: 0)", in the summary alone.
    if (const std::size_t at = line.find(" (Wstat: "); at != std::string_view::npos && has(line, "(Signal: ")) {
      const std::string_view of = trim(line.substr(0, at));
      for (auto& result : report.results)
        if (result.name == of) result.outcome = crash, result.attempts = {crash};
    }
    // "todo.t (Wstat: 0 Tests: 1 Failed: 0)", and below it "  TODO passed:   1": the file passed, and a to-do of it,
    // too.
    if (const std::size_t at = line.find(" (Wstat: "); at != std::string_view::npos) told_of = trim(line.substr(0, at));
    if (trim(line).starts_with("TODO passed:"))
      for (auto& result : report.results)
        if (result.name == told_of && result.outcome == pass)
          result.outcome = xpass, result.attempts = {xpass}, result.message = std::string(trim(line));
    // A progress line is overwritten by the next on a terminal.
    if (const std::size_t last = line.rfind('\r'); last != std::string_view::npos) line = line.substr(last + 1);
    if (line.starts_with("Result: ")) has_result = true;
    if (line.starts_with("Test Summary Report") || line.starts_with("All tests successful") ||
        line.starts_with("Files=")) {
      close();
      return;
    }
    const auto found = prove_line(line);
    if (!found) {
      if (is_open && (line == "ok" || line.starts_with("ok "))) {  // with --verbose the word comes after the TAP
        if (text.empty() || line == "ok") {
          builder.add("", name, pass);
          is_open = false;
          return;
        }
      }
      if (is_open && line.starts_with("skipped")) {
        builder.add("", name, skip, {}, line);
        is_open = false;
        return;
      }
      // With --verbose the checks of each file stand below its name.
      if (const auto point = is_open && tap::is_plain_point(line) ? tap::point_of(line) : std::nullopt)
        add_checked(name, *point, builder);
      if (is_open && text.size() < kLongestMessage) text.append(line).push_back('\n');
      return;
    }
    close();
    name = std::string(found->first);
    text.clear();
    const std::string_view word = found->second;
    if (word == "ok" || word.starts_with("ok ")) {
      const auto milliseconds = leading_number(trim(word.substr(2)));
      builder.add("", name, pass,
                  milliseconds && has(word, " ms") ? std::optional(*milliseconds / 1000) : std::nullopt);
    } else if (word.starts_with("skipped")) {
      builder.add("", name, skip, {}, word);
    } else {
      is_open = true;
      text = std::string(word) + "\n";
    }
  });
  close();
  if (!has_result) builder.incomplete("there is no result line: the run was killed");
  number_repeated_names(report);
}

// ---- Meson's console: " 1/10 suite / name        OK              0.01s"

constexpr std::array<Word, 10> kMesonWords{{{"OK", pass},
                                            {"FAIL", fail},
                                            {"SKIP", skip},
                                            {"TIMEOUT", timeout},
                                            {"ERROR", error},
                                            {"EXPECTEDFAIL", xfail},
                                            {"UNEXPECTEDPASS", xpass},
                                            {"INTERRUPT", missing},
                                            {"IGNORED", skip},
                                            {"EXPECTED FAIL", xfail}}};

struct MesonLine {
  std::size_t total = 0;
  std::string_view name;
  Outcome outcome = pass;
  std::optional<double> seconds;
  std::string_view rest;
};

std::optional<MesonLine> meson_line(std::string_view raw) {
  std::string_view line = trim(raw);
  const std::size_t slash = line.find('/'), blank = line.find(' ');
  if (slash == std::string_view::npos || blank == std::string_view::npos || slash > blank || blank > 16)
    return std::nullopt;
  const auto number = leading_number(line), total = leading_number(line.substr(slash + 1));
  if (!number || !total || *total < 1 || *total > 1e7) return std::nullopt;
  line = trim(line.substr(blank));
  std::optional<MesonLine> found;
  for (const auto& [word, outcome] : kMesonWords) {
    // Columns are wide enough for the longest name and one blank: a name may hold such a word itself, so the last one
    // with a time behind it counts.
    const std::string mark = " " + std::string(word) + " ";
    const std::size_t at = line.rfind(mark);
    if (at == std::string_view::npos || at == 0 || (word == "FAIL" && line.substr(0, at).ends_with(" EXPECTED")))
      continue;
    const std::string_view rest = trim(line.substr(at + mark.size()));
    const auto seconds = leading_number(rest);
    const std::size_t unit = std::min(rest.find_first_not_of("0123456789."), rest.size());
    const std::string_view behind = trim(rest.substr(unit));
    if (!seconds || !behind.starts_with('s') || (behind.size() > 1 && behind[1] != ' ')) continue;
    if (found && found->name.size() >= at) continue;
    found =
        MesonLine{static_cast<std::size_t>(*total), trim(line.substr(0, at)), outcome, seconds, trim(behind.substr(1))};
  }
  return found;
}

bool matches_meson_log(std::string_view head) {
  bool found = head.starts_with("Log of Meson test suite run on ");
  each_line(head, [&](std::string_view line) { found = found || meson_line(line).has_value(); });
  return found;
}

// A block of testlog.txt, "===== 1/3 =====" and fields below it; the output behind them is passed by.
class MesonBlocks {
 public:
  explicit MesonBlocks(TestReport& report) : report_(report), builder_(report) {}
  bool has_any() const { return total_ > 0; }
  std::size_t total() const { return total_; }

  void line(std::string_view line) {
    if (line.starts_with("====")) {
      const std::string_view number = trim(line.substr(std::min(line.find(' '), line.size())));
      const std::size_t slash = number.find('/');
      is_head_ = slash != std::string_view::npos && leading_number(number).has_value();
      if (!is_head_) return;
      total_ = static_cast<std::size_t>(leading_number(number.substr(slash + 1)).value_or(0));
      name_ = {};
      seconds_ = {};
    } else if (line.empty() || line.starts_with("----")) {
      is_head_ = false;
    } else if (is_head_) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) return;
      const std::string_view key = line.substr(0, colon), value = trim(line.substr(colon + 1));
      if (key == "test") name_ = value;
      if (key == "duration") seconds_ = leading_number(value);
      if (key == "result" && !name_.empty()) end(value);
    }
  }
  // A line below the blocks says what Meson made of a test.
  void summary(const MesonLine& line) {
    for (auto& result : report_.results)
      if (result.name == line.name) {
        result.outcome = line.outcome == fail && result.outcome == crash ? crash : line.outcome;
        result.attempts = {result.outcome};
        if (result.message.empty()) result.message = std::string(line.rest);
        red_.insert(result.name);
      }
  }
  // The summary names whatever was bad: an exit status that is none of success, and is not named, was expected.
  void finish() {
    for (auto& result : report_.results)
      if (result.outcome == fail && !red_.contains(result.name)) result.outcome = xfail, result.attempts = {xfail};
  }

 private:
  void end(std::string_view result) {
    constexpr std::string_view kExit = "exit status ";
    const bool has_status = result.starts_with(kExit);
    const double status = has_status ? leading_number(result.substr(kExit.size())).value_or(1) : 1;
    Outcome outcome = has_status ? fail : crash;
    if (status == 0) outcome = pass;
    if (status == 77) outcome = skip;   // GNU's words for
    if (status == 99) outcome = error;  // what could not be run
    builder_.add("", std::string(name_), outcome, seconds_, outcome == pass ? std::string_view() : result);
    is_head_ = false;
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::string_view name_;
  std::optional<double> seconds_;
  std::unordered_set<std::string> red_;
  std::size_t total_ = 0;
  bool is_head_ = false;
};

void read_meson_log(const Input& input, TestReport& report) {
  report.tool = "meson";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, missing});
  MesonBlocks blocks(report);
  bool has_totals = false, is_summary = false;
  std::size_t total = 0;
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("Ok:")) has_totals = true;
    if (has_totals) return;
    is_summary = is_summary || (blocks.has_any() && line.starts_with("Summary of Failures:"));
    if (!is_summary) blocks.line(line);
    if (blocks.has_any() && !is_summary) return;
    const auto found = meson_line(line);
    if (!found) return;
    if (is_summary) return blocks.summary(*found);
    total = std::max(total, found->total);
    if (found->outcome == missing) return;
    const bool died = has(found->rest, "killed by signal");
    builder.add("", std::string(found->name), died && found->outcome == fail ? crash : found->outcome, found->seconds,
                found->outcome == pass ? std::string_view() : found->rest);
  });
  if (blocks.has_any()) {
    builder.cannot_tell({skip});  // a TAP test that skipped all ends with 0
    if (has_totals) blocks.finish();
    total = blocks.total();
  }
  if (total > report.results.size())
    builder.incomplete("of " + std::to_string(total) + " tests " + std::to_string(report.results.size()) +
                       " have a result");
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- make check by Automake: "PASS: name"

constexpr std::array<Word, 6> kAutomakeWords{
    {{"PASS", pass}, {"FAIL", fail}, {"SKIP", skip}, {"XFAIL", xfail}, {"XPASS", xpass}, {"ERROR", error}}};

bool matches_automake_log(std::string_view head) {
  std::size_t found = 0;
  std::string_view above;
  each_line(head, [&](std::string_view line) {
    const std::size_t colon = line.find(": ");
    // Below a rule it is the heading of an explanation, as unittest writes it.
    if (std::exchange(above, line).starts_with("=====")) return;
    if (colon != std::string_view::npos && outcome_of_word(kAutomakeWords, line.substr(0, colon))) ++found;
  });
  return found >= 2 || (found > 0 && has(head, "Testsuite summary"));
}

void read_automake_log(const Input& input, TestReport& report) {
  report.tool = "automake";
  ReportBuilder builder(report);
  builder.cannot_tell({crash, timeout, flaky, missing});
  bool has_totals = false;
  double told = 0;  // in all folders
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("# TOTAL:")) told += leading_number(trim(line.substr(8))).value_or(0);
    if (has(line, "# TOTAL:") || has(line, "tests passed") || has(line, "test passed")) has_totals = true;
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return;
    const auto outcome = outcome_of_word(kAutomakeWords, line.substr(0, colon));
    if (!outcome) return;
    // "PASS: prog.test 1 - good": a point of TAP inside.
    std::string_view rest = trim(line.substr(colon + 2));
    // Others with the same words say why behind the name (gnome-desktop-testing-runner), and again at the end.
    if (const std::size_t why = rest.find(" (Child process "); why != std::string_view::npos) {
      const std::string_view said = rest.substr(why);
      rest = rest.substr(0, why);
      const bool is_again = std::any_of(report.results.begin(), report.results.end(),
                                        [&](const TestResult& each) { return each.name == rest; });
      if (is_again) return;
      builder.add("", std::string(rest), has(said, "killed by signal") ? crash : *outcome, {}, said);
      return;
    }
    const std::size_t blank = rest.find(' ');
    const bool is_point = blank != std::string_view::npos && leading_number(rest.substr(blank + 1));
    builder.add(is_point ? std::string(rest.substr(0, blank)) : std::string(),
                std::string(is_point ? rest.substr(blank + 1) : rest), *outcome);
  });
  builder.compare_totals("the summary", told, report.results.size());
  if (!has_totals && !has(input.bytes, "SUMMARY: total=") && !has(input.bytes, " tests OK"))
    builder.incomplete("there are no totals: the run was killed");
  // Without the summary's heading it is another tool's console, of which some name what failed alone.
  if (!has(input.bytes, "Testsuite summary")) {
    report.tool.clear();
    for (const Outcome each : {pass, skip, xfail, xpass, error})
      if (std::none_of(report.results.begin(), report.results.end(),
                       [&](const TestResult& result) { return result.outcome == each; }))
        builder.cannot_tell({each});
  }
  number_repeated_names(report);
}

// ---- cargo-nextest's console: "        PASS [   0.004s] crate::program module::test"

constexpr std::array<Word, 6> kNextestWords{
    {{"PASS", pass}, {"FAIL", fail}, {"TIMEOUT", timeout}, {"LEAK", pass}, {"ABORT", crash}, {"SKIP", skip}}};

bool matches_nextest(std::string_view head) {
  return has(head, "Nextest run ID ") || (has(head, "Starting ") && has(head, " tests across ")) ||
         has(head, "        PASS [ ");
}

void read_nextest(const Input& input, TestReport& report) {
  report.tool = "nextest";
  ReportBuilder builder(report);
  builder.cannot_tell({xfail, xpass, missing, error});
  bool has_totals = false;
  each_line(input.bytes, [&](std::string_view raw) {
    std::string_view line = trim(raw);
    if (line.starts_with("Summary [")) has_totals = true;
    if (has_totals) return;  // failures are said again
    const std::size_t open = line.find(" ["), close = line.find("] ", open == std::string_view::npos ? 0 : open);
    if (close == std::string_view::npos) return;
    std::string_view word = line.substr(0, open);
    // "TRY 1 FAIL": one try of several; "FLAKY 2/3" says the last again.
    const bool is_try = word.starts_with("TRY ");
    if (is_try) word = word.substr(word.rfind(' ') + 1);
    auto outcome = outcome_of_word(kNextestWords, word);
    if (word.starts_with("SIG")) outcome = crash;
    if (!outcome) return;
    const std::string_view rest = trim(line.substr(close + 2));
    const std::size_t blank = rest.rfind(' ');
    if (blank == std::string_view::npos) return;
    std::string_view suite = trim(rest.substr(0, blank));
    if (suite.starts_with('(') && has(suite, ") ")) suite = trim(suite.substr(suite.find(") ") + 2));  // "(1/12)"
    const auto seconds = leading_number(trim(line.substr(open + 2)));
    if (is_try) {
      builder.attempt(std::string(suite), std::string(rest.substr(blank + 1)), *outcome, seconds);
    } else {
      builder.add(std::string(suite), std::string(rest.substr(blank + 1)), *outcome, seconds);
    }
  });
  if (!has_totals) builder.incomplete("there is no summary: the run was killed");
  number_repeated_names(report);
}

// ---- TeamCity's service messages

std::string teamcity_value(std::string_view line, std::string_view key) {
  const std::string mark = " " + std::string(key) + "='";
  const std::size_t at = line.find(mark);
  std::string value;
  if (at == std::string_view::npos) return value;
  for (std::size_t i = at + mark.size(); i < line.size() && line[i] != '\''; ++i) {
    if (line[i] != '|' || i + 1 >= line.size()) {
      value += line[i];
      continue;
    }
    const char escaped = line[++i];
    value += escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
  }
  return value;
}

bool matches_teamcity(std::string_view head) {
  return has(head, "##teamcity[test");
}

struct TeamcityTest {
  std::string suite, message;
  Outcome outcome = pass;
};

// How a test ended that a message says failed, or was ignored.
Outcome teamcity_trouble(bool is_ignored, bool has_expected, const std::string& message, const std::string& details,
                         ReportBuilder& builder) {
  // A comparison, or words of a check; else something that was thrown.
  const bool is_check = has_expected || has(message, "ssert") || has(message, "xpected") ||
                        has(details.substr(0, 400), "ssert") || has(message, "Failed") ||
                        has(message, "expression failed") || has(message, "is not TRUE") ||
                        has(message, "not equal to ");
  // Of some all that is said is the place: "file.cpp:12" (CppUTest).
  const std::size_t colon = message.rfind(':');
  const bool is_place = colon != std::string::npos && colon + 1 < message.size() && !has(message, " ") &&
                        message.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  const bool is_cpputest = is_place || message.starts_with("TEST failed (");
  // A check in a set-up reads like one of the test's; where nothing is said, nothing tells what went wrong.
  if (is_cpputest || (!is_ignored && message.empty() && details.empty())) builder.cannot_tell({error});
  // Named as something thrown, or said so; what is neither that nor a check may be either.
  static const Pattern thrown(R"(\b(?:[A-Z]\w*)?(?:Error|Exception|Throwable)\b|[Ee]xception|[Ee]rror: |panic)");
  const bool is_thrown = thrown.found_in(message) || thrown.found_in(details.substr(0, details.find('\n')));
  const bool is_checked = is_check;
  if (!is_ignored && !is_thrown && !is_checked) builder.cannot_tell({fail});
  // Karma's and Qt's say no more than that it failed.
  const bool is_bare = message == "FAILED" || message.starts_with("Failure!");
  Outcome outcome = is_ignored ? skip : is_cpputest || is_checked || message.empty() || is_bare ? fail : error;
  if (outcome == fail && is_bare) outcome = told_failure(details);
  if (outcome == fail && details.starts_with("Error: ")) builder.cannot_tell({error});
  // Ginkgo's message is a place, and what happened there begins the details.
  if (details.starts_with("Test Panicked") || has(message, "unexpected exception with message")) outcome = error;
  static const Pattern late("imed out after |imeout of |imeout reached on |did not complete within |^Timed out");
  if (late.found_in(message) || details.starts_with("Timed out")) outcome = timeout;
  if (has(message, "Failing test passed even though")) outcome = xpass;  // jest's
  // jasmine's, and Intern's, for what stands behind a broken set-up.
  if (has(message, "Not run because a beforeAll function failed")) outcome = missing;
  return outcome;
}

void read_teamcity(const Input& input, TestReport& report) {
  report.tool = "teamcity";
  ReportBuilder builder(report);
  builder.cannot_tell({flaky, xfail, xpass, missing, timeout, crash});
  std::vector<std::string> suites;
  std::unordered_map<std::string, TeamcityTest> open;
  std::unordered_map<std::string, std::size_t> ended;
  const auto path = [&] {
    std::string all;
    for (const auto& each : suites) all += (all.empty() ? "" : " > ") + each;
    return all;
  };
  constexpr std::size_t kDeepest = 64;
  bool timed = false, untimed = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::size_t at = raw.find("##teamcity[");
    if (at == std::string_view::npos) return;
    const std::string_view line = raw.substr(at + 11), kind = line.substr(0, line.find(' '));
    const std::string name = teamcity_value(line, "name"), key = teamcity_value(line, "flowId") + '\x1f' + name;
    if (kind == "testSuiteStarted" && suites.size() < kDeepest) suites.push_back(name);
    // Intern: a suite's set-up or tear-down threw. It writes a test's end once more below it, as ignored.
    if (kind == "message" && teamcity_value(line, "status") == "ERROR" && has(line, "'SUITE ERROR'")) {
      builder.add("", path(), error, {}, teamcity_value(line, "errorDetails"));
      builder.cannot_tell({error, missing, skip});
    }
    if (kind == "testSuiteFinished" && !suites.empty()) suites.pop_back();
    // testthat: a suite is the test, its expectations are counted.
    static const Pattern expectation(R"(expectation [0-9]+)");
    if (!suites.empty() && expectation.matches(name)) {
      if (kind != "testStarted" && kind != "testFailed" && kind != "testIgnored") return;
      const std::string message = teamcity_value(line, "message");
      const Outcome one = kind == "testIgnored"              ? skip
                          : kind == "testStarted"            ? pass
                          : message.starts_with("Error in ") ? error
                                                             : fail;
      const std::string test = suites.back();
      report.tool = "testthat";
      if (!report.results.empty() && report.results.back().name == test) {
        TestResult& last = report.results.back();
        if (last.outcome == pass && one != pass) last.outcome = one, last.attempts = {one}, last.message = message;
      } else {
        builder.add("", test, one, {}, message);
      }
      return;
    }
    if (kind == "testStarted") open[key] = {path(), {}, pass};
    if (kind == "testFailed" || kind == "testIgnored") {
      if (!open.contains(key)) open[key] = {path(), {}, pass};
      TeamcityTest& test = open[key];
      const std::string message = teamcity_value(line, "message"), details = teamcity_value(line, "details");
      test.message = message.empty() ? details : message;
      test.outcome =
          teamcity_trouble(kind == "testIgnored", !teamcity_value(line, "expected").empty(), message, details, builder);
    }
    if (kind == "testFinished") {
      const auto found = open.find(key);
      if (found == open.end()) return;
      const auto milliseconds = leading_number(teamcity_value(line, "duration"));
      const auto seconds = milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt;
      const auto& [suite, message, outcome] = found->second;
      if (outcome == missing) {
        open.erase(found);
        return;
      }
      // jest-teamcity: what is to be done is begun and ended, and has no time.
      if (!milliseconds && outcome == pass && report.tool == "teamcity") untimed = true;
      timed = timed || milliseconds.has_value();
      // The same name once more, where it has failed before, is one more try of it.
      const auto [known, is_new] = ended.emplace(suite + '\x1f' + name, report.results.size());
      if (!is_new && is_failure(report.results[known->second].attempts.back())) {
        builder.again(report.results[known->second], outcome, seconds, message);
      } else {
        known->second = report.results.size();
        builder.add(suite, name, outcome, seconds, message);
      }
      open.erase(found);
    }
  });
  for (const auto& [key, test] : open) {
    const std::string name = key.substr(key.find('\x1f') + 1);
    if (test.outcome == missing) continue;
    // Ignored and failed ones need no end.
    builder.add(test.suite, name, test.outcome == pass ? crash : test.outcome, {}, test.message);
    if (test.outcome == pass) builder.incomplete(name + " was begun and has no end");
  }
  if (timed && untimed) builder.cannot_tell({skip});
  if (!suites.empty()) builder.incomplete("a suite was begun and has no end: the run was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format prove_format, meson_log_format, automake_log_format, nextest_format, teamcity_format;
const Format prove_format{"prove", matches_prove, read_prove};
const Format meson_log_format{"meson-log", matches_meson_log, read_meson_log};
const Format automake_log_format{"automake-console", matches_automake_log, read_automake_log};
const Format nextest_format{"nextest", matches_nextest, read_nextest};
const Format teamcity_format{"teamcity", matches_teamcity, read_teamcity};

}  // namespace resident::ci
