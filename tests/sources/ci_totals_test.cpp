// Forms that no reader was written for, and reporters that mean other tools' words differently: what is read must agree
// with what the file says of itself, or be told.
#include <gtest/gtest.h>

#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <string>

namespace resident::ci {
namespace {

bool cannot_tell(const TestReport& report, Outcome outcome) {
  return std::find(report.cannot_tell.begin(), report.cannot_tell.end(), outcome) != report.cannot_tell.end();
}

std::string told(const TestReport& report) {
  std::string all;
  for (const auto& each : report.results) {
    all += each.suite.empty() ? each.name : each.suite + "/" + each.name;
    all += ":" + std::string(outcome_name(each.outcome)) + " ";
  }
  return all;
}

TEST(Totals, ALogThatCountsOtherFailuresThanItNamesIsIncomplete) {
  const auto report = read_report("Calc\n  ✓ adds\n  ✗ differs\n\n1 passed, 3 failed\n", "run.log");
  EXPECT_EQ(report.format, "any-log");
  EXPECT_FALSE(report.incomplete.empty());
  EXPECT_TRUE(cannot_tell(report, Outcome::pass) && cannot_tell(report, Outcome::fail));
}

TEST(Totals, ALogThatAgreesWithItsTotalsIsComplete) {
  const auto report = read_report("Calc\n  ✓ adds\n  ✗ differs\n\n1 passed, 1 failed\n", "run.log");
  EXPECT_TRUE(report.incomplete.empty());
  EXPECT_FALSE(cannot_tell(report, Outcome::fail));
  // "failed with" is what a command did, no count of tests.
  EXPECT_TRUE(
      read_report("✓ adds\n✗ differs\nstep 7 failed with exit code 2\n\n2 tests\n", "run.log").incomplete.empty());
}

TEST(Totals, NumberedFailuresAreHeldAgainstTheirCount) {
  const auto report = read_report("..F*F\n\n1) adds\n   wrong\n\n4 tests\n# fail  2\n", "run.log");
  EXPECT_FALSE(report.incomplete.empty());
  EXPECT_TRUE(cannot_tell(report, Outcome::fail));
}

TEST(Totals, JsonThatCountsOtherFailuresIsIncomplete) {
  const auto report = read_report(
      R"({"failed": 2, "tests": [{"name": "adds", "status": "passed"}, {"name": "b", "status": "passed"}]})");
  EXPECT_EQ(report.format, "any-json");
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(Reporters, MysqlTestRunIsNotBoost) {
  const auto report = read_report(
      R"(<testsuites tests="1" failures="1"><testsuite hostname="h" id="0" name="main" package="" tests="1">)"
      R"(<testcase assertions="" classname="main" name="a" status="MTR_RES_FAILED" time="0">)"
      R"(<failure message="" type="MTR_RES_FAILED">mysqltest: At line 2: boom</failure></testcase></testsuite></testsuites>)");
  EXPECT_EQ(told(report), "main/a:fail ");
}

TEST(Reporters, CtrfOfPlaywrightAndVitest) {
  const auto playwright =
      read_report(R"({"results":{"tool":{"name":"playwright"},"summary":{"tests":2,"failed":1,"other":0},"tests":[)"
                  R"({"name":"a","status":"passed","rawStatus":"failed","message":"Error: no"},)"
                  R"({"name":"b","status":"passed","rawStatus":"passed","flaky":true,"retries":1,)"
                  R"("extra":{"annotations":[{"type":"fail"}]},"retryAttempts":[{"status":"passed"}]}]}})");
  EXPECT_EQ(told(playwright), "a:xfail b:xpass ");
  EXPECT_TRUE(playwright.incomplete.empty());
  const auto vitest = read_report(
      R"({"results":{"tool":{"name":"vitest"},"summary":{"tests":2,"failed":1,"other":0},"tests":[)"
      R"({"name":"a","status":"passed","rawStatus":"pass","retries":3,"message":"not yet","trace":"Error: not yet"},)"
      R"({"name":"inner","status":"failed","rawStatus":"fail","message":""}]}})");
  EXPECT_EQ(told(vitest), "a:flaky inner:fail ");
  EXPECT_EQ(vitest.results[0].attempts.size(), 2U);  // three were allowed
  EXPECT_FALSE(vitest.incomplete.empty());
}

TEST(Reporters, JasminesNunitHasNoResult) {
  const auto report = read_report(
      R"(<test-results name="Jasmine Results" total="3"><test-suite name="Calc"><results><test-suite name="inner"><results>)"
      R"(<test-case name="adds" executed="true" success="true" time="0.5"/></results></test-suite>)"
      R"(<test-case name="off" executed="false" success="true"/><test-case name="b" executed="true" success="false">)"
      R"(<failure><message>Expected 1 to be 2.</message></failure></test-case></results></test-suite></test-results>)");
  EXPECT_EQ(told(report), "Calc > inner/adds:pass Calc/off:skip Calc/b:fail ");
}

TEST(Reporters, JtregSaysInItsTextHowATestEnded) {
  const auto file = [](const std::string& status) {
    return told(read_report("#Test Results (version 2)\nelapsed=1854 0\\:00\\:01.854\nexecStatus=" + status +
                            "\ntest=A.java\n"));
  };
  EXPECT_EQ(file("Passed. Execution successful"), "A.java:pass ");
  EXPECT_EQ(file("Error. Test ignored\\: no printer"), "A.java:skip ");
  EXPECT_EQ(file("Error. Program `java' timed out (timeout set to 1000ms)."), "A.java:timeout ");
  EXPECT_EQ(file("Failed. Execution failed\\: `main' threw exception\\: java.lang.RuntimeException"), "A.java:fail ");
  EXPECT_EQ(file("Failed. Compilation failed\\: Compilation failed"), "A.java:error ");
}

TEST(Reporters, AClassOfTestUnitThatCouldNotBeginIsAnError) {
  const auto report = read_report(
      "Loaded suite a\nStarted\nBrokenTest: \nE\n=====\nError: BrokenTest: RuntimeError: no file\na.rb:2\n=====\n"
      "CalcTest: \n  test_adds:\t\t.: (0.001)\n\n1 tests, 1 assertions, 0 failures, 1 errors\n");
  EXPECT_EQ(told(report), "BrokenTest:error CalcTest/test_adds:pass ");
}

TEST(Reporters, AnAllureTestWithoutAHistoryIsRead) {
  const auto report = read_report(
      R"({"uuid":"u","name":"off","status":"skipped","stage":"finished","labels":[{"name":"parentSuite","value":"Calc"}],)"
      R"("fullName":"a#off"})");
  EXPECT_EQ(told(report), "Calc/off:skip ");
}

}  // namespace
}  // namespace resident::ci
