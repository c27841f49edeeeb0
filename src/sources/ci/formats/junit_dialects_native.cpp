// The dialects of C's and C++'s test libraries and of build systems that write JUnit for programs of any language.
#include <algorithm>
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
// Catch2 counts [!mayfail] and [!shouldfail] that failed as skipped and failed at once.
Told catch2(const Case& test) {
  if (test.is_skipped && test.has_failure()) return xfail;
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
// ctest --output-junit says "fail" for a limit, a signal and a wrong exit code alike; what could not be started is
// "notrun".
Told ctest(const Case& test) {
  if (test.status == "disabled") return skip;
  if (test.status == "notrun" || test.is_skipped) {
    const std::string_view why = test.skip_message;
    if (contains(why, "Unable to find executable") || contains(why, "Fixture dependency failed") ||
        contains(why, "Required Files Missing") || contains(why, "Unable to find required file"))
      return error;
    return skip;
  }
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
// Tests inside a test stand in a suite named by project and test; its class is the inner suite's.
bool is_inside_meson(const Case& test) {
  return contains(test.suite, " / ") && test.class_name == test.suite;
}
void meson_name(const Case& test, Named& named) {
  if (contains(test.suite, " / ")) named.suite = std::string(test.suite);
}
Told meson(const Case& test) {
  if (test.says("Test unexpected passed")) return xpass;
  if (test.says("Test did not finish before configured timeout")) return timeout;
  if (test.says("Test was interrupted by user")) return missing;
  // An explanation comes from a directive alone: a pass that has one is a to-do that failed as expected.
  if (test.troubles.empty() && !test.is_skipped && is_inside_meson(test) && !test.output().empty()) return xfail;
  return std::nullopt;
}
// The test that the others are inside of: red where one of them is. What its exit status said is not in the file.
void meson_suite(const SuiteEnd& suite, TestReport& report) {
  const std::size_t slash = suite.path.find(" / ");
  if (slash == std::string::npos || suite.first == report.results.size()) return;
  Outcome worst = pass;
  double seconds = seconds_of(suite.tag.attribute("time")).value_or(-1);
  for (std::size_t at = suite.first; at < report.results.size(); ++at) {
    const Outcome outcome = report.results[at].outcome;
    if (is_failure(outcome) || outcome == xpass) worst = fail;
  }
  ReportBuilder(report).add(suite.path.substr(0, slash), suite.path.substr(slash + 3), worst,
                            seconds < 0 ? std::nullopt : std::optional(seconds));
}
Told kyua(const Case& test) {
  const std::string_view err = test.node.child_text("system-err");
  if (test.troubles.empty() && !test.is_skipped && contains(err, "Expected failure result details")) return xfail;
  if (test.says("timed out")) return timeout;
  if (test.says("signal ") || test.says("Premature exit")) return crash;
  if (test.says("was expecting a failure but none occurred") || test.says("expecting a failure but none")) return xpass;
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
       {error, missing, skip}},
      {"catch2",
       [](const File& file) {
         return file.first_suite.attribute("hostname") == "tbd" ||
                file.first_case.attribute("classname").ends_with(".global");
       },
       catch2,
       nullptr,
       {xpass, missing, fail, skip},
       false,
       catch2_finish},
      {"doctest",
       [](const File& file) { return file.first_suite.has("doctest_version"); },
       doctest,
       doctest_name,
       {xfail, xpass, missing, timeout, fail}},
      {"ctest",
       [](const File& file) { return contains(file.suite_attributes, "disabled skipped hostname"); },
       ctest,
       nullptr,
       {timeout, crash, xfail, xpass}},
      {"boost-test",
       [](const File& file) { return file.first_suite.attribute("id") == "0" && file.first_case.has("assertions"); },
       boost_test,
       nullptr,
       {xpass}},
      {"cmocka",
       [](const File& file) { return file.suite_attributes == "name time tests failures errors skipped"; },
       cmocka,
       nullptr,
       {missing, xfail}},
      {"meson",
       [](const File& file) {
         return contains(file.suite_name(), " / ") || contains(file.first_case.attribute("name"), " / ");
       },
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
