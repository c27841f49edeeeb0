// What each tool's JUnit file means where the common rule would mislead, and what it can't show. Found by running each
// tool on a small program whose truth was known; docs/guide/test-results.md has the table with versions.
#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/junit_case.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci::junit {

namespace {

using enum Outcome;
using Told = std::optional<Outcome>;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
// ---- Python

// pytest writes xfail as skipped with a type, a strict unexpected pass as a failure, and each phase that breaks (the
// call, then its teardown) as a test case of the same name.
Told pytest(const Case& test) {
  if (test.name.empty() && test.class_name.empty()) return error;  // pytest.exit(), the run was stopped here
  const auto with = [&](std::string_view words) { return test.says(words); };
  if (with("[XPASS(strict)]")) return xpass;
  if (test.is_skipped && test.skip_type == "pytest.xfail" && test.troubles.empty()) return xfail;
  // Where set-up or tear-down broke, the word is error, whatever the failure's own type.
  return std::nullopt;
}
void pytest_name(const Case& test, Named& named) {
  if (test.name.empty()) named.name = "(the run was stopped)";
  named.suite = std::string(test.class_name);
  named.is_same_test = named.keeps_first = true;
}

void pytest_finish(TestReport& report, std::vector<Place>&) {
  // The test that stopped the run stands there without its name.
  for (const auto& result : report.results)
    if (result.name == "(the run was stopped)") ReportBuilder(report).cannot_tell({error, fail});
}

Told subunit2junit(const Case& test) {
  if (test.says("_UnexpectedSuccess")) return xpass;
  // subunit v2 has no status for errors: what is thrown stands at the end of the traceback.
  if (!test.troubles.empty()) {
    const auto text = test.troubles.front().text;
    return contains(text, "AssertionError") || contains(text, "failureException") || contains(text, "MismatchError")
               ? fail
               : error;
  }
  return std::nullopt;
}

Told behave(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  // An undefined step is a failure of type NoneType; a step that is written but not done raises NotImplementedError.
  if (test.status == "undefined" || test.says("NoneType")) return error;
  if (test.says("NotImplementedError")) return error;
  return std::nullopt;
}

// ---- Ruby, PHP, Erlang, Lua, R

Told rspec(const Case& test) {
  if (test.says("PendingExampleFixedError")) return xpass;
  if (test.troubles.empty()) return std::nullopt;
  const std::string_view type = test.troubles.front().type;
  return contains(type, "RSpec::Expectations") || contains(type, "Assertion") ? fail : error;
}
Told minitest(const Case& test) {
  // A failed assertion whose teardown raised as well stands as an error with the assertion's text.
  if (test.has_error() && (test.says("Expected: ") || test.says("Expected ")) &&
      test.first_message().starts_with("Expected"))
    return fail;
  return std::nullopt;
}
Told phpunit(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  // Risky tests and deprecations fail no run unless it is told to.
  if (test.says("child process and ended unexpectedly")) return crash;
  if (test.says("RiskyTest") || test.says("Deprecation")) return pass;
  return std::nullopt;
}
Told eunit(const Case& test) {
  if (test.is_skipped && test.skip_type == "timeout") return timeout;
  // Assertions are errors here; what they raise says so.
  if (test.has_error() && (test.says("{assert") || test.says("assertEqual") || test.says("{assertion"))) return fail;
  return std::nullopt;
}
void eunit_name(const Case& test, Named& named) {
  // "module:0 function" or "module:0 -generator_/0-fun-3- (title)".
  std::string name(test.name);
  const std::size_t blank = name.find(' ');
  if (const std::size_t colon = name.find(':');
      colon != std::string::npos && colon < blank && blank != std::string::npos) {
    named.suite = name.substr(0, colon);
    name = name.substr(blank + 1);
  }
  if (name.starts_with('-')) {
    const std::size_t slash = name.find('/'), open = name.find('(');
    if (slash != std::string::npos) {
      std::string title = open == std::string::npos ? "" : name.substr(open + 1);
      if (title.ends_with(')')) title.pop_back();
      if (title.empty()) title = "fun without title";
      name = name.substr(1, slash - 1) + " > " + title;
    }
  }
  named.name = name;
}
// Common Test's cth_surefire: whatever ended a test is a failure of type "crash". What it skipped by itself could not
// be set up; what a test function asked for is {tc_user_skip, …}.
Told common_test(const Case& test) {
  if (test.is_skipped) {
    if (!contains(test.node.child_text("skipped"), "tc_auto_skip")) return skip;
    if (contains(test.node.child_text("skipped"), ",init_per_testcase,")) return error;
    return test.name.starts_with("end_per_") ? skip : missing;
  }
  if (test.troubles.empty() || is_timeout(test)) return std::nullopt;
  const bool is_function = test.name.starts_with("init_per_") || test.name.starts_with("end_per_");
  const bool is_check = test.says("{badmatch,") || test.says("{test_case_failed,") || test.says("{assert");
  return is_check && !is_function ? fail : error;
}
void common_test_name(const Case& test, Named& named) {
  const std::string_view group = test.node.attribute("group");
  named.suite = std::string(test.suite) + (group.empty() ? "" : " > ") + std::string(group);
}
// Set-ups and tear-downs that went well are no tests. Where a group's set-up fails, all that comes after the group
// still has its name.
void common_test_finish(TestReport& report, std::vector<Place>&) {
  std::string left;  // the group that has ended
  for (auto& result : report.results) {
    if (result.name.starts_with("init_per_group")) left.clear();
    if (!left.empty() && result.suite == left) result.suite.resize(result.suite.find(" > "));
    if (result.name.starts_with("end_per_group") && contains(result.suite, " > ")) left = result.suite;
  }
  std::erase_if(report.results, [](const TestResult& each) {
    return !is_failure(each.outcome) && (each.name.starts_with("init_per_") || each.name.starts_with("end_per_"));
  });
}
// OUnit: class and name are the same path, "suite:0:inner:1:name"; a skip leaves no mark.
void ounit_name(const Case& test, Named& named) {
  (void)test;
  named.suite.clear();
}
Told testthat(const Case& test) {
  for (const auto& trouble : test.troubles)
    if (!trouble.is_error && trouble.type == "warning") return pass;
  return std::nullopt;
}
void testthat_name(const Case& test, Named& named) {
  (void)test;
  named.is_same_test = true;  // each expectation is a test case
}

// The class is a file with the line of the test: without the line, a name that stands again is seen.
// PHP's run-tests: what failed as expected is a test case without a word.
std::optional<Outcome> phpt(const Case& test) {
  bool has_passed = false;
  test.node.each_child([&](const Element& child) {
    has_passed = has_passed || contains(child.text(), "XFAIL section but test passes");
  });
  if (has_passed) return xpass;
  if (test.says("Termsig=")) return crash;
  if (test.says("process timed out")) return timeout;
  if (test.says("Fatal error: Uncaught ") && !test.says("AssertionError")) return error;
  return std::nullopt;
}
void busted_name(const Case& test, Named& named) {
  named.suite = std::string(test.class_name.substr(0, test.class_name.find(':')));
}

Told tap_formatter(const Case& test) {
  for (const auto& trouble : test.troubles)
    if (trouble.type == "TodoTestSucceeded") return xpass;
  for (const auto& trouble : test.troubles)
    if (trouble.type == "UnplannedTest") return pass;
  return std::nullopt;
}
// A suite keeps what its program wrote: the TAP itself, with the marks that the test cases have lost.
void tap_formatter_suite(const SuiteEnd& suite, TestReport& report) {
  const Format& tap = find_format("tap");
  if (!tap.matches(trim(suite.output).substr(0, kSniffed))) return;
  TestReport written;
  tap.read({suite.output, {}}, written);
  std::vector<const TestResult*> points;
  for (const auto& each : written.results)
    if (each.suite.empty() && each.name != "Bail out!") points.push_back(&each);
  if (suite.first == report.results.size()) {
    if (points.size() == 1 && points.front()->name == "(all)")
      ReportBuilder(report).add("", suite.path, skip, {}, points.front()->message);
    return;
  }
  std::size_t next = 0;
  for (std::size_t at = suite.first; at < report.results.size(); ++at) {
    TestResult& result = report.results[at];
    if (result.suite.empty()) {
      // The program itself. Test::More ends with 255 for a plan that was passed by, too.
      const bool ran_on =
          std::any_of(written.incomplete.begin(), written.incomplete.end(), [&](const std::string& why) {
            return why.starts_with("planned ") &&
                   leading_number(std::string_view(why).substr(8)).value_or(0) < static_cast<double>(points.size());
          });
      if (result.outcome == crash && ran_on) result.outcome = error, result.attempts = {error};
      continue;
    }
    if (next >= points.size()) break;
    const TestResult& point = *points[next++];
    if (result.outcome != pass || (point.outcome != skip && point.outcome != xfail)) continue;
    result.outcome = point.outcome;
    result.attempts = {point.outcome};
    result.message = point.message;
  }
}

// jtreg: whatever ended a test is a failure "Failed."; what it said of it is the text.
Told jtreg(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  const std::string_view said = trim(test.troubles.front().text);
  if (said.starts_with("Test ignored")) return skip;
  if (contains(said, " timed out (timeout set to")) return timeout;
  if (said.starts_with("Unexpected exit from test")) return crash;
  if (said.starts_with("Compilation failed") || said.starts_with("Bad action for script") ||
      !said.starts_with("Execution failed"))
    return error;
  return fail;
}

// vows: a check that did not hold is an <error>, what was thrown a <skipped>; what is pending is absent.
Told vows(const Case& test) {
  if (!test.troubles.empty()) return test.troubles.front().type == "vows.event.broken" ? fail : error;
  if (test.is_skipped && test.skip_type == "vows.event.errored") return error;
  return std::nullopt;
}

// Cucumber for Ruby: what was raised stands in the second part of the text, "boom (ArgumentError)".
std::optional<Outcome> cucumber_ruby(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  constexpr std::string_view kMessage = "Message:\n";
  const std::string_view text = test.troubles.front().text;
  const std::size_t at = text.find(kMessage);
  if (at == std::string_view::npos) return fail;
  const std::string_view said = text.substr(at + kMessage.size());
  return names_exception(said.substr(std::min(said.find_first_not_of(" \n"), said.size()))) ? error : fail;
}

}  // namespace

std::vector<Dialect> other_dialects() {
  return {
      {"pytest",
       [](const File& file) {
         return file.suite_name() == "pytest" ||
                file.suite_attributes == "name errors failures skipped tests time timestamp hostname";
       },
       pytest,
       pytest_name,
       {xpass, flaky, missing},
       false,
       pytest_finish},
      {"subunit",
       [](const File& file) {
         return file.suite_attributes == "errors failures name tests time" ||
                contains(file.first_trouble.attribute("type"), "testtools.");
       },
       subunit2junit,
       nullptr,
       {xfail, missing, error}},
      {"cucumber-ruby",
       [](const File& file) {
         return file.suite_attributes == "failures errors skipped tests time name" &&
                file.first_case.attribute("classname") == file.suite_name();
       },
       cucumber_ruby,
       nullptr,
       {flaky, xfail, xpass, missing, crash, error}},  // an undefined step is a skip
      {"behave",
       [](const File& file) {
         return contains(file.first_case.child_text("system-out"), "@scenario.begin") ||
                (file.suite_attributes == "name tests errors failures skipped time timestamp hostname" &&
                 file.first_case.has("status"));
       },
       behave,
       nullptr,
       {}},
      {"rspec",
       [](const File& file) { return file.suite_name().starts_with("rspec"); },
       rspec,
       nullptr,
       {xfail, missing}},
      // The reporter of the `ci_reporter` family takes Minitest's result for the test's class: no test of the file can
      // be told from one of the same name in another class, whatever it came to.
      {"minitest",
       [](const File& file) { return file.suite_name() == "Minitest::Result"; },
       minitest,
       nullptr,
       {missing, pass, fail, error, skip}},
      {"minitest",
       [](const File& file) {
         return contains(file.suite_attributes, "assertions") && contains(file.suite_name(), "Minitest");
       },
       minitest,
       nullptr,
       {missing}},
      {"phpunit",
       [](const File& file) {
         return file.first_case.has("class") || contains(file.suite_attributes, "assertions errors warnings");
       },
       phpunit,
       nullptr,
       {missing}},
      {"eunit",
       [](const File& file) { return file.suite_name().starts_with("module '"); },
       eunit,
       eunit_name,
       {missing, fail}},
      {"common-test",
       [](const File& file) {
         return file.suite_attributes.starts_with("hostname name time timestamp errors failures skipped tests") &&
                file.first_case.has("log");
       },
       common_test,
       common_test_name,
       {missing, fail, error, flaky, xfail, xpass},
       false,
       common_test_finish},
      {"ounit",
       [](const File& file) {
         return file.has_property("results_style_1_X") || file.first_trouble.attribute("type").starts_with("OUnit.");
       },
       nullptr,
       ounit_name,
       {skip, missing, flaky, xfail, xpass}},
      {"jtreg",
       [](const File& file) { return file.has_property("jtregVersion") || file.has_property("harnessVariety"); },
       jtreg,
       nullptr,
       {flaky, xfail, xpass, missing}},
      {"vows",
       [](const File& file) { return file.suite_name() == "Vows test"; },
       vows,
       nullptr,
       {flaky, xfail, xpass, missing, skip, crash, timeout}},
      {"phpt",
       [](const File& file) { return file.root_name() == "php" && file.root.has("skip"); },
       phpt,
       nullptr,
       {flaky, xfail, missing}},
      {"busted",
       [](const File& file) { return file.root.has("skip") || file.first_suite.has("skip"); },
       nullptr,
       busted_name,
       {missing}},
      {"bats",
       [](const File& file) { return file.suite_name().ends_with(".bats"); },
       nullptr,
       nullptr,
       {missing, flaky, error}},
      {"tap-formatter-junit",
       [](const File& file) {
         const std::string_view name = file.first_case.attribute("name");
         const std::string_view type = file.first_trouble.attribute("type");
         return type == "TestFailed" || type == "TodoTestSucceeded" || type == "ProgramDied" || name == "(init)" ||
                (is_digits(name.substr(0, name.find(' '))) && contains(name, " - "));
       },
       tap_formatter,
       nullptr,
       {xfail, skip, missing, error, crash},
       false,
       nullptr,
       nullptr,
       tap_formatter_suite},
      {"testthat",
       [](const File& file) {
         return file.suite_attributes == "name timestamp hostname tests skipped failures errors time";
       },
       testthat,
       testthat_name,
       {missing, pass}},
  };
}

const std::vector<Dialect>& dialects() {
  static const std::vector<Dialect> list = [] {
    std::vector<Dialect> all;
    for (const auto& some : {javascript_dialects(), other_dialects(), native_dialects(), common_dialects()})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }();
  return list;
}

const Dialect& dialect_of(const File& file) {
  for (const auto& each : dialects())
    if (each.is(file)) return each;
  return dialects().back();
}

}  // namespace resident::ci::junit
