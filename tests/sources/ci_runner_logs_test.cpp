// Consoles and streams of runners that were killed, printed among their lines, or retried; whole files of each are in
// tests/results.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <sources/ci/formats/format.hpp>
#include <string>
#include <vector>

namespace resident::ci {
namespace {

std::string told(const TestReport& report) {
  std::string text;
  for (const auto& result : report.results)
    text += (result.suite.empty() ? "" : result.suite + "/") + result.name + ":" +
            std::string(outcome_name(result.outcome)) + " ";
  return text;
}

TEST(RunnerLogs, PgRegressFrom16OnIsTap) {
  const auto report = read_report(
      "# +++ regress check in src/test/regress +++\n# parallel group (2 tests):  b a\n"
      "ok 1         - good                                       364 ms\n"
      "ok 2         + a                                           47 ms\n"
      "not ok 3     + b                                           37 ms\n"
      "not ok 4     - dies                                        21 ms\n"
      "# (test process was terminated by signal 9: Killed)\n1..4\n# 2 of 4 tests failed.\n");
  EXPECT_EQ(report.tool, "pg_regress");
  EXPECT_EQ(told(report), "good:pass a:pass b:fail dies:crash ");
  EXPECT_DOUBLE_EQ(report.results[1].seconds.value_or(0), 0.047);
}

TEST(RunnerLogs, WhatHasNoTotalsIsIncomplete) {
  for (const std::string_view text :
       {"test good                         ... ok          364 ms\n", "demo:a  ->  passed  [0.028s]\n",
        "{0} m.C.test_a [0.000074s] ... ok\n", "CalcTest#test_a = 0.00 s = .\n", "PASS: a_test.go:6: S.TestA\t0.000s\n",
        "( PASSED )  job  1    t/a.t\n", "Running x.L tests:\n  Running:\n test_a (m.C)\n",
        "Loaded suite t\nStarted\nC: \n  test_a:\t.: (0.000146)\n", "PASS a.test.js\n  ✓ adds (1 ms)\n",
        " RUN  v3.2.7 /src\n\n ✓ a.test.js > adds 6ms\n", "✔ adds (21.758197ms)\n",
        "Running 2 tests using 1 worker\n\n  ✓  1 a.spec.js:4:3 › adds (3ms)\n"}) {
    const auto report = read_report(text);
    EXPECT_EQ(report.results.size(), 1U) << text;
    EXPECT_FALSE(report.incomplete.empty()) << text;
  }
}

TEST(RunnerLogs, SubunitsTextTellsOfALostProcess) {
  const auto report = read_report(
      "time: 2026-01-31 23:59:59.500000Z\ntest: a.B.one\ntime: 2026-02-01 00:00:00.500000Z\nsuccess: a.B.one\n"
      "test: a.B.two\n");
  EXPECT_EQ(told(report), "a.B/one:pass a.B.two:crash ");
  EXPECT_FALSE(report.incomplete.empty());
  // Details are as long as they say, whatever stands in them.
  const auto parts = read_report(
      "test: x\nfailure: x [ multipart\nContent-Type: text/plain\nwhy\n16\r\n]\nsuccess: y\nmore text0\r\n]\n"
      "test: z\nsuccess: z\n");
  EXPECT_EQ(told(parts), "x:fail z:pass ");
  EXPECT_FALSE(read_report("test: x\nfailure: x [\nno end\n").incomplete.empty());
}

TEST(RunnerLogs, AutopkgtestsLogNamesWhatWasGoingOn) {
  const auto report = read_report(
      "autopkgtest [17:50:08]: test one: preparing testbed\none                  PASS\n"
      "autopkgtest [17:50:09]: test two: preparing testbed\nworking\n");
  EXPECT_EQ(told(report), "one:pass two:crash ");
  EXPECT_FALSE(report.incomplete.empty());
  EXPECT_EQ(told(read_report("*                    SKIP no tests in this package\n")), "*:skip ");
}

TEST(RunnerLogs, GocheckBehindGoTestIsNotLost) {
  const auto report = read_report(
      "=== RUN   TestOther\n--- PASS: TestOther (0.00s)\n=== RUN   Test\nPASS: a_test.go:6: S.TestA\t0.000s\n"
      "OK: 1 passed\n--- PASS: Test (0.00s)\nPASS\nok  \tgc\t0.004s\n");
  const std::string all = told(report);
  EXPECT_NE(all.find("TestOther:pass"), std::string::npos) << all;
  EXPECT_NE(all.find("S/TestA:pass"), std::string::npos) << all;
}

TEST(RunnerLogs, OneMoreTryOfAFailedTestIsNoOtherTest) {
  const auto teamcity = read_report(
      "##teamcity[testStarted name='a']\n##teamcity[testFailed name='a' message='m' details='Timed out|n']\n"
      "##teamcity[testFinished name='a' duration='1']\n##teamcity[testStarted name='a']\n"
      "##teamcity[testFinished name='a' duration='2']\n##teamcity[testStarted name='a']\n"
      "##teamcity[testFinished name='a' duration='3']\n");
  EXPECT_EQ(told(teamcity), "a:flaky a #2:pass ");
  const auto ginkgo = read_report(
      R"(<testsuites tests="3"><testsuite name="Demo" package="/src" tests="3" timestamp="t"><properties>)"
      R"(<property name="SuiteSucceeded" value="false"></property></properties>)"
      R"(<testcase name="[It] Calc adds" classname="Demo" status="passed" time="1"></testcase>)"
      R"(<testcase name="[It] Calc panics" classname="Demo" status="panicked" time="1"><error message="b" type="panicked">)"
      R"(x</error></testcase><testcase name="[It] Calc late" classname="Demo" status="timedout" time="1">)"
      R"(<failure message="m" type="timedout">x</failure></testcase></testsuite></testsuites>)");
  EXPECT_EQ(ginkgo.tool, "ginkgo");
  EXPECT_EQ(told(ginkgo), "Demo/Calc adds:pass Demo/Calc panics:error Demo/Calc late:timeout ");
}

TEST(RunnerLogs, JsonOfGinkgoBazelAndXcode) {
  const auto ginkgo = read_report(
      R"([{"SuitePath":"/src","SuiteDescription":"Demo","SpecReports":[)"
      R"({"LeafNodeType":"BeforeSuite","State":"passed","RunTime":1},)"
      R"({"ContainerHierarchyTexts":["Calc"],"LeafNodeType":"It","LeafNodeText":"adds","State":"passed","RunTime":1500000000,"NumAttempts":2},)"
      R"({"ContainerHierarchyTexts":["Calc"],"LeafNodeType":"It","LeafNodeText":"b","State":"panicked","NumAttempts":1,"Failure":{"Message":"m","ForwardedPanic":"boom"}}]}])");
  EXPECT_EQ(told(ginkgo), "Demo > Calc/adds:flaky Demo > Calc/b:error ");
  EXPECT_EQ(ginkgo.results[0].seconds, 1.5);
  EXPECT_EQ(ginkgo.results[1].message, "boom");
  const auto bazel = read_report(
      R"({"id":{"started":{}},"children":[]})"
      "\n"
      R"({"id":{"testResult":{"label":"//a:t","run":1,"shard":1,"attempt":1}},"testResult":{"status":"FAILED","testAttemptDuration":"0.5s"}})"
      "\n"
      R"({"id":{"testResult":{"label":"//a:t","run":1,"shard":1,"attempt":2}},"testResult":{"status":"PASSED","testAttemptDurationMillis":"250"}})"
      "\n"
      R"({"id":{"testResult":{"label":"//a:u","run":1}},"testResult":{"status":"TIMEOUT"}})"
      "\n");
  EXPECT_EQ(told(bazel), "//a:t/shard 1:flaky //a:u:timeout ");
  EXPECT_EQ(bazel.results[0].seconds, 0.75);
  EXPECT_FALSE(bazel.incomplete.empty());  // no last message
  const auto xcode = read_report(
      R"({"testNodes":[{"name":"Plan","nodeType":"Test Plan","children":[{"name":"Unit","nodeType":"Unit test bundle",)"
      R"("children":[{"name":"Calc","nodeType":"Test Suite","children":[)"
      R"({"name":"a","nodeType":"Test Case","result":"Passed","durationInSeconds":0.25},)"
      R"({"name":"b","nodeType":"Test Case","result":"Expected Failure","duration":"0.1s"}]}]}]}]})");
  EXPECT_EQ(told(xcode), "Unit > Calc/a:pass Unit > Calc/b:xfail ");
}

TEST(RunnerLogs, AnAllureTestWithoutAnEndIsACrash) {
  const auto report = read_report(
      R"({"uuid":"u","historyId":"h","name":"adds","fullName":"tests.calc#adds","status":"unknown","stage":"running"})");
  EXPECT_EQ(told(report), "tests.calc/adds:crash ");
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(RunnerLogs, NothingBreaksOnNonsense) {
  const std::string deep(5000, ' '), wide(200000, 'a');
  for (const std::string& text : std::vector<std::string>{
           "Running 1 specs.\n" + deep + "x (1ms)\n", "PASS a.test.js\n" + deep + "✓ a\n" + wide + "\n",
           "test: " + wide + "\nsuccess: " + wide + "\n",
           "test: x\nfailure: x [ multipart\nA: b\nc\nFFFFFFFFFFFFFFFF\r\n",
           "( PASSED )  job  99999999999999999999    t/a.t\n", "  a FAILED [99999999999999999999]\n",
           "All\n  a: OK\n" + deep + "b: FAIL\nAll 2 tests passed (0.1s)\n"})
    try {
      EXPECT_LT(read_report(text).results.size(), 10U) << text.substr(0, 60);
    } catch (const Error&) {  // nobody's
    }
}

// A line may be longer than all that is kept of what a test said.
TEST(RunnerLogs, LongLinesAreCutToWhatAMessageHolds) {
  const std::string long_line(10'000, 'x');
  const TestReport report =
      read_report("--------------------\nStack > differs\nFAILURE\nname:       check-equal?\n" + long_line +
                      "\n--------------------\n1 success(es) 1 failure(s) 0 error(s) 2 test(s) run\n",
                  "log.txt");
  ASSERT_EQ(report.format, "rackunit");
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_GT(report.results.front().message.size(), kLongestMessage / 2);
  EXPECT_LE(report.results.front().message.size(), kLongestMessage + 8);
}

}  // namespace
}  // namespace resident::ci
