// What stands before each line of a CI service's log, and what is told of a log whose totals agree with nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <sources/ci/formats/format.hpp>
#include <string>

namespace resident::ci {
namespace {

const TestResult* named(const TestReport& report, std::string_view name) {
  const auto found = std::find_if(report.results.begin(), report.results.end(),
                                  [&](const TestResult& each) { return each.name == name; });
  return found == report.results.end() ? nullptr : &*found;
}
bool is_told(const TestReport& report, Outcome outcome) {
  return std::find(report.cannot_tell.begin(), report.cannot_tell.end(), outcome) != report.cannot_tell.end();
}

constexpr std::string_view kGo =
    "=== RUN   TestAdds\n--- PASS: TestAdds (0.00s)\n=== RUN   TestDiffers\n    a_test.go:4: 1+1 = 3\n"
    "--- FAIL: TestDiffers (0.02s)\nFAIL\nFAIL\tdemo\t0.021s\nFAIL\n";

std::string with(const std::string& prefix, std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.append(prefix).append(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

TEST(Prefixes, TimesBeforeEachLineAreNoPartOfIt) {
  for (const char* prefix : {"2024-05-01T10:00:00.1234567Z ", "test\tRun tests\t2024-05-01T10:00:00.1234567Z ",
                             "[2024-05-01T10:00:00.123Z] ", "2024-05-01T10:00:00.123456Z 01O "}) {
    const TestReport report = read_report(with(prefix, kGo), "log.txt");
    ASSERT_EQ(report.results.size(), 2U) << prefix;
    EXPECT_EQ(report.format, "go-test");
    EXPECT_EQ(named(report, "TestDiffers")->outcome, Outcome::fail);
    EXPECT_EQ(named(report, "TestDiffers")->suite, "demo");
    EXPECT_TRUE(report.incomplete.empty());
  }
}

TEST(Prefixes, LinesOfSeveralProgramsAreToldApart) {
  const std::string mixed = with("[unit] ", kGo) + with("[server] ", "listening on 8080\nGET /\n") +
                            with("[e2e] ", "TAP version 13\nok 1 - opens\nnot ok 2 - shuts\n1..2\n");
  const TestReport report = read_report(mixed, "log.txt");
  ASSERT_EQ(report.results.size(), 4U);
  EXPECT_EQ(named(report, "TestAdds")->suite, "unit > demo");
  EXPECT_EQ(named(report, "shuts")->suite, "e2e");
  EXPECT_EQ(named(report, "shuts")->outcome, Outcome::fail);
  EXPECT_EQ(report.tool, "");
  EXPECT_EQ(read_report(with("web-1  | ", kGo), "log.txt").results.size(), 2U);
  EXPECT_EQ(read_report(with("web:test: ", kGo), "log.txt").results.size(), 2U);
}

TEST(Prefixes, LevelsAndOutcomesSpeakForNobody) {
  const TestReport report =
      read_report("[PASS] adds\n[PASS] opens\n[FAIL] shuts\n[PASS] 2 passed, 1 failed\n", "log.txt");
  EXPECT_EQ(report.format, "any-log");
  ASSERT_NE(named(report, "shuts"), nullptr);
  EXPECT_EQ(named(report, "shuts")->outcome, Outcome::fail);
  EXPECT_EQ(named(report, "shuts")->suite, "");
}

TEST(Prefixes, ManyInARowEndSomewhere) {
  std::string prefix;
  for (int i = 0; i < 400; ++i) prefix += "[a] ";
  EXPECT_ANY_THROW(read_report(with(prefix, "one\ntwo\nthree\nfour\nfive\n"), "log.txt"));
  EXPECT_EQ(read_report(with("2024-05-01T10:00:00Z [unit] ", kGo), "log.txt").results.size(), 2U);
}

TEST(LastResort, ALogThatCountsNeitherWhatPassedNorWhatFailedProvesNothing) {
  const TestReport report = read_report("Suite\n  adds ... ok\n  differs ... failed\n\n5 checks\n", "log.txt");
  EXPECT_EQ(report.results.size(), 2U);
  EXPECT_TRUE(is_told(report, Outcome::fail));
  EXPECT_TRUE(is_told(report, Outcome::pass));
  const TestReport counted =
      read_report("Suite\n  adds ... ok\n  differs ... failed\n\n1 passed, 1 failed\n", "log.txt");
  EXPECT_FALSE(is_told(counted, Outcome::fail));
}

TEST(LastResort, NumberedFailuresAreHeldAgainstTheirCount) {
  const std::string list = "1) Calc differs\n   AssertionError: 2 is not 3\n2) Calc throws\n   TypeError: boom\n";
  EXPECT_FALSE(is_told(read_report(list + "\n2 failed, 3 passed\n", "log.txt"), Outcome::fail));
  EXPECT_TRUE(is_told(read_report(list + "\n5 failed, 3 passed\n", "log.txt"), Outcome::fail));
  EXPECT_TRUE(is_told(read_report(list + "\n1 failed, 3 passed\n", "log.txt"), Outcome::fail));
  EXPECT_FALSE(is_told(read_report(list + "\nTests run: 5, Errors: 1, Failures: 1\n", "log.txt"), Outcome::fail));
}

TEST(PytestLog, ParametersHoldDashesAndOneSignMayFrameTheTotals) {
  const TestReport report = read_report(
      "============================= test session starts ==============================\n"
      "test_a.py .F                                                             [100%]\n"
      "=========================== short test summary info ============================\n"
      "FAILED test_a.py::test_b[one - two] - assert 1 == 2\n"
      "= 1 failed, 1 passed, 1 skipped, 1 deselected, 1 xfailed, 1 xpassed, 1 rerun in 0.03s =\n",
      "log.txt");
  ASSERT_EQ(report.results.size(), 1U);
  EXPECT_EQ(report.results[0].name, "test_b[one - two]");
  EXPECT_EQ(report.results[0].message, "assert 1 == 2");
  EXPECT_TRUE(report.incomplete.empty());
  EXPECT_TRUE(is_told(report, Outcome::flaky));
}

}  // namespace
}  // namespace resident::ci
