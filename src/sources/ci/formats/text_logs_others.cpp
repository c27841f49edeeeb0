// Consoles of test tools that are like no other's: Python's doctest and xdoctest, R's testthat, gotestsum, SWI-Prolog's
// plunit, FiveAM; and scenarios with a line a step, as behave and Cucumber print them.
#include <algorithm>
#include <map>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- doctest: what failed between rules of stars; with -v at the end which items passed

bool matches_doctest(std::string_view head) {
  static const Pattern failed(R"((?m)^File "[^\n]*", line [0-9]+, in \S+\nFailed example:$)");
  static const Pattern passed(R"((?m)^[0-9]+ items? passed all tests:$)");
  if (has(head, "Running tests at level ") || has(head, " ... ")) return false;  // a runner that runs them, too
  return failed.found_in(head) || passed.found_in(head) ||
         (head.starts_with("Trying:\n    ") && has(head, "\nExpecting"));
}

void read_doctest(const Input& input, TestReport& report) {
  static const Pattern place(R"(File ".*", line [0-9]+, in (\S+))");
  static const Pattern item(R"( +[0-9]+ tests? in (\S+)| +[0-9]+ +of +[0-9]+ in (\S+))");
  report.tool = "doctest-python";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing, flaky, timeout, crash, xfail, xpass});
  std::map<std::string, std::string> failed;
  std::vector<std::string> order, passed;
  std::string of;
  bool has_end = false, are_passed = false, is_verbose = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, other;
    if (place.matches(line, &name)) {
      of = name;
      if (failed.emplace(name, "").second) order.push_back(name);
    } else if (line.starts_with("****") || line == "Trying:") {
      of.clear();
      are_passed = false;
    } else if (has(line, " passed all tests:")) {
      are_passed = is_verbose = has_end = true;
      of.clear();
    } else if (has(line, " had failures:") || line.starts_with("***Test Failed***") || has(line, " had no tests:")) {
      has_end = has_end || !has(line, " had no tests:");
      are_passed = false;
      of.clear();
    } else if (are_passed && item.matches(line, &name, &other)) {
      passed.push_back(name.empty() ? other : name);
    } else if (!of.empty() && failed[of].size() < kLongestMessage) {
      failed[of].append(line) += '\n';
    }
  });
  for (const auto& name : passed) builder.add("", name, pass);
  for (const auto& name : order)
    builder.add("", name, has(failed[name], "\nException raised:") ? error : fail, {}, failed[name]);
  if (!is_verbose) builder.cannot_tell({pass});
  if (!has_end) builder.incomplete("there is no summary: the run was killed");
  number_repeated_names(report);
}

// ---- xdoctest: "* SUCCESS: mod.py::good:0"

bool matches_xdoctest(std::string_view head) {
  return has(head, "\n====== <exec> ======") && has(head, "* DOCTEST : ");
}

void read_xdoctest(const Input& input, TestReport& report) {
  static const Pattern ended(R"(\* (SUCCESS|FAILURE|SKIPPED): (\S+))"), why(R"(\* REASON: (\S+))");
  report.tool = "xdoctest";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, crash, xfail, xpass});
  bool has_end = false, is_over = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string word, name;
    if (has(line, "=== Found ") || line.starts_with("=== ")) has_end = true;
    if (line.starts_with("====== <exec>")) is_over = false;
    if (!is_over && ended.matches(trim(line), &word, &name)) {
      const std::size_t colons = name.rfind("::");
      const std::string suite = colons == std::string::npos ? "" : name.substr(0, colons);
      builder.add(suite, colons == std::string::npos ? name : name.substr(colons + 2),
                  word == "SUCCESS"   ? pass
                  : word == "SKIPPED" ? skip
                                      : fail);
      is_over = true;
    } else if (is_over && why.matches(trim(line), &word) && !report.results.empty()) {
      TestResult& last = report.results.back();
      last.message = word;
      if (word != "GotWantException" && word != "AssertionError" && last.outcome == fail)
        last.outcome = error, last.attempts = {error};
    }
  });
  if (!has_end) builder.incomplete("there is no summary: the run was killed");
  number_repeated_names(report);
}

// ---- testthat: "── Failure ('test-calc.R:2'): differs ───", in all of its consoles

const Pattern& testthat_line() {
  static const Pattern pattern(
      R"((?:── )?(?:[0-9]+\. )?(Failure|Error|Skip|Warning|Skipped) \('([^']+?)(?::[0-9]+)*'\): (.*?)(?: ─+)?)");
  return pattern;
}

bool matches_testthat(std::string_view head) {
  return has_line_of(without_colours(head), testthat_line());
}

void read_testthat(const Input& input, TestReport& report) {
  static const Pattern totals(R"(\[ FAIL [0-9]+ \| WARN [0-9]+ \| SKIP [0-9]+ \| PASS [0-9]+ \].*)");
  static const Pattern skipped(R"([0-9]+\. (.*) \('([^']+?)(?::[0-9]+)*'\) - (.*))");
  report.tool = "testthat";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, skip, missing, flaky, timeout, crash, xfail, xpass});
  std::unordered_map<std::string, std::size_t> known;
  bool has_end = false, is_open = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string word, file, name, why;
    if (totals.matches(plain) || plain.starts_with("══ DONE")) has_end = true;
    if (testthat_line().matches(plain, &word, &file, &name)) {
      is_open = false;
      if (word == "Warning") return;
      const Outcome outcome = word == "Failure" ? fail : word == "Error" ? error : skip;
      const auto [found, is_new] = known.emplace(file + '\x1f' + name, report.results.size());
      if (is_new) {
        builder.add(file, name, outcome);
        is_open = true;
      } else if (outcome == error && report.results[found->second].outcome == fail) {
        report.results[found->second].outcome = error;
        report.results[found->second].attempts = {error};
      }
    } else if (skipped.matches(plain, &name, &file, &why) && !has(plain, " WARN ")) {
      if (why.starts_with("Reason: ") && known.emplace(file + '\x1f' + name, report.results.size()).second)
        builder.add(file, name, skip, {}, why);
    } else if (plain.starts_with("──") || plain.starts_with("══")) {
      is_open = false;
    } else if (is_open && report.results.back().message.size() < kLongestMessage) {
      append_message(report.results.back().message.append(report.results.back().message.empty() ? "" : "\n"), plain);
    }
  });
  if (!has_end) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- gotestsum: "PASS p.TestA (0.00s)" with --format testname; "=== FAIL: p TestA (0.00s)" in all

const Pattern& gotestsum_line() {
  static const Pattern pattern(
      R"((PASS|FAIL|SKIP) (\S+)\.((?:Test|Example|Benchmark|Fuzz)\S*)(?: \(re-run ([0-9]+)\))? \((-?[0-9.]+)s\))");
  return pattern;
}
const Pattern& gotestsum_section() {
  static const Pattern pattern(
      R"(=== (FAIL|SKIP): (\S+) ((?:Test|Example|Benchmark|Fuzz)\S*)(?: \(re-run ([0-9]+)\))? \((?:(-?[0-9.]+)s|unknown)\))");
  return pattern;
}

bool matches_gotestsum(std::string_view head) {
  return has_line_of(without_colours(head), gotestsum_line()) ||
         has_line_of(without_colours(head), gotestsum_section());
}

class Gotestsum {
 public:
  explicit Gotestsum(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern done(R"(DONE (?:([0-9]+) runs, )?[0-9]+ tests?\b.*)");
    const std::string plain = without_colours(raw);
    std::string word, package, name, again, seconds;
    if (done.matches(plain)) has_end_ = true;
    if (gotestsum_line().matches(plain, &word, &package, &name, &again, &seconds)) {
      is_named_ = true;
      take(package, name, again, outcome_of_word(word), seconds);
      last_ = text_;
      text_.clear();
      explain(report_.results[known_.at(package + '\x1f' + name)], last_);
      open_ = kNone;
    } else if (gotestsum_section().matches(plain, &word, &package, &name, &again, &seconds)) {
      end();
      const auto found = known_.find(package + '\x1f' + name);
      if (!is_named_ || found == known_.end()) take(package, name, again, outcome_of_word(word), seconds);
      open_ = known_.at(package + '\x1f' + name);
    } else if (plain.starts_with("=== ") || plain.starts_with("DONE ")) {
      if (!plain.starts_with("=== RUN") && !plain.starts_with("=== PAUSE") && !plain.starts_with("=== CONT")) end();
    } else if (text_.size() < 2 * kLongestMessage) {
      text_.append(plain) += '\n';
    }
  }

  void finish() {
    end();
    builder_.cannot_tell({missing, flaky, crash, xfail, xpass});
    if (!is_named_) builder_.cannot_tell({pass, skip});
    if (!has_end_) builder_.incomplete("there are no totals (\"DONE … tests\"): the run was killed");
    number_repeated_names(report_);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static Outcome outcome_of_word(std::string_view word) { return word == "PASS" ? pass : word == "SKIP" ? skip : fail; }

  void take(const std::string& package, const std::string& name, const std::string& again, Outcome outcome,
            std::string_view seconds) {
    const auto [found, is_new] = known_.emplace(package + '\x1f' + name, report_.results.size());
    const auto time = leading_number(seconds);
    if (is_new) {
      builder_.add(package, name, outcome, time);
    } else if (!again.empty()) {
      builder_.again(report_.results[found->second], outcome, time);
    }
  }

  static void explain(TestResult& result, std::string_view text) {
    if (result.outcome != fail) return;
    if (result.message.empty()) result.message = std::string(trim(text.substr(0, kLongestMessage)));
    const Outcome told = has(text, "panic: test timed out after ")               ? timeout
                         : has(text, "SIGSEGV")                                  ? crash
                         : has(text, "\npanic: ") || text.starts_with("panic: ") ? error
                                                                                 : fail;
    result.outcome = told;
    std::replace(result.attempts.begin(), result.attempts.end(), fail, told);
  }

  void end() {
    if (open_ != kNone) explain(report_.results[open_], text_);
    open_ = kNone;
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::unordered_map<std::string, std::size_t> known_;
  std::string text_, last_;
  std::size_t open_ = kNone;
  bool has_end_ = false, is_named_ = false;
};

void read_gotestsum(const Input& input, TestReport& report) {
  report.tool = "gotestsum";
  Gotestsum reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- SWI-Prolog's plunit: names only what did not pass

bool matches_plunit(std::string_view head) {
  return has(head, "% PL-Unit: ") && (has(head, "\ttest ") || has(head, "tests passed"));
}

void read_plunit(const Input& input, TestReport& report) {
  static const Pattern unit(R"(% PL-Unit: (\S+) .*)"), broken(R"(ERROR: PL-Unit: unit (\S+): (.*))");
  static const Pattern test(R"(\s+test (\w+)(?: \(forall .*?\))?: (.*))");
  report.tool = "plunit";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, skip, xfail, missing, flaky, crash, timeout});
  std::string of;
  bool is_blocked = false, has_end = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string name, why;
    has_end = has_end || has(line, "passed");
    if (has(line, " blocked:")) is_blocked = true;
    if (unit.matches(line, &name)) {
      of = name;
    } else if (broken.matches(line, &name, &why)) {
      builder.add(name, "(set-up)", error, {}, why);
    } else if (test.matches(line, &name, &why)) {
      const bool is_check = why == "failed" || why.starts_with("wrong answer") || why.starts_with("wrong error") ||
                            why == "no_exception" || why.starts_with("succeeded") || why.starts_with("must ");
      const bool is_warning = why.starts_with("Test succeeded with choicepoint");
      if (!is_warning) builder.add(of, name, is_blocked ? skip : is_check ? fail : error, {}, why);
    }
  });
  if (!has_end) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- FiveAM: " Running test ADDS .", a letter a check: '.', 'f', 'X' (thrown), 's'

bool matches_fiveam(std::string_view head) {
  return has(head, "Running test suite ") && has(head, " Running test ");
}

void read_fiveam(const Input& input, TestReport& report) {
  static const Pattern suite(R"(\s*Running test suite (\S+).*)"), test(R"(\s*Running test (\S+) ([.fXs]*)\s*)");
  static const Pattern left_out(R"(\s*(\S+) \[.*\]: )");
  report.tool = "fiveam";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, crash, timeout, xfail, xpass});
  std::string of;
  bool has_end = false, are_skips = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, letters;
    if (has(line, "Did ") && has(line, " check")) has_end = true;
    if (has(line, "Skip Details:")) are_skips = true;
    if (suite.matches(line, &name)) {
      of = name;
    } else if (test.matches(line, &name, &letters)) {
      const Outcome outcome = has(letters, "X")                                                    ? error
                              : has(letters, "f")                                                  ? fail
                              : !letters.empty() && letters.find_first_not_of('s') == letters.npos ? skip
                                                                                                   : pass;
      builder.add(of, name, outcome);
    } else if (are_skips && left_out.matches(line, &name)) {
      // What depends on a test that failed has no line of its own: its letter stands behind another's.
      bool is_known = false;
      for (const auto& each : report.results) is_known = is_known || each.name == name;
      if (!is_known) builder.add(of, name, skip);
    }
  });
  if (!has_end) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- scenarios with a line a step: behave's plain form

bool matches_steps(std::string_view head) {
  static const Pattern step(
      R"((?m)^ +(?:Given|When|Then|And|But|\*) .* \.\.\. (?:passed|failed|skipped|undefined|untested)(?: in [0-9.]+s)?$)");
  return has(head, "Feature: ") && has(head, "  Scenario") && step.found_in(head);
}

void read_steps(const Input& input, TestReport& report) {
  static const Pattern scenario(R"( +Scenario(?: Outline)?: (.*))");
  static const Pattern step(
      R"( +(?:Given|When|Then|And|But|\*) .* \.\.\. (passed|failed|skipped|undefined|untested)(?: in ([0-9.]+)s)?)");
  report.tool = "behave";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, error, missing, flaky, timeout, crash, xfail, xpass});
  std::string feature, text, name;
  std::optional<Outcome> outcome;
  double seconds = 0;
  const auto end = [&] {
    if (outcome == fail) outcome = told_failure(text);
    if (!name.empty() && outcome) builder.add(feature, name, *outcome, seconds, text);
    name.clear();
    text.clear();
    outcome.reset();
    seconds = 0;
  };
  each_line(input.bytes, [&](std::string_view line) {
    std::string title, word, time;
    if (line.starts_with("Feature: ")) {
      end();
      feature = std::string(trim(line.substr(9)));
    } else if (scenario.matches(line, &title)) {
      end();
      name = std::string(trim(title));
    } else if (step.matches(line, &word, &time)) {
      seconds += leading_number(time).value_or(0);
      const Outcome one = word == "passed" ? pass : word == "failed" ? fail : word == "undefined" ? error : skip;
      if (!outcome || *outcome == pass || (*outcome == skip && one != pass)) outcome = one;
    } else if (outcome == fail && text.size() < kLongestMessage) {
      text.append(line) += '\n';
    }
  });
  end();
  number_repeated_names(report);
}

// ---- Catch2's console: what failed, below its name between rules

bool matches_catch2_console(std::string_view head) {
  static const Pattern begin(R"((?m)^\S+ is a Catch2? v[0-9.]+(?:-\S+)? host application\.$)");
  return begin.found_in(head);
}

void read_catch2_console(const Input& input, TestReport& report) {
  static const Pattern check(R"(\S.*:[0-9]+: (FAILED|PASSED|SKIPPED|warning):?.*)");
  static const Pattern all_passed(R"(All tests passed \(.*)");
  report.tool = "catch2";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, skip, xfail, xpass, missing, flaky, timeout});
  std::vector<std::string> heading;
  std::unordered_map<std::string, std::size_t> known;
  bool in_heading = false, has_end = false;
  std::size_t open = static_cast<std::size_t>(-1);
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string word;
    if (line.starts_with("test cases: ") || all_passed.matches(line)) has_end = true;
    if (line.starts_with("----------")) {
      in_heading = !in_heading;
      if (in_heading) heading.clear();
    } else if (in_heading) {
      if (heading.size() < 20) heading.emplace_back(trim(line));
    } else if (check.matches(line, &word) && !heading.empty()) {
      if (word == "warning") return;
      const Outcome outcome = word == "FAILED" ? fail : word == "SKIPPED" ? skip : pass;
      const auto [found, is_new] = known.emplace(heading.front(), report.results.size());
      if (is_new) builder.add("", heading.front(), outcome);
      open = found->second;
      if (report.results[open].outcome == pass && outcome != pass)
        report.results[open].outcome = outcome, report.results[open].attempts = {outcome};
    } else if (open < report.results.size() && !heading.empty()) {
      TestResult& test = report.results[open];
      if (line.starts_with("due to unexpected exception") && test.outcome == fail) test.outcome = error;
      if (line.starts_with("due to a fatal error condition") && is_failure(test.outcome)) test.outcome = crash;
      test.attempts = {test.outcome};
      if (is_failure(test.outcome) && test.message.size() < kLongestMessage && !line.starts_with("...."))
        append_message(test.message, trim(line)), test.message += '\n';
    }
  });
  if (!has_end) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

}  // namespace

extern const Format catch2_log_format;
const Format catch2_log_format{"catch2-console", matches_catch2_console, read_catch2_console};
extern const Format python_doctest_format, xdoctest_format, testthat_log_format, gotestsum_format, plunit_format,
    fiveam_format, steps_format;
const Format python_doctest_format{"python-doctest", matches_doctest, read_doctest};
const Format xdoctest_format{"xdoctest", matches_xdoctest, read_xdoctest};
const Format testthat_log_format{"testthat-log", matches_testthat, read_testthat};
const Format gotestsum_format{"gotestsum", matches_gotestsum, read_gotestsum};
const Format plunit_format{"plunit", matches_plunit, read_plunit};
const Format fiveam_format{"fiveam", matches_fiveam, read_fiveam};
const Format steps_format{"behave-plain", matches_steps, read_steps};

}  // namespace resident::ci
