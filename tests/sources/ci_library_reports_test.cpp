// Reports of test libraries whose forms leave much to be told apart; real files of each are in tests/results.
#include <gtest/gtest.h>

#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <string>

namespace resident::ci {
namespace {

// suite/name:outcome, in order.
std::string told(const TestReport& report) {
  std::string text;
  for (const auto& result : report.results)
    text += (result.suite.empty() ? "" : result.suite + "/") + result.name + ":" +
            std::string(outcome_name(result.outcome)) + " ";
  return text;
}
bool hides(const TestReport& report, Outcome outcome) {
  return std::find(report.cannot_tell.begin(), report.cannot_tell.end(), outcome) != report.cannot_tell.end();
}

TEST(LibraryReports, TapBeginsBehindCommentsAndBehindWhatWasPrinted) {
  const auto glib = read_report(
      "# random seed: R02S00\n1..3\n# Start of a tests\nok 1 /a/x\nnot ok 2 /a/y - 1 is not 2\nok 3 /a/z # SKIP no "
      "bus\n");
  EXPECT_EQ(glib.tool, "glib");
  EXPECT_EQ(told(glib), "/a/x:pass /a/y:fail /a/z:skip ");
  EXPECT_EQ(glib.results[1].message, "1 is not 2");
  const auto behind = read_report("loading fonts\n1..2\nok 1 - x\nnot ok 2 - y\n");
  EXPECT_EQ(behind.format, "tap");
  EXPECT_EQ(told(behind), "x:pass y:fail ");
}

TEST(LibraryReports, TapOfLibrariesKeepsNamesApartFromTheRest) {
  const auto lua = read_report("1..3\nok     1\tT.a\nnot ok 2\tT.b\nok 3\t# SKIP later\n");
  EXPECT_EQ(told(lua), "T.a:pass T.b:fail (unnamed 3):skip ");
  EXPECT_TRUE(hides(lua, Outcome::skip));  // which one it was
  const auto crystal = read_report("ok 1 - a\nok 2 - # SKIP b c\n1..2\n");
  EXPECT_EQ(told(crystal), "a:pass b c:skip ");
  const auto lab = read_report("TAP version 13\n1..3\nok 1 (1) s a\nok 2 # SKIP (2) s b\nok 3 # TODO (3) s c\n");
  EXPECT_EQ(told(lab), "s a:pass s b:skip s c:skip ");
  const auto criterion = read_report(
      "TAP version 13\n1..3\n# Criterion v2.4.1\nok - s::a  (0.25s)\nnot ok - s::b timed out (2.00s)\n"
      "not ok - s::c unexpected signal after t.c:3\n");
  EXPECT_EQ(told(criterion), "s::a:pass s::b:timeout s::c:crash ");
  EXPECT_EQ(criterion.results[0].seconds, 0.25);
}

TEST(LibraryReports, HooksAndDeadFilesOfAvaAreNoTestsThatFailed) {
  const auto report = read_report(
      "TAP version 13\nok 1 - f › a\nnot ok 2 - f › b\n  ---\n    name: Error\n    message: Test timeout exceeded\n  "
      "...\n"
      "not ok 3 - f › afterEach hook for a\nnot ok 4 - g.js exited with a non-zero exit code: 3\n\n1..3\n");
  EXPECT_EQ(told(report),
            "f › a:pass f › b:timeout f › afterEach hook for a:error g.js exited with a non-zero exit "
            "code: 3:crash ");
  EXPECT_TRUE(report.incomplete.empty());
}

TEST(LibraryReports, TotalsThatCountOtherwiseAreNoReasonToDoubt) {
  const auto criterion = read_report(
      "<testsuites name=\"Criterion Tests\" tests=\"2\" failures=\"2\" errors=\"1\"><testsuite name=\"s\" tests=\"2\" "
      "failures=\"2\" errors=\"1\"><testcase name=\"a\" status=\"FAILED\"><failure type=\"assert\"/></testcase>"
      "<testcase name=\"b\" status=\"ERRORED\"><error type=\"crash\" message=\"The test crashed.\"/></testcase>"
      "</testsuite></testsuites>");
  EXPECT_EQ(told(criterion), "s/a:fail s/b:crash ");
  EXPECT_TRUE(criterion.incomplete.empty());
  const std::string
      head =
          "<testsuites name=\"c\" tests=\"4\" time=\"1\"><testsuite name=\"r / q\" id=\"1\" timestamp=\"t\" "
          "tests=\"1\" failures=\"2\" errors=\"2\" time=\"1\">",
      tail =
          "<testcase name=\"a\" classname=\"RQ\"><failure type=\"AssertionFailure\" message=\"no\"/>"
          "</testcase></testsuite></testsuites>";
  const auto newman = read_report(head + "<system-err>Iteration: 0\ntestScriptError: boom</system-err>" + tail);
  EXPECT_EQ(newman.tool, "newman");
  EXPECT_EQ(told(newman), "r / q/a:fail r / q:error ");
  EXPECT_TRUE(newman.incomplete.empty());
}

TEST(LibraryReports, CommonTestKeepsAGroupsNameAfterIt) {
  const auto one = [](const std::string& group, const std::string& name, const std::string& inside) {
    return "<testcase " + (group.empty() ? "" : "group=\"" + group + "\" ") + "name=\"" + name +
           "\" time=\"0\" timestamp=\"t\" file=\"f\" line=\"1\" log=\"l.html\">" + inside + "</testcase>";
  };
  const std::string failed = "<failure message=\"Test failed!\" type=\"crash\">no_group</failure>";
  const std::string skipped =
      "<skipped type=\"skip\" message=\"m\">{tc_auto_skip,{failed,{s_SUITE,init_per_group,no}}}</skipped>";
  const auto report = read_report(
      "<testsuites><testsuite hostname=\"h\" name=\"s_SUITE\" time=\"1\" timestamp=\"t\" errors=\"0\" failures=\"1\" "
      "skipped=\"1\" tests=\"3\" log=\"l\">" +
      one("", "init_per_suite", "") + one("g", "init_per_group", failed) + one("g", "never", skipped) +
      one("g", "end_per_group", skipped) + one("g", "outside", "") +
      one("g", "asked", "<skipped type=\"skip\" message=\"m\">{tc_user_skip,&quot;why&quot;}</skipped>") +
      "</testsuite></testsuites>");
  EXPECT_EQ(told(report), "s_SUITE > g/init_per_group:error s_SUITE/outside:pass s_SUITE/asked:skip ");
}

TEST(LibraryReports, ATestCaseInsideOfOneIsReadAndXmlMayStandBehindPrintedLines) {
  const auto report = read_report(
      "Loading demo\n<?xml version=\"1.0\"?>\n<testsuites><testsuite name=\"n\"><testcase name=\"outer\" "
      "classname=\"n\">"
      "<testcase name=\"inner\" "
      "classname=\"n\"><failure>expected</failure></testcase></testcase></testsuite></testsuites>");
  EXPECT_EQ(told(report), "n/outer:pass n/inner:fail ");
}

TEST(LibraryReports, CtrfKeepsTriesAndItsRunnersOwnWords) {
  const auto report = read_report(
      "{\"reportFormat\":\"CTRF\",\"results\":{\"tool\":{\"name\":\"x\"},\"summary\":{\"tests\":6,\"failed\":1},"
      "\"tests\":["
      "{\"name\":\"a\",\"status\":\"passed\",\"duration\":1500,\"suite\":[\"f\",\"s\"],\"retries\":2,\"flaky\":true},"
      "{\"name\":\"b\",\"status\":\"other\",\"rawStatus\":\"todo\"},"
      "{\"name\":\"c\",\"status\":\"failed\",\"rawStatus\":\"timedOut\",\"retries\":1},"
      "{\"name\":\"d\",\"status\":\"pending\"},{\"name\":\"e\",\"status\":\"failed\",\"message\":\"TypeError: x\"}]}}");
  EXPECT_EQ(told(report), "f > s/a:flaky b:skip c:timeout d:skip e:error ");
  EXPECT_EQ(report.results[0].attempts.size(), 3u);
  EXPECT_EQ(report.results[0].seconds, 1.5);
  EXPECT_EQ(report.incomplete.size(), 1u);  // six were counted
}

TEST(LibraryReports, XmlOfLibraries) {
  const auto unittestpp = read_report(
      "<?xml version=\"1.0\"?><unittest-results tests=\"4\"><test suite=\"s\" name=\"a\" time=\"0.5\"/>"
      "<test suite=\"s\" name=\"b\"><failure message=\"t.cpp(1) : Expected 1\"/></test>"
      "<test suite=\"s\" name=\"c\"><failure message=\"t.cpp(2) : Unhandled exception: test crashed\"/></test>"
      "</unittest-results>");
  EXPECT_EQ(told(unittestpp), "s/a:pass s/b:fail s/c:crash ");
  EXPECT_EQ(unittestpp.incomplete.size(), 1u);
  const auto fpcunit = read_report(
      "<TestResults><TestListing><TestSuite Name=\"\"><TestSuite Name=\"T\"><Test Name=\"A\" Result=\"OK\" "
      "ElapsedTime=\"00:01:02.500\"/><Test Name=\"B\" Result=\"Ignored\"/></TestSuite></TestSuite></TestListing>"
      "<NumberOfRunTests>2</NumberOfRunTests></TestResults>");
  EXPECT_EQ(told(fpcunit), "T/A:pass T/B:skip ");
  EXPECT_EQ(fpcunit.results[0].seconds, 62.5);
  const auto cunit = read_report(  // names are not escaped
      "<?xml version=\"1.0\" ?>\n<CUNIT_TEST_RUN_REPORT>\n<SUITE_NAME> s </SUITE_NAME>\n<CUNIT_RUN_TEST_SUCCESS>\n"
      "<TEST_NAME> a < b && c </TEST_NAME>\n<CUNIT_RUN_TEST_FAILURE>\n<TEST_NAME> d </TEST_NAME>\n"
      "<CUNIT_RUN_TEST_FAILURE>\n<TEST_NAME> d </TEST_NAME>\n");
  EXPECT_EQ(told(cunit), "s/a < b && c:pass s/d:fail ");
  EXPECT_EQ(cunit.incomplete.size(), 1u);
  const auto sonar = read_report(
      "<testExecutions version=\"1\"><file path=\"a.js\"><testCase name=\"x\" duration=\"20\"/><testCase name=\"y\" "
      "duration=\"0\"><skipped message=\"m\"/></testCase></file><file path=\"b.js\"></file></testExecutions>");
  EXPECT_EQ(told(sonar), "a.js/x:pass a.js/y:skip ");
  EXPECT_EQ(sonar.results[0].seconds, 0.02);
  EXPECT_EQ(sonar.incomplete.size(), 1u);
}

TEST(LibraryReports, ALogThatEndsInATestSaysWhichAndIsIncomplete) {
  const std::pair<std::string, std::string> logs[] = {
      {"## ------- ##\n## x 1 test suite: x. ##\n## ------- ##\n  1: a b      ok\n  2: c (d)      FAILED (x.at:2)\n  "
       "3: e  ",
       "a b:pass c (d):fail e:crash "},
      {"TEST(G, a) - 2 ms\nIGNORE_TEST(G, b) - 0 ms\nTEST(G, c)", "G/a:pass G/b:skip G/c:crash "},
      {"[RUN ] s::a\n[PASS] s::a: (0.10s)\n[RUN ] s::b\n", "s/a:pass s/b:crash "},
      {"Suite: s\n  Test: a ...passed\n  Test: b ...FAILED\n    1. t.c:5  - x\n  Test: c ...",
       "s/a:pass s/b:fail s/c:crash "},
      {"testA\ntestB\nASSERT:no expected:<1> but was:<2>\ntestC\n", "testA:pass testB:fail testC:crash "},
      {"\nMTest [m.exs]\n  * test a [L#1]\r  * test a (2.5ms) [L#1]\n  * test b [L#2]",
       "MTest/test a:pass MTest/test b:crash "},
      {"Group begin: g\nTest begin:\n  test-name: \"a \\\"b\\\"\"\nTest end:\n  result-kind: xfail\nTest begin:\n  "
       "test-name: \"c\"\n",
       "g/a \"b\":xfail g/c:crash "},
      {"m\n  C\n    test_a ...      [OK]\n    test_b ...    [SUCCESS!?!]\n    test_c ... ",
       "m.C/test_a:pass m.C/test_b:xpass m.C/test_c:crash "},
      {"Started on x\n    T.a ... Ok\n    T.b ... SKIP\n    T.c ... ", "T/a:pass T/b:skip T.c:crash "},
  };
  for (const auto& [log, expected] : logs) {
    const auto report = read_report(log);
    EXPECT_EQ(told(report), expected) << log;
    EXPECT_FALSE(report.incomplete.empty()) << log;
  }
}

TEST(LibraryReports, ExUnitsTestsWhoseSetUpFailedForAllNeverRan) {
  const auto report = read_report(
      "ATest [a.exs]\n  * test x (0.00ms) [L#1]\n\n  0) ATest: failure on setup_all callback, all tests have been "
      "invalidated\n     ** (RuntimeError) no\n\nBTest [a.exs]\n  * test y (1500.0ms) [L#2]\n\n  1) test y (BTest)\n"
      "     a.exs:2\n     ** (RuntimeError) boom\n\n2 tests, 1 failure, 1 invalid\n");
  EXPECT_EQ(told(report), "ATest:error BTest/test y:error ");
  EXPECT_EQ(report.results[1].seconds, 1.5);
  EXPECT_TRUE(report.incomplete.empty());
}

TEST(LibraryReports, AlcotestTellsAnExceptionWhereItExplains) {
  const auto report = read_report(
      "Testing `demo'.\nThis run has ID `X'.\n\n  [OK]          s                 0   a.\n> [FAIL]        s t          "
      "     "
      "1   b.\n\n┌─┐\n│ [FAIL]        s t               1   b.                  │\n└─┘\n[exception] Not_found\n\nLogs "
      "saved "
      "to `x'.\n1 failure! in 0.001s. 2 tests run.\n");
  EXPECT_EQ(told(report), "s/a:pass s t/b:error ");
  EXPECT_TRUE(report.incomplete.empty());
}

}  // namespace
}  // namespace resident::ci
