// What several files beside one another mean: runs of their own, tries of one run, or the same results once more.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/results_source.hpp>
#include <sources/ci/same_run.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::ci {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;  // path, content

std::string junit(const std::string& outcome_of_b, const std::string& attributes = "") {
  return "<testsuite name=\"s\" tests=\"2\" " + attributes +
         "><testcase classname=\"s\" name=\"a\" time=\"1\"/><testcase classname=\"s\" name=\"b\" time=\"2\">" +
         outcome_of_b + "</testcase></testsuite>";
}
const std::string kFailure = "<failure message=\"no\">no</failure>";

// "name:outcome " of each, after they were told apart.
std::string told(const Files& files) {
  std::vector<TestReport> reports;
  std::vector<PlacedReport> placed;
  for (const auto& [path, content] : files) reports.push_back(read_report(content, path));
  for (std::size_t i = 0; i < files.size(); ++i) placed.push_back({files[i].first, &reports[i]});
  tell_files_apart(placed);
  std::string text;
  for (const auto& report : reports)
    for (const auto& each : report.results) text += each.name + ":" + std::string(outcome_name(each.outcome)) + " ";
  return text;
}

TEST(SeveralFiles, TheSameTestInTwoOfThemIsTwoTests) {
  EXPECT_EQ(told({{"r/junit-py310.xml", junit(kFailure)}, {"r/junit-py311.xml", junit("")}}),
            "a (junit-py310):pass b (junit-py310):fail a (junit-py311):pass b (junit-py311):pass ");
  EXPECT_EQ(told({{"m/py310/junit.xml", junit(kFailure)}, {"m/py311/junit.xml", junit("")}}),
            "a (py310):pass b (py310):fail a (py311):pass b (py311):pass ");
  EXPECT_EQ(told({{"n/core/target/TEST-t.xml", junit("")}, {"n/target/TEST-t.xml", junit(kFailure)}}),
            "a (core):pass b (core):pass a:pass b:fail ");
  EXPECT_EQ(told({{"r/one.xml", junit(kFailure)}, {"r/two.xml", "<testsuite><testcase name=\"c\"/></testsuite>"}}),
            "a:pass b:fail c:pass ");
}

TEST(SeveralFiles, WhatNextTimeIsCalledOtherwiseTellsNothingApart) {
  // The worst stays, whichever comes first.
  EXPECT_EQ(told({{"r/TEST-20240528T152642.xml", junit("")}, {"r/TEST-20240528T152701.xml", junit(kFailure)}}),
            "a:pass b:fail ");
  EXPECT_EQ(told({{"r/results-5eb63bbbe01eeed093cb22bb8f5acdc3.xml", junit(kFailure)},
                  {"r/results-7d793037a0760186574b0282f2f435e7.xml", junit("")}}),
            "a:pass b:fail ");
}

TEST(SeveralFiles, TriesOfOneRunStayTries) {
  EXPECT_EQ(told({{"p/t/test.xml", junit("")}, {"p/t/test_attempts/attempt_1.xml", junit(kFailure)}}),
            "a:pass b:pass a:pass b:fail ")
      << "Bazel's";
  EXPECT_EQ(told({{"p/t/test.xml", junit("")}, {"p/u/test_attempts/attempt_1.xml", junit(kFailure)}}),
            "a (t):pass b (t):pass a (u):pass b (u):fail ")
      << "of another target";
  const std::string allure =
      "{\"uuid\":\"1\",\"historyId\":\"h\",\"name\":\"b\",\"fullName\":\"s.b\",\"stage\":\"finished\",\"status\":\"";
  const std::string rest = "\",\"start\":1,\"stop\":2}";
  EXPECT_EQ(told({{"x/1-result.json", allure + "failed" + rest}, {"x/2-result.json", allure + "passed" + rest}}),
            "b:fail b:pass ");
  EXPECT_EQ(told({{"x/1-result.json", allure + "failed" + rest}, {"y/2-result.json", allure + "passed" + rest}}),
            "b (x):fail b (y):pass ");
  const std::string more = rest.substr(0, rest.size() - 1) + ",\"parameters\":[{\"name\":\"n\",\"value\":\"";
  EXPECT_EQ(told({{"x/1-result.json", allure + "failed" + more + "1\"}]}"},
                  {"x/2-result.json", allure + "passed" + more + "2\"}]}"}}),
            "b[1]:fail b[2]:pass ");
}

TEST(SeveralFiles, WhatAnAggregateRepeatsIsLeftOut) {
  // Ant's junitreport keeps of a suite's name what is behind the last point.
  const auto suite = [](const std::string& name, const std::string& more, const std::string& machine = "h") {
    return "<testsuite hostname=\"" + machine + "\" name=\"" + name + "\" " + more +
           " tests=\"1\" time=\"0.3\" timestamp=\"2024-05-28T15:26:42\"><testcase classname=\"org.pump." +
           more.substr(9, 1) + "\" name=\"drain\" time=\"0.2\"><failure message=\"no\"/></testcase></testsuite>";
  };
  const TestReport one = read_report(suite("org.pump.A", "package=\"\"")),
                   other = read_report(suite("org.pump.A", "package=\"\"", "h2")),
                   all = read_report("<testsuites>" + suite("A", "package=\"\"") + suite("B", "package=\"\"") +
                                     "</testsuites>");
  EXPECT_TRUE(is_within(one, all));
  EXPECT_FALSE(is_within(all, one));
  EXPECT_FALSE(is_within(other, all)) << "of another machine";
  const TestReport undated = read_report(junit(""));
  EXPECT_FALSE(is_within(undated, undated)) << "nothing says that it is the same run";
}

class ReportPlaces : public testing::Test {
 protected:
  ReportPlaces() : root_(std::filesystem::temp_directory_path() / ("resident_files_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(root_);
  }
  ~ReportPlaces() override { std::filesystem::remove_all(root_); }
  ReadRuns read(const Files& files, const std::string& builder) {
    ResultsToAdd asked;
    asked.builder = builder;
    for (const auto& [path, content] : files) {
      std::filesystem::create_directories((root_ / path).parent_path());
      std::ofstream(root_ / path) << content;
      asked.places.push_back((root_ / path).string());
    }
    if (is_old_)
      for (const auto& place : asked.places)
        std::filesystem::last_write_time(
            place, std::chrono::file_clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(315'532'800))));
    return read_runs(asked);
  }
  std::filesystem::path root_;
  bool is_old_ = false;
};

TEST_F(ReportPlaces, ABuilderWithReportsOfSeveralJobsHidesNoFailure) {
  const ReadRuns read = this->read({{"py310/junit.xml", junit(kFailure)}, {"py311/junit.xml", junit("")}}, "ci");
  ASSERT_EQ(read.runs.size(), 1u);
  ASSERT_EQ(read.runs.front().results.size(), 4u);
  EXPECT_EQ(read.runs.front().results[1].name, "b (py310)");
  EXPECT_EQ(read.runs.front().results[1].outcome, Outcome::fail);
  ASSERT_EQ(read.notes.size(), 1u);
  EXPECT_NE(read.notes.front().find("2 tests stand in several files"), std::string::npos);
}

TEST_F(ReportPlaces, AnAggregateCountsOnce) {
  const std::string dated = "hostname=\"h\" timestamp=\"2024-05-28T15:26:42\"";
  const ReadRuns read =
      this->read({{"TEST-s.xml", junit(kFailure, dated)},
                  {"TESTS-TestSuites.xml", "<testsuites>" + junit(kFailure, dated) + "</testsuites>"}},
                 "ci");
  EXPECT_EQ(read.runs.front().results.size(), 2u);
}

TEST_F(ReportPlaces, AFileOf1980SaysNothingOfWhenItsRunWas) {
  is_old_ = true;
  EXPECT_EQ(read({{"junit.xml", junit("")}}, "ci").runs.front().at, 0);
}

}  // namespace
}  // namespace resident::ci
