// The dialects of C's and C++'s test libraries and of build systems that write JUnit for programs of any language.
#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/junit_case.hpp>
#include <unordered_map>

namespace resident::ci::junit {

namespace {

using enum Outcome;
using Told = std::optional<Outcome>;

// ---- C and C++

Told googletest(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  // A failure and a skip in one test: the console says FAILED.
  if (test.says("C++ exception with description") || test.says("Unknown C++ exception")) return error;
  return fail;
}
// Catch2 writes [!mayfail] and [!shouldfail] that failed as skipped and failed at once, and leaves them out of its
// totals; a check that failed before SKIP() is a failure all the same.
bool catch2_may_fail(const Case& test) {
  return test.is_skipped && contains(test.skip_message, "!mayfail");
}
Told catch2(const Case& test) {
  if (catch2_may_fail(test) && !test.troubles.empty()) return xfail;
  return std::nullopt;
}
// A section stands as a test case of its own, "test/section": what fails inside of it fails those around it.
void catch2_finish(TestReport& report, std::vector<Place>&) {
  std::unordered_map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t at = 0; at < report.results.size(); ++at)
    by_name[report.results[at].suite + '\x1f' + report.results[at].name].push_back(at);
  for (std::size_t inner = 0; inner < report.results.size(); ++inner) {
    if (!is_failure(report.results[inner].outcome)) continue;
    const std::string name = report.results[inner].name;
    for (std::size_t slash = name.rfind('/'); slash != std::string::npos && slash > 0;
         slash = name.rfind('/', slash - 1)) {
      const auto found = by_name.find(report.results[inner].suite + '\x1f' + name.substr(0, slash));
      if (found == by_name.end()) continue;
      for (const std::size_t at : found->second) {
        TestResult& outer = report.results[at];
        if (outer.outcome != pass) continue;
        outer.outcome = fail;
        outer.attempts = {fail};
        outer.message = report.results[inner].message;
      }
    }
  }
}
Told boost_test(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  // Where the case itself counts as passed (expected_failures), its system-err doesn't say that it failed.
  const std::string_view log = test.node.child_text("system-err");
  if (test.has_failure() && !test.has_error() && !contains(log, "Failures detected in")) return xfail;
  return std::nullopt;
}
Told doctest(const Case& test) {
  const bool only_warnings =
      !test.troubles.empty() &&
      std::all_of(test.troubles.begin(), test.troubles.end(), [](const Trouble& each) { return each.type == "WARN"; });
  if (only_warnings) return pass;
  if (test.has_error()) return error;
  return std::nullopt;
}
void doctest_name(const Case& test, Named& named) {
  named.suite = std::string(test.class_name);
  named.is_same_test = false;
}
Told cmocka(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  if (test.says("Test failed with exception:")) return crash;
  if (test.says("Test setup failed") || test.says("Test teardown failed") || test.says("setup failed") ||
      test.says("teardown failed"))
    return error;
  return std::nullopt;
}
// ctest --output-junit says "fail" for a limit, a signal and a wrong exit code alike, and <skipped> for whatever did
// not run: what the test itself asked for says "SKIP_RETURN_CODE=77" or "SKIP_REGULAR_EXPRESSION_MATCHED", all else
// (no executable, no such folder, a fixture that failed) fails the run.
Told ctest(const Case& test) {
  if (test.status == "disabled") return skip;
  if (test.status == "notrun" || test.is_skipped) return test.skip_message.starts_with("SKIP_") ? skip : error;
  return std::nullopt;
}
Told qttest(const Case& test) {
  if (test.result == "xfail") return xfail;
  if (test.result == "xpass" || test.says("returned TRUE unexpectedly")) return xpass;
  for (const auto& trouble : test.troubles)
    if (trouble.type == "xpass") return xpass;
  // Qt 5 has no element for a skip: a comment inside a test case without a result.
  bool skips = false;
  if (test.result.empty() && test.troubles.empty())
    test.node.each_child([&](const Element& child) {
      skips = skips || (child.is_comment() && contains(child.text(), "type=\"skip\""));
    });
  return skips ? Told(skip) : std::nullopt;
}
void qttest_name(const Case& test, Named& named) {
  if (test.class_name.empty()) named.suite = std::string(test.suite);
}

// ---- build systems and shells

Told lit(const Case& test) {
  if (test.troubles.empty()) return std::nullopt;
  if (test.says("Timeout: Reached timeout")) return timeout;
  if (test.says("Test has no 'RUN:' line") || test.says("Exception during script execution")) return error;
  return std::nullopt;
}
void lit_name(const Case& test, Named& named) {
  // The class is "Suite.folder", with points of the folder made underscores; the suite stands twice where there is
  // none.
  const std::string_view suite = test.suite;
  std::string_view rest = test.class_name;
  if (rest.starts_with(suite) && rest.size() > suite.size() && rest[suite.size()] == '.')
    rest.remove_prefix(suite.size() + 1);
  named.suite = std::string(suite);
  if (rest != suite && !rest.empty()) {
    std::string folder(rest);
    std::replace(folder.begin(), folder.end(), '_', '.');
    named.name = folder + "/" + std::string(test.name);
  }
}
// Meson's file has no mark of its own, but its attributes stand in one order alone; where the first suite is one that
// GoogleTest wrote, that has been renamed "project.test.Suite".
bool is_meson(const File& file) {
  const std::string_view suite = file.suite_name(), of = file.first_case.attribute("classname");
  std::string root;
  for (const auto& attribute : file.root.attributes()) root.append(attribute.name) += ' ';
  if (file.root.name() != "testsuites" || root != "tests errors failures ") return false;
  if (contains(suite, " / ") || contains(file.first_case.attribute("name"), " / ")) return true;
  if (of.empty()) return false;
  if (file.suite_attributes == "name tests errors failures skipped time") return of == suite;
  return file.suite_attributes.starts_with("name tests failures disabled ") && suite.ends_with("." + std::string(of));
}
// Tests inside a test stand in a suite named by project and test; its class is the inner suite's, and only the suite
// has a time.
bool is_inside_meson(const Case& test) {
  return test.class_name == test.suite && !test.node.has("time");
}
void meson_name(const Case& test, Named& named) {
  named.suite = std::string(test.suite);
}
Told meson(const Case& test) {
  if (test.says("Test unexpected passed")) return xpass;
  if (test.says("Test did not finish before configured timeout")) return timeout;
  if (test.says("Test was interrupted by user")) return missing;
  // An explanation comes from a directive alone: a pass that has one is a to-do that failed as expected.
  if (test.troubles.empty() && !test.is_skipped && is_inside_meson(test) && !test.output().empty()) return xfail;
  return std::nullopt;
}
// Why Meson calls a TAP test whose points all held an error; nothing where it does not. The suite keeps what the
// program wrote, and behind it how it ended.
std::string meson_error(const SuiteEnd& suite) {
  constexpr std::string_view kExit = "(test program exited with status code ";
  if (contains(suite.error_output, kExit)) return std::string(suite.error_output);
  TestReport written;
  find_format("tap").read({suite.output, {}}, written);
  for (const auto& why : written.incomplete)
    if (why.starts_with("planned ") || why.starts_with("the run was given up")) return why;
  return {};
}
// The test that the others are inside of: red where one of them is, or where the program itself was no success.
void meson_suite(const SuiteEnd& suite, TestReport& report) {
  if (suite.first == report.results.size()) return;
  const std::size_t slash = suite.path.find(" / "), dot = suite.path.find('.');
  const bool is_library = suite.tag.has("timestamp");  // GoogleTest's own
  const bool is_named = slash != std::string::npos;
  if (!is_named && (dot == std::string::npos || (!is_library && report.results[suite.first].seconds))) return;
  Outcome worst = pass;
  for (std::size_t at = suite.first; at < report.results.size(); ++at) {
    const Outcome outcome = report.results[at].outcome;
    if (is_failure(outcome) || outcome == xpass) worst = fail;
  }
  const std::string why = worst == pass && !is_library ? meson_error(suite) : std::string();
  ReportBuilder(report).add(suite.path.substr(0, is_named ? slash : dot),
                            suite.path.substr(is_named ? slash + 3 : dot + 1), why.empty() ? worst : error,
                            seconds_of(suite.tag.attribute("time")), why);
}
Told kyua(const Case& test) {
  const std::string_view err = test.node.child_text("system-err");
  if (test.troubles.empty() && !test.is_skipped && contains(err, "Expected failure result details")) return xfail;
  if (test.says("timed out")) return timeout;
  if (test.says("signal ") || test.says("Premature exit")) return crash;
  if (test.says("was expecting a failure but none occurred") || test.says("expecting a failure but none")) return xpass;
  return std::nullopt;
}
// Criterion's totals of failures hold the errors, too; a set-up that failed is a crash, and nothing tells them apart.
Told criterion(const Case& test) {
  if (test.status == "ERRORED" && test.says("timed out")) return timeout;
  return std::nullopt;
}
void nim_name(const Case& test, Named& named) {
  named.suite = std::string(test.suite);
}

}  // namespace

std::vector<Dialect> native_dialects() {
  return {
      {"qttest",
       [](const File& file) { return file.has_property("QTestVersion") || file.has_property("QtVersion"); },
       qttest,
       qttest_name,
       {xfail, skip, missing}},
      // CPython's regrtest took GoogleTest's attributes over, and tells errors from failures.
      {"regrtest",
       [](const File& file) {
         return file.first_suite.has("start") && file.first_case.attribute("result") == "completed";
       },
       nullptr,
       nullptr,
       {flaky, xfail, xpass, missing, timeout, crash}},
      {"googletest",
       [](const File& file) {
         return file.root_name() == "AllTests" || file.first_case.attribute("result") == "completed";
       },
       googletest,
       nullptr,
       // Each round of --gtest_repeat writes over what the former left.
       {error, missing, skip, flaky, fail}},
      {"catch2",
       [](const File& file) {
         return file.first_suite.attribute("hostname") == "tbd" ||
                file.first_case.attribute("classname").ends_with(".global");
       },
       catch2,
       nullptr,
       {xpass, missing, fail, skip},
       false,
       catch2_finish,
       nullptr,
       nullptr,
       catch2_may_fail},
      {"doctest",
       [](const File& file) { return file.first_suite.has("doctest_version"); },
       doctest,
       doctest_name,
       {xfail, xpass, missing, timeout, fail}},
      {"ctest",
       [](const File& file) { return contains(file.suite_attributes, "disabled skipped hostname"); },
       ctest,
       nullptr,
       // A program that may not be executed is "fail"; of several tries (--repeat) the last one is told.
       {timeout, crash, xfail, xpass, error, flaky}},
      {"criterion",
       [](const File& file) { return file.root_name() == "Criterion Tests"; },
       criterion,
       nullptr,
       {xfail, xpass, missing, error, flaky},
       false,
       nullptr,
       nullptr,
       nullptr,
       nullptr,
       Dialect::Totals::of_errors_once_more},
      // What set-up and tear-down check fails the test like its own checks.
      {"cpputest",
       [](const File& file) {
         return file.suite_attributes == "errors failures hostname name tests time timestamp" &&
                file.first_case.has("assertions") && file.first_case.has("line");
       },
       nullptr,
       nullptr,
       {error, xfail, xpass, missing, flaky, timeout, crash}},
      {"boost-test",
       [](const File& file) {
         return file.first_suite.attribute("id") == "0" && file.first_case.has("assertions") &&
                !file.first_case.has("status") && !file.first_suite.has("package");
       },
       boost_test,
       nullptr,
       // What stands behind one that ended the run is skipped, and so is what needs one that failed.
       {xpass, missing}},
      {"cmocka",
       [](const File& file) { return file.suite_attributes == "name time tests failures errors skipped"; },
       cmocka,
       nullptr,
       {missing, xfail}},
      {"meson",
       is_meson,
       meson,
       meson_name,
       {xfail, xpass, timeout, crash, error, fail, missing},
       false,
       nullptr,
       nullptr,
       meson_suite},
      {"lit",
       [](const File& file) {
         const std::string_view suite = file.suite_name(), of = file.first_case.attribute("classname");
         return file.suite_attributes == "name tests failures skipped" && of.starts_with(suite);
       },
       lit,
       lit_name,
       {flaky, xfail, xpass}},
      {"kyua",
       [](const File& file) { return file.has_property("cwd") && file.suite_attributes.empty(); },
       kyua,
       nullptr,
       {}},
      {"nim",
       [](const File& file) {
         // Nothing but names, and times with eight digits behind the point.
         const std::string_view time = file.first_case.attribute("time");
         const std::size_t point = time.find('.');
         return file.suite_attributes == "name" && file.first_case.attribute("classname").empty() &&
                point != std::string_view::npos && time.size() - point == 9;
       },
       nullptr,
       nim_name,
       {missing}},
  };
}

}  // namespace resident::ci::junit
