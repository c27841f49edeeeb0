// What test libraries for C and for shells print for people, and GNU Autotest's suites: CppUTest, Criterion, CUnit,
// shunit2.
#include <algorithm>
#include <base/pattern.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>
#include <unordered_map>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- GNU Autotest: "  3: name          skipped (suite.at:10)"; in testsuite.log "3. name (suite.at:9): skipped (…)"

const Pattern& autotest_line() {
  static const Pattern pattern(
      R"(\s*([0-9]+): (.*?)\s+(ok|skipped|FAILED|expected failure|UNEXPECTED PASS)(?:\s+(\([^()]*\)))?\s*)");
  return pattern;
}
const Pattern& autotest_log_line() {
  static const Pattern pattern(
      R"(([0-9]+)\. (?:\S+:[0-9]+: [0-9]+\. )?(.*) \([^() ]+:[0-9]+\): +(ok|skipped|FAILED|expected failure|UNEXPECTED PASS)\b(?:\s+(\(.*))?.*)");
  return pattern;
}
const Pattern& autotest_begun() {
  static const Pattern pattern(R"(\s*[0-9]+: (.*\S)\s*)");
  return pattern;
}

bool matches_autotest(std::string_view head) {
  return head.starts_with("## ---") && has(head.substr(0, 400), " test suite");
}

void read_autotest(const Input& input, TestReport& report) {
  report.tool = "autotest";
  ReportBuilder builder(report);
  builder.cannot_tell({error, crash, timeout, flaky, missing});
  // The log leaves out what failed as expected.
  if (has(input.bytes.substr(0, kSniffed), "testsuite: command line was:")) builder.cannot_tell({xfail});
  bool has_totals = false;
  std::string begun;
  std::unordered_map<std::string, std::size_t> seen;  // by number: the log tells of a failure twice
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("## Test results. ##")) has_totals = true;
    std::string number, name, word, where;
    if (!autotest_line().matches(line, &number, &name, &word, &where) &&
        !autotest_log_line().matches(line, &number, &name, &word, &where)) {
      if (!has_totals && autotest_begun().matches(line, &name)) begun = name;
      return;
    }
    begun.clear();
    const Outcome outcome = word == "ok"                 ? pass
                            : word == "skipped"          ? skip
                            : word == "FAILED"           ? fail
                            : word == "expected failure" ? xfail
                                                         : xpass;
    if (seen.emplace(number, report.results.size()).second)
      builder.add("", name, outcome, {}, outcome == pass ? std::string_view() : std::string_view(where));
  });
  if (!has_totals) {
    if (!begun.empty()) builder.add("", begun, crash, {}, "begun, and the log ends before it did");
    builder.incomplete("there are no results at the end: the run was killed");
  }
  number_repeated_names(report);
}

// ---- CppUTest: "TEST(Group, Name) - 12 ms" with -v; without it only what failed has a name

const Pattern& cpputest_begin() {
  static const Pattern pattern(R"((IGNORE_)?TEST\(([^,()]+), ([^()]+)\)(.*))");
  return pattern;
}

// A test with its time, or a failure in one: "TEST(Group, Name)" alone is a line of source code.
bool matches_cpputest(std::string_view head) {
  static const Pattern done(R"((?:IGNORE_)?TEST\([^,()]+, [^()]+\) - [0-9]+ ms)");
  static const Pattern failure(R"(\S+:[0-9]+: error: Failure in TEST\([^,()]+, [^()]+\).*)");
  return has_line_of(head, done) || has_line_of(without_colours(head), failure);
}

void read_cpputest(const Input& input, TestReport& report) {
  static const Pattern time(R"( - ([0-9]+) ms\s*)"), totals(R"((?:OK|Errors) \([0-9]+ .*ms\).*)");
  static const Pattern failure(R"(.*: error: Failure in TEST\(([^,()]+), ([^()]+)\).*)");
  report.tool = "cpputest";
  ReportBuilder builder(report);
  builder.cannot_tell({error, missing, flaky, timeout, xfail, xpass});
  std::string suite, name, text;
  Outcome outcome = pass;
  bool is_verbose = false, has_totals = false;
  const auto end = [&](std::optional<double> seconds) {
    if (name.empty()) return;
    if (outcome == fail && has(text, "nexpected exception of ")) outcome = error;
    builder.add(suite, name, outcome, seconds, text);
    name.clear();
    text.clear();
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string ignored, of, rest, milliseconds;
    has_totals = has_totals || totals.matches(plain);
    if (std::string which; cpputest_begin().matches(plain, &ignored, &of, &which, &rest)) {
      end({});
      is_verbose = true;
      suite = of;
      name = which;
      outcome = ignored.empty() ? pass : skip;
    } else if (failure.matches(plain, &of, &rest)) {
      if (!is_verbose) end({});
      suite = of;
      name = rest;
      outcome = fail;
      return;
    } else {
      rest = plain;
    }
    if (time.matches(rest, &milliseconds)) {
      end(leading_number(milliseconds).value_or(0) / 1000);
    } else if (has_totals) {
      end({});
    } else if (outcome == fail && text.size() < kLongestMessage && !trim(rest).empty()) {
      text.append(trim(rest)) += '\n';
    }
  });
  if (!has_totals) {
    if (!name.empty() && is_verbose) outcome = crash;
    end({});
    builder.incomplete("there are no totals: the program died or was killed");
  }
  if (!is_verbose) builder.cannot_tell({pass, skip, crash});
  number_repeated_names(report);
}

// ---- Criterion: "[RUN ] suite::name", "[PASS] suite::name: (0.00s)"

const Pattern& criterion_line() {
  static const Pattern pattern(R"(\[(RUN |PASS|FAIL|SKIP)\] ([^:\s]+)::([^:\s]+)(?:: *(.*))?)");
  return pattern;
}

bool matches_criterion_log(std::string_view head) {
  static const Pattern own(R"(\[====\] Synthesis: Tested: .*|\[----\] Criterion v.*)");
  const std::string plain = without_colours(head);
  return has_line_of(plain, own) || has_line_of(plain, criterion_line());
}

void read_criterion_log(const Input& input, TestReport& report) {
  static const Pattern set_up(
      R"(\[----\] Warning! The test `([^:]+)::([^`]+)` crashed during its setup or teardown\.)");
  report.tool = "criterion";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, error, xfail, xpass, flaky});
  std::string begun_suite, begun, text;
  bool is_verbose = false, has_totals = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = plain;
    std::string word, suite, name, said;
    if (line.starts_with("[====] Synthesis: ")) has_totals = true;
    if (set_up.matches(line, &suite, &name)) {
      builder.add(suite, name, error, {}, text);
      begun.clear();
      text.clear();
    } else if (!criterion_line().matches(line, &word, &suite, &name, &said)) {
      if (line.starts_with("[----] ") && text.size() < kLongestMessage) text.append(line.substr(7)) += '\n';
    } else if (word == "RUN ") {
      if (!begun.empty()) builder.add(begun_suite, begun, crash, {}, text);
      is_verbose = true;
      begun_suite = suite;
      begun = name;
      text.clear();
    } else {
      const std::size_t open = said.rfind('(');
      const auto seconds = open == std::string::npos ? std::nullopt : leading_number(said.substr(open + 1));
      const Outcome outcome = word == "PASS"                  ? pass
                              : word == "SKIP"                ? skip
                              : said.starts_with("CRASH!")    ? crash
                              : said.starts_with("Timed out") ? timeout
                                                              : fail;
      builder.add(suite, name, outcome, word == "SKIP" ? std::nullopt : seconds,
                  outcome == pass   ? std::string_view()
                  : outcome == skip ? std::string_view(said)
                                    : text);
      begun.clear();
      text.clear();
    }
  });
  if (!begun.empty()) builder.add(begun_suite, begun, crash, {}, "begun, and the log has no end of it");
  if (!is_verbose) builder.cannot_tell({pass, skip});
  if (!has_totals) builder.incomplete("there is no synthesis at the end: the run was killed");
  number_repeated_names(report);
}

// ---- CUnit's basic interface: "  Test: name ...passed" under "Suite: suite"

bool matches_cunit_log(std::string_view head) {
  return has(head, "CUnit - A unit testing framework for C") || (has(head, "Suite: ") && has(head, "\n  Test: "));
}

void read_cunit_log(const Input& input, TestReport& report) {
  static const Pattern warning(R"(WARNING - Suite (initialization|cleanup) failed for '(.*)'\.)");
  report.tool = "cunit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, skip, flaky, timeout, error, xfail, xpass});
  std::string suite, begun;
  bool has_totals = false, is_verbose = false;
  const auto end = [&](std::string_view words) {
    const bool passed = words.ends_with("passed"), failed = words.ends_with("FAILED");
    if (begun.empty() || (!passed && !failed)) return;
    builder.add(suite, begun, passed ? pass : fail);
    begun.clear();
  };
  each_line(input.bytes, [&](std::string_view line) {
    std::string kind, of;
    if (line.starts_with("Run Summary:")) has_totals = true;
    if (warning.matches(line, &kind, &of)) builder.add("", of, error, {}, line);
    if (line.starts_with("Suite: ")) {
      suite = std::string(trim(line.substr(7)));
      // Without the verbose mode a suite's result stands behind what failed in it.
      if (const std::size_t at = suite.find(", Test: "); at != std::string::npos) {
        builder.add(suite.substr(0, at), suite.substr(at + 8), fail);
        suite.resize(at);
      }
      return;
    }
    if (line.starts_with("  Test: ")) {
      if (!begun.empty()) builder.add(suite, begun, crash, {}, "begun, and the log has no end of it");
      is_verbose = true;
      const std::string_view rest = line.substr(8);
      const std::size_t dots = rest.rfind(" ...");
      begun = std::string(rest.substr(0, dots));
      if (dots != std::string_view::npos) end(rest.substr(dots));
      return;
    }
    if (!begun.empty()) end(line);  // it printed something before its word
    const std::string_view plain = trim(line);
    const bool is_check = !plain.empty() && plain[0] >= '1' && plain[0] <= '9' && has(plain, "  - ");
    if (is_check && !report.results.empty() && report.results.back().outcome == fail &&
        report.results.back().message.empty())
      report.results.back().message = std::string(plain.substr(0, kLongestMessage));
  });
  if (!begun.empty()) builder.add(suite, begun, crash, {}, "begun, and the log has no end of it");
  if (!is_verbose) builder.cannot_tell({pass});
  if (!has_totals) builder.incomplete("there is no summary: the program died or was killed");
  number_repeated_names(report);
}

// ---- shunit2: the function's name on a line, what went wrong below it

const Pattern& shunit_name() {
  static const Pattern pattern(R"(test[A-Za-z0-9_]+)");
  return pattern;
}

// Its own words or totals below a test's name: a word alone on a line stands in any text.
bool matches_shunit(std::string_view head) {
  static const Pattern own(R"(ASSERT:.*|shunit2:(?:ERROR|FATAL|WARN) .*|Ran [0-9]+ tests?\.)");
  const std::string plain = without_colours(head);
  bool is_named = false, found = false;
  each_line(plain, [&](std::string_view line) {
    found = found || (is_named && own.matches(trim(line)));
    is_named = is_named || shunit_name().matches(line);
  });
  return found;
}

void read_shunit(const Input& input, TestReport& report) {
  static const Pattern totals(R"(Ran ([0-9]+) tests?\.)");
  report.tool = "shunit2";
  ReportBuilder builder(report);
  builder.cannot_tell({skip, missing, flaky, timeout, xfail, xpass});
  std::string name, text;
  Outcome outcome = pass;
  std::size_t told = 0;
  bool has_totals = false;
  const auto end = [&] {
    if (!name.empty()) builder.add("", name, outcome, {}, text);
    name.clear();
    text.clear();
    outcome = pass;
  };
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    const std::string_view line = trim(plain);
    if (totals.matches(line, &told)) {
      end();
      has_totals = true;
    } else if (shunit_name().matches(line)) {
      end();
      name = std::string(line);
    } else if (line.starts_with("ASSERT:unknown failure encountered running a test")) {
      outcome = crash;  // the script itself ended in it
    } else if (line.starts_with("ASSERT:") && outcome == pass) {
      outcome = fail;
    } else if (line.starts_with("shunit2:ERROR ") && outcome == pass) {
      outcome = error;  // its status alone: nothing that it checked
    } else if (line.starts_with("shunit2:FATAL ")) {
      end();
      builder.add("", "(outside of tests)", error, {}, line);
    }
    if (!name.empty() && name != line && !line.empty() && text.size() < kLongestMessage) text.append(line) += '\n';
  });
  if (!has_totals && !name.empty()) outcome = crash;
  end();
  if (!has_totals) builder.incomplete("there are no totals (\"Ran … tests\"): the run was killed");
  const std::size_t shown = static_cast<std::size_t>(std::count_if(
      report.results.begin(), report.results.end(), [](const TestResult& each) { return each.name[0] != '('; }));
  if (told > shown)
    builder.incomplete("says it ran " + std::to_string(told) + " tests, and shows " + std::to_string(shown));
  number_repeated_names(report);
}

}  // namespace

extern const Format autotest_format, cpputest_log_format, criterion_log_format, cunit_log_format, shunit_format;
const Format autotest_format{"autotest", matches_autotest, read_autotest};
const Format cpputest_log_format{"cpputest-log", matches_cpputest, read_cpputest};
const Format criterion_log_format{"criterion-log", matches_criterion_log, read_criterion_log};
const Format cunit_log_format{"cunit-log", matches_cunit_log, read_cunit_log};
const Format shunit_format{"shunit2", matches_shunit, read_shunit};

}  // namespace resident::ci
