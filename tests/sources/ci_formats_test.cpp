// What holds for every form of test results, beside the real files in tests/results.
#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <set>
#include <sources/ci/automake_files.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/same_run.hpp>
#include <sources/ci/unexpected_pass.hpp>
#include <sources/gitlab/gitlab_objects.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::ci {
namespace {

TEST(TestReports, AReportThatIsCutOffKeepsWhatItHasAndSaysSo) {
  const TestReport report = read_report(
      "<testsuites><testsuite name=\"a\" tests=\"3\"><testcase classname=\"a\" name=\"one\" time=\"0.5\"/>"
      "<testcase classname=\"a\" name=\"two\"><failure mess");
  ASSERT_GE(report.results.size(), 1u);
  EXPECT_EQ(report.results.front().name, "one");
  EXPECT_EQ(report.results.front().seconds, 0.5);
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(TestReports, TotalsThatDoNotAddUpAreTold) {
  const TestReport report = read_report("<testsuite name=\"a\" tests=\"5\"><testcase name=\"one\"/></testsuite>");
  ASSERT_EQ(report.incomplete.size(), 1u);
  EXPECT_NE(report.incomplete.front().find("5"), std::string::npos);
}

// What each tool writes where it ran nothing.
TEST(TestReports, WhatHasNoTestIsIncomplete) {
  const std::string trx_end = "<ResultSummary outcome=\"Completed\"><Counters total=\"0\"/></ResultSummary></TestRun>";
  for (const std::string& bytes : std::vector<std::string>{
           "<testsuites/>",
           "<testsuites tests=\"0\"><testsuite name=\"pytest\" errors=\"0\" failures=\"0\" tests=\"0\"/></testsuites>",
           "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\">" + trx_end,
           "<assemblies><assembly name=\"a.dll\" total=\"0\" errors=\"0\"/></assemblies>",
           "<test-run testcasecount=\"0\" result=\"Inconclusive\"/>",
           "<Site Generator=\"ctest-3.25\"><Testing><TestList/><EndTestTime>2</EndTestTime></Testing></Site>",
           "<testng-results total=\"0\"><suite name=\"s\"/></testng-results>",
           "<robot generator=\"Robot\"><suite name=\"S\"/><statistics/></robot>",
           "<TestLog></TestLog>",
           "<Catch2TestRun name=\"t\"><OverallResultsCases successes=\"0\" failures=\"0\"/></Catch2TestRun>",
           "<doctest binary=\"t\"><OverallResultsTestCases successes=\"0\" failures=\"0\" skipped=\"4\"/></doctest>",
           "<TestRun><FailedTests/><SuccessfulTests/><Statistics><Tests>0</Tests></Statistics></TestRun>",
           "<unittest-results tests=\"0\"/>",
           "{\"Action\":\"start\",\"Package\":\"p\"}\n{\"Action\":\"skip\",\"Package\":\"p\",\"Elapsed\":0}\n",
           "{\"Action\":\"start\",\"Package\":\"p\"}\n{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"testing: "
           "warning: "
           "no tests to run\\n\"}\n{\"Action\":\"pass\",\"Package\":\"p\",\"Elapsed\":0}\n",
           "{\"numFailedTests\":0,\"numTotalTests\":0,\"testResults\":[],\"success\":true}",
           "{\"stats\":{\"suites\":0,\"tests\":0,\"passes\":0,\"pending\":0,\"failures\":0},\"tests\":[],\"pending\":[]"
           "}",
           "{\"version\":\"3.12\",\"examples\":[],\"summary\":{\"example_count\":0}}",
           "{\"tests\":0,\"failures\":0,\"disabled\":0,\"testsuites\":[]}",
           "{\"results\":{\"tool\":{\"name\":\"jest\"},\"summary\":{\"tests\":0,\"passed\":0,\"failed\":0,\"other\":0},"
           "\"tests\":[]"
           "}}",
           "{\"type\":\"suite\",\"event\":\"started\",\"test_count\":0}\n"
           "{\"type\":\"suite\",\"event\":\"ok\",\"passed\":0,\"failed\":0,\"ignored\":0}\n",
           "TAP version 13\n1..0\n",
           "TAP version 14\n",
           "\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
           "[==========] Running 0 tests from 0 test suites.\n[==========] 0 tests from 0 test suites ran. (0 ms "
           "total)\n"
           "[  PASSED  ] 0 tests.\n",
       }) {
    SCOPED_TRACE(bytes);
    const TestReport report = read_report(bytes);
    EXPECT_TRUE(report.results.empty()) << bytes;
    ASSERT_FALSE(report.incomplete.empty()) << bytes;
  }
}

TEST(TestReports, WhatCountsMoreTestsThanItShowsIsIncomplete) {
  const std::string trx_result =
      "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>"
      "<UnitTestResult testId=\"1\" testName=\"t\" outcome=\"Passed\"/></Results>";
  const std::vector<std::pair<std::string, std::string>> cases{
      {trx_result + "<ResultSummary outcome=\"Completed\"><Counters total=\"@\"/></ResultSummary></TestRun>",
       "the run"},
      {"<assemblies><assembly name=\"a.dll\" total=\"@\"><collection><test name=\"t\" type=\"C\" result=\"Pass\"/>"
       "</collection></assembly></assemblies>",
       "an assembly"},
      {"<test-run testcasecount=\"@\"><test-case name=\"t\" result=\"Passed\"/></test-run>", "the run"},
      {"<testng-results passed=\"@\" failed=\"0\" skipped=\"0\" total=\"9\"><suite name=\"s\"><test name=\"t\">"
       "<class name=\"C\"><test-method name=\"a\" status=\"PASS\"/></class></test></suite></testng-results>",
       "the run"},
      {"<robot generator=\"Robot\"><suite name=\"S\"><test name=\"T\"><status status=\"PASS\"/></test></suite>"
       "<statistics><total><stat pass=\"@\" fail=\"0\" skip=\"0\">All Tests</stat></total></statistics></robot>",
       "the run"},
      {"<Catch2TestRun name=\"t\"><TestCase name=\"a\"><OverallResult success=\"true\"/></TestCase>"
       "<OverallResultsCases successes=\"@\" failures=\"0\" expectedFailures=\"0\"/></Catch2TestRun>",
       "the run"},
      {"<doctest binary=\"t\"><TestSuite><TestCase name=\"a\"><OverallResultsAsserts test_case_success=\"true\"/>"
       "</TestCase></TestSuite><OverallResultsTestCases successes=\"@\" failures=\"0\"/></doctest>",
       "the run"},
      {"<TestRun><FailedTests/><SuccessfulTests><Test id=\"1\"><Name>A::b</Name></Test></SuccessfulTests>"
       "<Statistics><Tests>@</Tests></Statistics></TestRun>",
       "the run"},
      {"{\"numFailedTests\":0,\"numTotalTests\":@,\"success\":true,\"testResults\":[{\"name\":\"a\",\"status\":"
       "\"passed\","
       "\"assertionResults\":[{\"title\":\"t\",\"status\":\"passed\"}]}]}",
       "the run"},
      {"{\"stats\":{\"suites\":1,\"tests\":@,\"passes\":1,\"pending\":0,\"failures\":0},"
       "\"tests\":[{\"title\":\"a\",\"fullTitle\":\"s a\",\"err\":{}}],\"pending\":[]}",
       "the run"},
      {"{\"version\":\"3.12\",\"examples\":[{\"full_description\":\"a\",\"status\":\"passed\",\"file_path\":\"./a\"}],"
       "\"summary\":{\"example_count\":@}}",
       "the run"},
      {"{\"config\":{\"rootDir\":\"/r\"},\"suites\":[{\"file\":\"a\",\"specs\":[{\"title\":\"t\",\"tests\":"
       "[{\"expectedStatus\":\"passed\",\"results\":[{\"status\":\"passed\",\"duration\":1}]}]}]}],"
       "\"stats\":{\"expected\":@,\"unexpected\":0,\"flaky\":0,\"skipped\":0}}",
       "the run"},
      {"{\"exitcode\":0,\"collectors\":[],\"summary\":{\"total\":@},\"tests\":[{\"nodeid\":\"a.py::t\",\"outcome\":"
       "\"passed\"}]}",
       "the run"},
      {"{\"type\":\"suite\",\"event\":\"started\",\"test_count\":1}\n{\"type\":\"test\",\"event\":\"started\",\"name\":"
       "\"a\"}\n"
       "{\"type\":\"test\",\"name\":\"a\",\"event\":\"ok\"}\n"
       "{\"type\":\"suite\",\"event\":\"ok\",\"passed\":@,\"failed\":0,\"ignored\":0}\n",
       "the run"},
      {"Test run by r on Mon Jan  1 00:00:00 2026\nNative configuration is x\nRunning a.exp ...\nPASS: a\n\n\t\t=== x "
       "Summary ===\n\n# of expected passes\t\t@\n",
       "the summary"},
      {"PASS: a\n====\nTestsuite summary for x\n====\n# TOTAL: @\n# PASS:  1\n", "the summary"},
  };
  for (const auto& [text, of] : cases) {
    const auto why = [&, form = text](const std::string& count) {
      std::string bytes = form;
      bytes.replace(bytes.find('@'), 1, count);
      const TestReport report = read_report(bytes);
      EXPECT_EQ(report.results.size(), 1u) << bytes;
      return report.incomplete.empty() ? std::string() : report.incomplete.front();
    };
    EXPECT_EQ(why("1"), "") << text;
    EXPECT_EQ(why("3"), of + " says it has 3 tests, and shows 1") << text;
  }
}

TEST(TestReports, ARunThatFailedOutsideOfItsTestsIsNotGreen) {
  const std::string trx =
      "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>"
      "<UnitTestResult testId=\"1\" testName=\"t\" outcome=\"@\"/></Results><ResultSummary outcome=\"Failed\">"
      "<RunInfos><RunInfo outcome=\"Error\"><Text>Test host process crashed</Text></RunInfo></RunInfos>"
      "</ResultSummary></TestRun>";
  const auto with = [&](const std::string& outcome) {
    std::string bytes = trx;
    return read_report(bytes.replace(bytes.find('@'), 1, outcome)).incomplete;
  };
  EXPECT_EQ(with("Passed"),
            std::vector<std::string>{"the run failed, and no test shown did: Test host process crashed"});
  EXPECT_TRUE(with("Failed").empty()) << "adapters write each failure there, too";
  const TestReport xunit = read_report(
      "<assemblies><assembly name=\"a.dll\" total=\"1\" errors=\"2\"><errors/><collection><test name=\"t\" type=\"C\" "
      "result=\"Pass\"/></collection></assembly></assemblies>");
  EXPECT_EQ(xunit.incomplete, std::vector<std::string>{"an assembly counts 2 errors outside of tests, and shows 0"});
  const TestReport nunit = read_report(
      "<test-run testcasecount=\"0\" result=\"Failed\"><test-suite type=\"Assembly\" fullname=\"a.dll\" "
      "runstate=\"NotRunnable\" result=\"Failed\" label=\"Invalid\"><reason><message>File not found</message></reason>"
      "</test-suite></test-run>");
  ASSERT_EQ(nunit.results.size(), 1u);
  EXPECT_EQ(nunit.results.front().outcome, Outcome::error);
  EXPECT_EQ(nunit.results.front().message, "File not found");
}

TEST(TestReports, APackageOfGoThatHasNoEndOrFailsBesideItsTestsIsTold) {
  const std::string begun =
      "{\"Action\":\"start\",\"Package\":\"p\"}\n{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n"
      "{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"TestA\",\"Elapsed\":0}\n";
  EXPECT_EQ(read_report(begun).incomplete,
            std::vector<std::string>{"a package was begun and has no end: the run was killed"});
  EXPECT_TRUE(read_report(begun + "{\"Action\":\"pass\",\"Package\":\"p\",\"Elapsed\":1}\n").incomplete.empty());
  const TestReport red = read_report(begun + "{\"Action\":\"fail\",\"Package\":\"p\",\"Elapsed\":1}\n");
  ASSERT_EQ(red.results.size(), 2u);
  EXPECT_EQ(red.results[1].name, "p");
  EXPECT_EQ(red.results[1].outcome, Outcome::error);
  EXPECT_EQ(red.results[1].message, "the package failed, and no test of it did");
}

TEST(TestReports, AvasPlanIsHeldAgainstWhatCame) {
  const auto why = [](const std::string& plan) {
    const TestReport report = read_report("TAP version 13\nok 1 - a › one\nok 2 - a › two\n\n1.." + plan +
                                          "\n# tests " + plan + "\n# pass " + plan + "\n# fail 0\n");
    return report.incomplete.empty() ? std::string() : report.incomplete.front();
  };
  EXPECT_EQ(why("2"), "");
  EXPECT_EQ(why("5"), "planned 5, there are 2");
  EXPECT_EQ(why("1"), "planned 1, there are 2");
}

TEST(TestReports, FailuresThatAreCountedAndNotShownAreTold) {
  const std::string cases = "<testcase name=\"one\"/><testcase name=\"two\"><failure message=\"m\"/></testcase>";
  const auto why = [&](const std::string& head, const std::string& tail) {
    const auto report = read_report(head + cases + tail);
    return report.incomplete.empty() ? std::string() : report.incomplete.front();
  };
  EXPECT_EQ(why("<testsuite name=\"a\" tests=\"2\" failures=\"1\">", "</testsuite>"), "");
  EXPECT_EQ(why("<testsuite name=\"a\" tests=\"2\" failures=\"1\" errors=\"1\">", "</testsuite>"),
            "a: says 2 failed, and shows 1");
  EXPECT_EQ(why("<testsuites failures=\"3\"><testsuite name=\"a\" failures=\"1\">", "</testsuite></testsuites>"),
            "the report: says 3 failed, and shows 1");
  EXPECT_EQ(why("<testsuites tests=\"5\"><testsuite name=\"a\" tests=\"2\">", "</testsuite></testsuites>"),
            "the report: says it has 5 tests, and shows 2");
}

TEST(TestReports, WhatCatch2CountsAsFailedAndDoesNotShowIsTold) {
  const auto why = [&](const std::string& failures, const std::string& cases) {
    const auto report = read_report("<testsuites><testsuite name=\"t\" errors=\"0\" failures=\"" + failures +
                                    "\" tests=\"9\" hostname=\"tbd\">" + cases + "</testsuite></testsuites>");
    return report.incomplete.empty() ? std::string() : report.incomplete.front();
  };
  const std::string failed = "<testcase classname=\"t.global\" name=\"a\"><failure type=\"CHECK\"/></testcase>";
  const std::string may_fail =
      "<testcase classname=\"t.global\" name=\"b\"><skipped message=\"TEST_CASE tagged with !mayfail\"/>"
      "<failure type=\"CHECK\"/></testcase>";
  EXPECT_EQ(why("1", failed + may_fail), "");
  EXPECT_EQ(why("2", failed + may_fail), "t: says 2 failed, and shows 1");
  EXPECT_EQ(why("1", ""), "t: says 1 failed, and shows 0");
}

TEST(TestReports, ARunThatFailedWithoutARedTestIsIncomplete) {
  const auto report = read_report(
      "{\"numTotalTests\":1,\"numFailedTests\":0,\"success\":false,\"testResults\":[{\"name\":\"/p/a.test.js\","
      "\"status\":\"passed\",\"message\":\"\",\"assertionResults\":[{\"ancestorTitles\":[],\"title\":\"x\","
      "\"status\":\"passed\",\"failureMessages\":[]}]}]}");
  ASSERT_EQ(report.incomplete.size(), 1u);
  EXPECT_EQ(report.incomplete.front(), "the run failed, and no test shown did");
}

// name: outcome, in order.
std::string told(const TestReport& report) {
  std::string text;
  for (const auto& result : report.results)
    text += (result.suite.empty() ? "" : result.suite + "/") + result.name + ":" +
            std::string(outcome_name(result.outcome)) + " ";
  return text;
}

TEST(TestReports, SubtestsOfTapInBracesAndUnderTheirPlan) {
  EXPECT_EQ(
      told(read_report("TAP version 14\n1..2\n    # Subtest: file\n    1..1\n    ok 1 - works\nok 1 - file\n"
                       "ok 2 - other {\n    1..2\n    not ok 1 - nested # TODO later\n    ok 2 - open # TODO\n}\n")),
      "file/works:pass file:pass other:pass other/nested:xfail other/open:skip ");
  // A subtest's plan behind its results is no message of the last one's.
  const auto report = read_report("TAP version 14\n# Subtest: o\n    not ok 1 - a\n    1..1\nnot ok 1 - o\n1..1\n");
  EXPECT_EQ(report.results.front().message, "");
}

TEST(TestReports, ALineOfPytestsMayHoldNoName) {
  const auto report = read_report(
      "=========== test session starts ===========\ncollected 1 item\n\na.py F\n\n______________________\n"
      "=========== short test summary info ===========\nFAILED a.py::b - x\n=========== 1 failed in 0.1s "
      "===========\n");
  EXPECT_EQ(report.results.size(), 1u);
}

TEST(TestReports, NumbersOfTapMustBeThePlans) {
  EXPECT_TRUE(read_report("1..2\nok 2 - b\nok 1 - a\n").incomplete.empty());
  EXPECT_FALSE(read_report("1..2\nok 1 - a\nok 1 - b\n").incomplete.empty());
  EXPECT_FALSE(read_report("1..3\nok 1 - a\nok 3 - c\nnot ok\n").incomplete.empty());
}

TEST(TestReports, ANameOfBatsMayHoldATodo) {
  EXPECT_EQ(
      told(read_report("1..1\nnot ok 1 finds # TODO comments\n# (in test file a.bats, line 1)\n#   `false' failed\n")),
      "finds # TODO comments:fail ");
}

TEST(TestReports, WhereAnExpressionDecidesTheExitValueSaysNothing) {
  const std::string head =
      "<?xml version=\"1.0\"?><Site BuildName=\"b\" Name=\"n\" Generator=\"ctest-3.25.1\"><Testing><Test "
      "Status=\"passed\"><Name>t</Name><Results><NamedMeasurement type=\"text/string\" name=\"Exit "
      "Value\"><Value>3</Value></NamedMeasurement>";
  const std::string reason =
      "<NamedMeasurement type=\"text/string\" name=\"Pass Reason\"><Value>Required regular expression "
      "found.</Value></NamedMeasurement>";
  const std::string tail = "</Results></Test><EndTestTime>1</EndTestTime></Testing></Site>";
  EXPECT_EQ(told(read_report(head + reason + tail)), "t:pass ");
  EXPECT_EQ(told(read_report(head + tail)), "t:xfail ");  // WILL_FAIL
}

TEST(TestReports, AutomakesResultsStandBeforeItsLogs) {
  const std::set<std::string> all{"b/a.log", "b/a.trs", "b/c.log", "b/test-suite.log", "d/test-suite.log", "d/e/x.trs"};
  EXPECT_EQ(told_by_trs("b/a.log", all), "b/a.trs");
  EXPECT_EQ(told_by_trs("b/test-suite.log", all), "b/a.trs");
  EXPECT_EQ(told_by_trs("b/c.log", all), "");
  EXPECT_EQ(told_by_trs("b/a.trs", all), "");
  EXPECT_EQ(told_by_trs("d/test-suite.log", all), "");
}

TEST(TestReports, OneRunInTwoFormsIsKnownHoweverNamesArePutTogether) {
  const TestReport tap = read_report(
      "not ok 1 writer \"before each\" hook for \"writes\"\n  no database\nok 1 reader reads\n# tests 2\n# pass 1\n"
      "# fail 1\n1..2\n");
  EXPECT_EQ(told(tap), "writer writes:error reader reads:pass ");
  EXPECT_TRUE(tap.incomplete.empty());
  const TestReport xunit = read_report(
      "<testsuite name=\"Mocha Tests\"><testcase classname=\"writer\" name=\"&#x22;before each&#x22; hook for "
      "&#x22;writes&#x22;\"><failure>no database</failure></testcase><testcase classname=\"reader\" name=\"reads\"/>"
      "</testsuite>");
  EXPECT_EQ(told(xunit), "writer/writes:error reader/reads:pass ");
  const RunNames tap_names(tap), xunit_names(xunit);
  EXPECT_TRUE(is_same_run(tap, tap_names, xunit, xunit_names));
  EXPECT_TRUE(is_same_run(xunit, xunit_names, tap, tap_names));
  EXPECT_FALSE(is_same_run(tap, tap_names, tap, tap_names));  // of one form
  EXPECT_NE(tells_more(tap, xunit), tells_more(xunit, tap));
  TestReport json = xunit;
  json.format = "mocha-json";
  EXPECT_NE(tells_more(json, xunit), tells_more(xunit, json));  // a tie is none
}

TEST(TestReports, AnUnexpectedPassIsRedWhereItsToolFailsByIt) {
  const auto is_red = [](const std::string& bytes) {
    const TestReport report = read_report(bytes, "a.trs");
    return !report.results.empty() && report.results.front().outcome == Outcome::xpass &&
           fails_by_unexpected_pass(report, report.results.front());
  };
  EXPECT_TRUE(is_red(":global-test-result: FAIL\n:test-result: XPASS\n"));
  EXPECT_TRUE(is_red("{\"name\": \"a\", \"stdout\": \"\", \"result\": \"UNEXPECTEDPASS\", \"returncode\": 0}\n"));
  EXPECT_FALSE(is_red("1..1\nok 1 - a # TODO later\n"));
}

TEST(TestReports, RoundsOfGoogleTestAreTries) {
  const std::string head = "[==========] Running 1 test from 1 test suite.\n[ RUN      ] A.b\n";
  const std::string tail = "[==========] 1 test from 1 test suite ran. (0 ms total)\n";
  const TestReport report =
      read_report("Repeating all tests (iteration 1) . . .\n\n" + head + "[  FAILED  ] A.b (0 ms)\n" + tail +
                  "Repeating all tests (iteration 2) . . .\n\n" + head + "[       OK ] A.b (0 ms)\n" + tail);
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results[0].outcome, Outcome::fail);
  EXPECT_EQ(report.results[0].attempts, (std::vector{Outcome::fail, Outcome::pass}));
  EXPECT_TRUE(report.incomplete.empty());
}

TEST(TestReports, NestedSuitesCountTheirTestsOnce) {
  const TestReport report = read_report(
      "<testsuites tests=\"2\"><testsuite name=\"a\" tests=\"2\"><testsuite name=\"b\" tests=\"1\"><testcase "
      "name=\"x\"/></testsuite>"
      "<testsuite name=\"c\" tests=\"1\"><testcase name=\"x\"/></testsuite></testsuite></testsuites>");
  EXPECT_EQ(report.results.size(), 2u);
  EXPECT_TRUE(report.incomplete.empty());
}

TEST(TestReports, TimesWithACommaAndBelowNoughtAreReadOrLeftOut) {
  const TestReport report = read_report(
      "<testsuite name=\"a\"><testcase name=\"x\" time=\"1,5\"/><testcase name=\"y\" time=\"-1\"/>"
      "<testcase name=\"z\" time=\"1,234.5\"/><testcase name=\"w\" time=\"soon\"/></testsuite>");
  ASSERT_EQ(report.results.size(), 4u);
  EXPECT_EQ(report.results[0].seconds, 1.5);
  EXPECT_FALSE(report.results[1].seconds);
  EXPECT_EQ(report.results[2].seconds, 1234.5);
  EXPECT_FALSE(report.results[3].seconds);
}

// Its totals count each try of a test as a test (SUREFIRE-1627).
TEST(TestReports, SurefiresTotalsCountTries) {
  const std::string test =
      "<testcase classname=\"A\" name=\"y\"><failure message=\"m\"/><rerunFailure message=\"m\"/><rerunFailure "
      "message=\"m\"/></testcase></testsuite>";
  EXPECT_TRUE(read_report("<testsuite name=\"a\" tests=\"3\" failures=\"3\">" + test).incomplete.empty());
  EXPECT_FALSE(read_report("<testsuite name=\"a\" tests=\"4\" failures=\"3\">" + test).incomplete.empty());
}

TEST(TestReports, SurefiresTriesAreKept) {
  const TestReport report = read_report(
      "<testsuite name=\"a\"><testcase classname=\"A\" name=\"x\" time=\"1\"><flakyFailure message=\"m\" "
      "type=\"t\"/></testcase>"
      "<testcase classname=\"A\" name=\"y\"><failure message=\"m\"/><rerunFailure "
      "message=\"m\"/></testcase></testsuite>");
  ASSERT_EQ(report.results.size(), 2u);
  EXPECT_EQ(report.results[0].outcome, Outcome::flaky);
  EXPECT_EQ(report.results[0].attempts, (std::vector{Outcome::fail, Outcome::pass}));
  EXPECT_EQ(report.results[1].outcome, Outcome::fail);
  EXPECT_EQ(report.results[1].attempts.size(), 2u);
}

TEST(TestReports, AnEntityIsNeverLookedUp) {
  const TestReport report = read_report(
      "<?xml version=\"1.0\"?><!DOCTYPE t [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><testsuite "
      "name=\"a\"><testcase name=\"&e;\"/></testsuite>");
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results.front().name, "&e;");
}

TEST(TestReports, TapPlansAreHeldAgainstTheResults) {
  const TestReport report = read_report("TAP version 13\n1..3\nok 1 - a\nnot ok 2 - b # TODO later\n");
  ASSERT_EQ(report.results.size(), 2u);
  EXPECT_EQ(report.results[1].outcome, Outcome::xfail);
  EXPECT_EQ(report.incomplete.size(), 1u);
}

TEST(TestReports, AHashBehindABackslashBeginsNoDirective) {
  const TestReport report = read_report("TAP version 14\nok 1 - fix \\# TODO marks\n1..1\n");
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results.front().name, "fix # TODO marks");
  EXPECT_EQ(report.results.front().outcome, Outcome::pass);
}

TEST(TestReports, APrintedLineMakesNoTestOfGo) {
  const TestReport report = read_report(
      "{\"Time\":\"2026-01-01T00:00:00Z\",\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n"
      "{\"Time\":\"2026-01-01T00:00:00Z\",\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"TestGhost\",\"Elapsed\":0}\n"
      "{\"Time\":\"2026-01-01T00:00:00Z\",\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA\",\"Output\":\"x--- "
      "PASS: TestA (0.25s)\\n\"}\n");
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results.front().outcome, Outcome::pass);
  EXPECT_EQ(report.results.front().seconds, 0.25);
}

TEST(TestReports, AKilledRegrtestNamesWhatWasGoingOn) {
  const TestReport report = read_report(
      "Using random seed 1\n0:00:00 load avg: 1.00 Run tests in parallel using 2 child processes\n"
      "0:00:01 load avg: 1.00 [1/3] test_a passed\n0:00:31 load avg: 1.00 running: test_b (30.1 sec)\n");
  ASSERT_EQ(report.results.size(), 2u);
  EXPECT_EQ(report.results[1].name, "test_b");
  EXPECT_EQ(report.results[1].outcome, Outcome::timeout);
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(TestReports, WhatIsNoReportIsSaidToBeNone) {
  EXPECT_THROW(read_report("hello"), Error);
  EXPECT_THROW(read_report(""), Error);
  EXPECT_THROW(read_report("<html><body/></html>"), Error);
}

TEST(TestReports, HalfATestCaseIsNoPass) {
  const TestReport report = read_report(
      "<testsuite name=\"a\"><testcase name=\"one\"/><testcase name=\"two\"><failure message=\"odd\">text</failure>"
      "<system-out>and th");
  ASSERT_EQ(report.results.size(), 2u);
  EXPECT_EQ(report.results[1].outcome, Outcome::fail);
  EXPECT_FALSE(report.incomplete.empty());
  const TestReport cut =
      read_report("<testsuite name=\"a\"><testcase name=\"one\"/><testcase name=\"two\"><system-out>and");
  EXPECT_EQ(cut.results.size(), 1u);
}

TEST(TestReports, WhatIsNoXmlCostsNoMoreThanItself) {
  const TestReport report = read_report(
      "<testsuite name=\"a\"><testcase name=\"one\"><failure message=\"m\">if a < b && c</failure></testcase>"
      "<testcase name=unquoted/><testcase name=\"three\"/></testsuite>");
  ASSERT_GE(report.results.size(), 2u);
  EXPECT_EQ(report.results.front().outcome, Outcome::fail);
  EXPECT_EQ(report.results.back().name, "three");
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(TestReports, SuitesNestedWithoutEndAreBounded) {
  std::string deep = "<testsuites>";
  for (int n = 0; n < 100000; ++n) deep += "<testsuite name=\"s\">";
  const TestReport report = read_report(deep + "<testcase name=\"x\"/>");
  EXPECT_TRUE(report.results.empty());
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(TestReports, EncodingsAreReadAsDeclared) {
  const TestReport latin = read_report(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><testsuite name=\"a\"><testcase name=\"caf\xE9\"/></testsuite>");
  ASSERT_EQ(latin.results.size(), 1u);
  EXPECT_EQ(latin.results.front().name, "café");
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("TAP version 13\n1..1\nok 1 - good\n")) wide += std::string{c, '\0'};
  const TestReport tap = read_report(wide);
  ASSERT_EQ(tap.results.size(), 1u);
  EXPECT_EQ(tap.results.front().name, "good");
}

TEST(TestReports, NamesThatStandAgainAndControlCharactersAreToldApart) {
  const TestReport report = read_report(
      "<testsuite name=\"a\"><testcase name=\"x\"/><testcase name=\"x\"/><testcase name=\"x\"/>"
      "<testcase name=\"red \x1b[31m\"/><testcase name=\"red &#xFFFD;[32m\"/></testsuite>");
  ASSERT_EQ(report.results.size(), 5u);
  EXPECT_EQ(report.results[1].name, "x #2");
  EXPECT_EQ(report.results[2].name, "x #3");
  EXPECT_EQ(report.results[3].name, "red \\x1b[31m");
  EXPECT_EQ(report.results[4].name, "red \\x1b[32m");
}

TEST(TestReports, AnUnknownToolIsNotTrustedWithMarksItNeverMade) {
  const TestReport report = read_report("<testsuite name=\"a\"><testcase name=\"x\"/></testsuite>");
  for (const Outcome each : {Outcome::flaky, Outcome::timeout, Outcome::crash, Outcome::error, Outcome::skip})
    EXPECT_NE(std::find(report.cannot_tell.begin(), report.cannot_tell.end(), each), report.cannot_tell.end());
}

TEST(TestReports, AnExceptionThatIsNoCheckIsAnError) {
  const TestReport report = read_report(
      "<testsuite name=\"a\"><testcase name=\"x\"><failure type=\"java.lang.IllegalStateException\" message=\"odd\"/>"
      "</testcase><testcase name=\"y\"><failure type=\"org.opentest4j.AssertionFailedError\" "
      "message=\"odd\"/></testcase>"
      "</testsuite>");
  ASSERT_EQ(report.results.size(), 2u);
  EXPECT_EQ(report.results[0].outcome, Outcome::error);
  EXPECT_EQ(report.results[1].outcome, Outcome::fail);
}

TEST(TestReports, ALineOfJsonThatIsCutOffIsReadAsFarAsItGoes) {
  const TestReport report = read_report(
      "{ \"type\": \"suite\", \"event\": \"started\", \"test_count\": 1 }\n"
      "{ \"type\": \"test\", \"name\": \"a::b\", \"event\": \"failed\", \"stdout\": \"thread panicked at");
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results.front().outcome, Outcome::fail);
  EXPECT_FALSE(report.incomplete.empty());
}

// A job that left a report of nothing, and one whose cases are not all there.
TEST(TestReports, SuitesOfGitLabThatHaveNoTestAreIncomplete) {
  json::Parser parser;
  const std::string one = R"({"name": "test_a", "classname": "c", "status": "success"})";
  const std::string text = R"({"test_suites": [{"name": "empty", "total_count": 0, "test_cases": []},
    {"name": "part", "total_count": 3, "test_cases": [)" +
                           one + R"(]},
    {"name": "whole", "total_count": 1, "test_cases": [)" +
                           one + "]}]}";
  const auto runs = gitlab::test_report(json::Object(json::parse(parser, text), "report"), {});
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].incomplete, "it has no test");
  EXPECT_EQ(runs[1].incomplete, "it says it has 3 tests, and shows 1");
  EXPECT_EQ(runs[2].incomplete, "");
}

TEST(TestReports, APackageOfGoMayFailOutsideOfItsTests) {
  const auto event = [](const std::string& action, const std::string& package, const std::string& rest = "") {
    return "{\"Action\":\"" + action + "\",\"Package\":\"" + package + "\"" + rest + "}\n";
  };
  const std::string test = ",\"Test\":\"TestA\"";
  // Go 1.19: a panic in init(), and a TestMain that ends with 1 after all of its tests passed.
  const TestReport report = read_report(
      event("output", "ini", ",\"Output\":\"panic: no valve\\n\\ngoroutine 1 [running]:\\nini.init.0()\\n\"") +
      event("fail", "ini") + event("run", "leak", test) + event("pass", "leak", test) + event("fail", "leak") +
      event("run", "well", test) + event("pass", "well", test) + event("pass", "well"));
  EXPECT_EQ(told(report), "leak/TestA:pass well/TestA:pass ini:error leak:error ");
  EXPECT_TRUE(report.results[2].message.starts_with("panic: no valve"));
  EXPECT_TRUE(report.incomplete.empty());
  const TestReport text = read_report(
      "=== RUN   TestFull\n--- PASS: TestFull (0.00s)\nPASS\nleak: 2 goroutines\nexit status 1\nFAIL\tm/leak\t0.004s\n"
      "panic: no valve\n\ngoroutine 1 [running]:\nm/ini.init.0()\nFAIL\tm/ini\t0.004s\n=== RUN   TestB\n"
      "--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tm/b\t0.1s\nFAIL\tm/broken [build failed]\nok  \tm/well\t0.004s\nFAIL\n");
  EXPECT_EQ(told(text), "m/broken:error m/leak/TestFull:pass m/b/TestB:fail m/ini:error m/leak:error ");
  EXPECT_TRUE(text.incomplete.empty());
}

TEST(TestReports, ATestOfGoThatPanickedDidNotPass) {
  // Go 1.14 (golang/go#37555) says so, and ends no package. Another package's failure says nothing of it.
  const std::string panicked =
      "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n"
      "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA\",\"Output\":\"panic: late\\n\\ngoroutine 7 "
      "[running]:\\n\"}\n{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"TestA\"}\n";
  const TestReport report = read_report(panicked);
  EXPECT_EQ(told(report), "p/TestA:error ");
  EXPECT_EQ(report.incomplete, std::vector<std::string>{"a package was begun and has no end: the run was killed"});
  EXPECT_EQ(told(read_report(panicked + "{\"Action\":\"pass\",\"Package\":\"p\"}\n")), "p/TestA:pass ")
      << "it printed what it had recovered from";
  const TestReport open = read_report(
      "{\"Action\":\"run\",\"Package\":\"a\",\"Test\":\"TestA\"}\n{\"Action\":\"run\",\"Package\":\"b\",\"Test\":"
      "\"TestB\"}\n{\"Action\":\"fail\",\"Package\":\"b\"}\n");
  EXPECT_EQ(told(open), "b/TestB:crash ");
  EXPECT_FALSE(open.incomplete.empty());
  EXPECT_FALSE(read_report("=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n").incomplete.empty());
  EXPECT_TRUE(read_report("=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\n").incomplete.empty());
}

TEST(TestReports, ABuildOfGoThatFailedIsOneFailure) {
  const std::string build =
      "{\"ImportPath\":\"m/a [m/a.test]\",\"Action\":\"build-output\",\"Output\":\"a.go:7: undefined\\n\"}\n"
      "{\"ImportPath\":\"m/a [m/a.test]\",\"Action\":\"build-fail\"}\n";
  const std::string rest =
      "{\"Action\":\"run\",\"Package\":\"m/b\",\"Test\":\"TestB\"}\n{\"Action\":\"pass\",\"Package\":"
      "\"m/b\",\"Test\":\"TestB\"}\n{\"Action\":\"pass\",\"Package\":\"m/b\"}\n";
  // Go 1.24.
  EXPECT_EQ(told(read_report(build +
                             "{\"Action\":\"start\",\"Package\":\"m/a\"}\n{\"Action\":\"fail\",\"Package\":\"m/a\","
                             "\"FailedBuild\":\"m/a [m/a.test]\"}\n" +
                             rest)),
            "m/a:error m/b/TestB:pass ");
  EXPECT_EQ(told(read_report(build + rest)), "m/a:error m/b/TestB:pass ");
  // Go 1.19.
  EXPECT_EQ(told(read_report(rest + "FAIL\tm/a [build failed]\n")), "m/a:error m/b/TestB:pass ");
  EXPECT_EQ(told(read_report("FAIL\tm/a [build failed]\n" + rest)), "m/a:error m/b/TestB:pass ");
}

TEST(TestReports, RowsOfATrxCountAsVstestCountsThem) {
  const auto with = [](const std::string& total) {
    return read_report(
        "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results><UnitTestResult "
        "testId=\"1\" testName=\"Fill\" outcome=\"Passed\"><InnerResults><UnitTestResult testId=\"1\" "
        "testName=\"Fill (1)\" outcome=\"Passed\"/><UnitTestResult testId=\"1\" testName=\"Fill (2)\" "
        "outcome=\"Passed\"/></InnerResults></UnitTestResult></Results><ResultSummary outcome=\"Completed\"><Counters "
        "total=\"" +
        total + "\"/></ResultSummary></TestRun>");
  };
  EXPECT_TRUE(with("3").incomplete.empty());
  EXPECT_TRUE(with("1").incomplete.empty()) << "mstest.exe";
  EXPECT_FALSE(with("4").incomplete.empty());
  EXPECT_EQ(with("3").results.size(), 2u);
}

TEST(TestReports, ThousandsHaveCommasAndSoHaveDecimals) {
  const auto seconds = [](const std::string& first, const std::string& second) {
    const TestReport report = read_report("<testsuite name=\"a\"><testcase name=\"x\" time=\"" + first +
                                          "\"/><testcase name=\"y\" time=\"" + second + "\"/></testsuite>");
    return std::pair(report.results.at(0).seconds.value_or(-1), report.results.at(1).seconds.value_or(-1));
  };
  EXPECT_EQ(seconds("1,096", "0.412"), std::pair(1096.0, 0.412)) << "Surefire, SUREFIRE-2176";
  EXPECT_EQ(seconds("1,024.12", "2,001,096"), std::pair(1024.12, 2001096.0));
  EXPECT_EQ(seconds("1,096", "0,412"), std::pair(1.096, 0.412));
  EXPECT_EQ(seconds("1,096", "2"), std::pair(1.096, 2.0)) << "nothing says that it is not the decimal's";
  EXPECT_EQ(seconds("1,096", "12,26"), std::pair(1.096, 12.26));
  for (const std::string milliseconds : {"4,656", "4.656", "4'656",
                                         "4\xC2\xA0"
                                         "656",
                                         "4\xE2\x80\xAF"
                                         "656",
                                         "4656"}) {
    const TestReport report = read_report(
        "[==========] Running 1 test from 1 test suite.\n[ RUN      ] Pump.Fills\n[       OK ] Pump.Fills (" +
        milliseconds + " ms)\n[==========] 1 test from 1 test suite ran. (9 ms total)\n[  PASSED  ] 1 test.\n");
    EXPECT_EQ(report.results.at(0).seconds, 4.656) << milliseconds;
  }
}

}  // namespace
}  // namespace resident::ci
