// doctest's console (C++), the console of Cucumber for Ruby, and subunit2csv.
#include <algorithm>
#include <map>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

using enum Outcome;

// ---- doctest: a rule, the place, "TEST SUITE: calc", "TEST CASE:  adds", subcases further in, what went wrong below

bool matches_doctest_console(std::string_view head) {
  return has(without_colours(head.substr(0, 2000)), "[doctest] doctest version is ");
}

class DoctestConsole {
 public:
  explicit DoctestConsole(TestReport& report) : report_(report), builder_(report) {}

  void line(std::string_view raw) {
    static const Pattern rule("={60,}"), suite(R"(TEST SUITE: (.*))"), test(R"((?:TEST CASE|  Scenario): +(\S.*))");
    static const Pattern totals(
        R"(\[doctest\] test cases: *([0-9]+) *\| *([0-9]+) passed *\| *([0-9]+) failed *\|(?: *([0-9]+) skipped)?.*)");
    const std::string plain = without_colours(raw);
    std::string name, all, passed, failed, skipped;
    if (totals.matches(plain, &all, &passed, &failed, &skipped)) {
      end();
      has_totals_ = true;
      told_passed_ = leading_number(passed).value_or(0);
      told_failed_ = leading_number(failed).value_or(0);
    } else if (rule.matches(plain)) {
      end();
      suite_.clear();
    } else if (suite.matches(plain, &name)) {
      suite_ = name;
    } else if (test.matches(plain, &name)) {
      test_ = name;
    } else if (!test_.empty() && text_.size() < 4 * kLongestMessage) {
      text_.append(plain) += '\n';
    }
  }

  void finish() {
    end();
    builder_.cannot_tell({missing, flaky, skip});
    const auto count = [&](auto is) {
      return static_cast<double>(std::count_if(report_.results.begin(), report_.results.end(),
                                               [&](const TestResult& each) { return is(each.outcome); }));
    };
    const double well = count([](Outcome each) { return each == pass || each == xfail; });
    const double wrong = count([](Outcome each) { return is_failure(each) || each == xpass; });
    if (well < told_passed_) builder_.cannot_tell({pass});
    if (wrong < told_failed_) {
      builder_.cannot_tell({fail, error, xpass, timeout, crash});
      builder_.incomplete("the totals count more failures than are shown");
    }
    if (!has_totals_) builder_.incomplete("there are no totals: the run was killed");
    number_repeated_names(report_);
  }

 private:
  static Outcome told(std::string_view text) {
    static const Pattern checked(R"(ERROR: (?:CHECK|REQUIRE|WARN|FAIL)[A-Z_]*\()");
    if (has(text, "marking it as not failed")) return xfail;
    if (has(text, "Should have failed but didn't") || has(text, "Didn't fail exactly")) return xpass;
    if (has(text, "Test case exceeded time limit")) return timeout;
    if (has(text, "test case CRASHED: ")) return crash;
    if (has(text, "ERROR: test case THREW exception")) return error;
    return checked.found_in(text) || has(text, "ERROR: ") ? fail : pass;
  }
  // What stands in each subcase is the test's.
  void end() {
    if (test_.empty()) return;
    const Outcome outcome = told(text_);
    const auto [found, is_new] = at_.try_emplace(suite_ + '\x1f' + test_, report_.results.size());
    if (is_new) {
      builder_.add(suite_, test_, outcome, {}, outcome == pass ? std::string_view() : trim(text_));
    } else if (TestResult& result = report_.results[found->second];
               result.outcome == pass || outcome == xfail || outcome == xpass || outcome == crash) {
      result.outcome = outcome == pass ? result.outcome : outcome;
      result.attempts = {result.outcome};
      if (result.message.empty() && outcome != pass) result.message = text_.substr(0, kLongestMessage);
    }
    test_.clear();
    text_.clear();
  }

  TestReport& report_;
  ReportBuilder builder_;
  std::string suite_, test_, text_;
  std::map<std::string, std::size_t> at_;
  double told_passed_ = 0, told_failed_ = 0;
  bool has_totals_ = false;
};

void read_doctest_console(const Input& input, TestReport& report) {
  report.tool = "doctest";
  DoctestConsole reader(report);
  each_line(input.bytes, [&](std::string_view line) { reader.line(line); });
  reader.finish();
}

// ---- Cucumber for Ruby: "cucumber features/a.feature:7 # Scenario: differs", at the end; without colours nothing
// tells what passed, was skipped or is undefined

const Pattern& failing_scenario() {
  static const Pattern pattern(
      R"(cucumber (?:-p \S+ )?(\S+\.feature):([0-9]+) # (?:Scenario(?: Outline| Template)?|Example)s?: (.*?)(?:, Examples \(#([0-9]+)\))?)");
  return pattern;
}

bool matches_cucumber_ruby(std::string_view head) {
  static const Pattern counted(R"((?m)^[0-9]+ scenarios? \(.*\)$)"), steps(R"((?m)^[0-9]+ steps? \(.*\)$)");
  const std::string plain = without_colours(head);
  return (counted.found_in(plain) && steps.found_in(plain) && !has(plain, "✔") && !has(plain, "✖")) ||
         has_line_of(plain, failing_scenario());
}

void read_cucumber_ruby(const Input& input, TestReport& report) {
  report.tool = "cucumber";
  ReportBuilder builder(report);
  builder.cannot_tell({pass, error, skip, missing, flaky, timeout, crash, xfail, xpass});
  static const Pattern counted(R"([0-9]+ scenarios? \((?:([0-9]+) failed)?.*\))");
  double told = 0;
  bool has_totals = false;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string plain = without_colours(raw);
    std::string file, place, name, example, failed;
    if (failing_scenario().matches(plain, &file, &place, &name, &example)) {
      builder.add(file, example.empty() ? name : name + " #" + example, fail, {}, file + ":" + place);
    } else if (counted.matches(plain, &failed)) {
      has_totals = true;
      told = leading_number(failed).value_or(0);
    }
  });
  if (static_cast<double>(report.results.size()) < told) {
    builder.cannot_tell({fail});
    builder.incomplete("it counts more failures than it names");
  }
  if (report.results.empty() && told == 0 && has_totals) builder.incomplete("what passed is not named");
  if (!has_totals) builder.incomplete("there are no totals: the run was killed");
  number_repeated_names(report);
}

// ---- subunit2csv: "test,status,start_time,stop_time"

bool matches_subunit_csv(std::string_view head) {
  return head.starts_with("test,status,start_time,stop_time");
}

// "2026-12-01 16:05:05.912015+00:00": seconds of the day.
std::optional<double> seconds_of_day(std::string_view text) {
  static const Pattern time(R"([0-9-]+ ([0-9]{2}):([0-9]{2}):([0-9.]+)(?:[+-][0-9:]+)?)");
  std::string hours, minutes, seconds;
  if (!time.matches(text, &hours, &minutes, &seconds)) return std::nullopt;
  return leading_number(hours).value_or(0) * 3600 + leading_number(minutes).value_or(0) * 60 +
         leading_number(seconds).value_or(0);
}

void read_subunit_csv(const Input& input, TestReport& report) {
  report.tool = "subunit";
  ReportBuilder builder(report);
  builder.cannot_tell({missing, flaky, timeout, crash});
  // The test may hold commas; the three columns behind it do not.
  static const Pattern row(
      R"x("?(\S.*?)"?,(success|failure|error|skip|xfail|uxsuccess|unknown|unexpected_success|expected_failure),([^,]*),([^,]*))x");
  static const std::map<std::string, Outcome, std::less<>> kWords{{"success", pass},
                                                                  {"failure", fail},
                                                                  {"error", error},
                                                                  {"skip", skip},
                                                                  {"xfail", xfail},
                                                                  {"uxsuccess", xpass},
                                                                  {"unexpected_success", xpass},
                                                                  {"expected_failure", xfail},
                                                                  {"unknown", crash}};
  each_line(input.bytes, [&](std::string_view line) {
    std::string test, word, begin, end;
    if (!row.matches(line, &test, &word, &begin, &end)) return;
    const auto from = seconds_of_day(begin), to = seconds_of_day(end);
    const auto found = kWords.find(word);
    if (found == kWords.end()) return;
    const std::size_t dot = test.substr(0, test.find('(')).rfind('.');
    builder.add(dot == std::string::npos ? "" : test.substr(0, dot),
                dot == std::string::npos ? test : test.substr(dot + 1), found->second,
                from && to && *to >= *from ? std::optional(*to - *from) : std::nullopt);
  });
  // Made of a stream of version 2, errors are failures, and testtools' unexpected passes are passes.
  const bool has_error = std::any_of(report.results.begin(), report.results.end(),
                                     [](const TestResult& each) { return each.outcome == error; });
  if (!has_error) builder.cannot_tell({error, xpass, xfail});
  number_repeated_names(report);
}

}  // namespace

extern const Format doctest_console_format, cucumber_ruby_format, subunit_csv_format;
const Format doctest_console_format{"doctest-console", matches_doctest_console, read_doctest_console};
const Format cucumber_ruby_format{"cucumber-ruby", matches_cucumber_ruby, read_cucumber_ruby};
const Format subunit_csv_format{"subunit-csv", matches_subunit_csv, read_subunit_csv};

}  // namespace resident::ci
