// Every form of benchmark results against the truth that stands beside its files (tests/benchmarks/reports/TOOL/
// expected.tsv), and what holds for all forms.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sources/benchmarks/formats/format.hpp>
#include <sstream>

namespace resident::benchmarks {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word, plain = to_lower(text);
  constexpr std::string_view kMiddleDot = "·";  // JMH's mark of a second figure
  for (std::size_t at = plain.find(kMiddleDot); at != std::string::npos; at = plain.find(kMiddleDot, at))
    plain.replace(at, kMiddleDot.size(), " ");
  for (const char c : plain) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (is_word)
      word += c;
    else if (!word.empty())
      words.push_back(std::move(word)), word.clear();
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

// The series whose name has all words, in order, and fewest others.
const Series* best_fit(const Report& report, const std::string& name) {
  const auto need = words_of(name);
  const Series* best = nullptr;
  std::size_t fewest = 0;
  for (const auto& series : report.series) {
    const auto have = words_of(series.name);
    std::size_t found = 0;
    for (const auto& word : have) found += found < need.size() && word == need[found];
    if (found < need.size() || (best != nullptr && have.size() >= fewest)) continue;
    best = &series, fewest = have.size();
  }
  return best;
}

// What the file itself does not say, though the truth is known.
bool is_beyond_the_file(const std::string& file, const std::string& series) {
  return (file == "clean.txt" && series == "BenchmarkParallel") ||
         (file == "reps3.json" && series == "BM_Sleep1ms/real_time");
}

TEST(BenchmarkReports, EveryToolsFilesSayWhatTheirTruthSays) {
  const std::filesystem::path root = std::string(RESIDENT_SOURCE_DIR) + "/tests/benchmarks/reports";
  std::size_t rows = 0;
  for (const auto& folder : std::filesystem::directory_iterator(root)) {
    std::istringstream table(content_of(folder.path() / "expected.tsv"));
    std::string line;
    std::getline(table, line);
    while (std::getline(table, line)) {
      const auto cells = split(line, '\t');
      ASSERT_GE(cells.size(), 4u) << folder.path() << ": " << line;
      const std::string file(cells[0]), name(cells[1]), truth(cells[2]), unit(cells[3]);
      if ((truth.empty() && !unit.empty()) || is_beyond_the_file(file, name)) continue;
      SCOPED_TRACE(folder.path().filename().string() + "/" + line);
      const std::string path = (folder.path() / file).string();
      const Report report = read_report(content_of(path), path);
      EXPECT_FALSE(report.format.empty());
      const Series* series = best_fit(report, name);
      ++rows;
      if (truth.empty()) {
        if (series != nullptr && !name.empty()) {
          EXPECT_FALSE(series->value.has_value());
        }
        continue;
      }
      ASSERT_NE(series, nullptr);
      ASSERT_TRUE(series->value) << series->error;
      const bool rough = truth.front() == '~';
      const double number = std::stod(truth.substr(rough ? 1 : 0));
      EXPECT_NEAR(*series->value, number, (rough ? 0.3 : 0.05) * std::abs(number) + 1e-15);
    }
  }
  EXPECT_GT(rows, 110u);
}

TEST(BenchmarkReports, EverySingleValueIsKept) {
  const Report report =
      read_report(content_of(std::string(RESIDENT_SOURCE_DIR) + "/tests/benchmarks/reports/hyperfine/basic.json"));
  ASSERT_EQ(report.series.size(), 2u);
  EXPECT_EQ(report.series[0].values.size(), 5u);
  EXPECT_EQ(report.series[0].better, Better::lower);
}

TEST(BenchmarkReports, WhatARunThatFailedTookIsNoMeasure) {
  const auto read = [](const std::string& codes) {
    return read_report(
        R"({"results": [{"command": "pump", "mean": 0.7, "stddev": 0.5, "times": [1, 0.1, 1], "exit_codes": [)" +
        codes + "]}]}");
  };
  EXPECT_EQ(read("0, 0, 0").series.at(0).value, 0.7);
  for (const char* failed : {"0, 137, 0", "0, null, 0"}) {
    const Report report = read(failed);
    EXPECT_EQ(report.series.at(0).value, 1.0) << failed;
    EXPECT_EQ(report.series.at(0).values, (std::vector<double>{1, 1}));
    EXPECT_EQ(report.incomplete.size(), 1u);
  }
  EXPECT_FALSE(read("137, null, 1").series.at(0).value);
}

TEST(BenchmarkReports, AHarnessOfLibtestsFormMayCountOtherThings) {
  const Report report =
      read_report("test a ... bench:       2,835 cycles/iter (+/- 12)\ntest b ... bench:  10 ns/iter (+/- 1)\n");
  ASSERT_EQ(report.series.size(), 2u);
  EXPECT_EQ(report.series[0].value, 2835.0);
  EXPECT_EQ(report.series[0].unit, "cycles");
  EXPECT_EQ(report.series[1].unit, "s");
}

TEST(BenchmarkReports, WhatIsNoNumberIsNoValueAndTold) {
  const Report report = read_report(R"({"benchmark": "a", "values": [1, 1e999], "unit": "s"})");
  for (const auto& series : report.series) EXPECT_TRUE(!series.value || std::isfinite(*series.value));
  EXPECT_THROW(read_report("Dear all, the benchmark was fast."), Error);
  EXPECT_THROW(read_report(""), Error);
}

TEST(BenchmarkReports, ARunThatWasCutOffIsToldOfAndNotGuessed) {
  EXPECT_THROW(read_report(R"({"results": [{"command": "a", "mean": 0.1, "stddev": 0.0, "med)"), Error);
  const Report report = read_report("{\"benchmark\": \"a\", \"value\": 1}\n{\"benchmark\": \"b\", \"val");
  EXPECT_EQ(report.series.size(), 1u);
  EXPECT_FALSE(report.incomplete.empty());
}

TEST(BenchmarkReports, NamesAreBoundedAndToldApart) {
  const std::string name(3000, 'x');
  const Report report =
      read_report("[{\"name\": \"" + name + "\", \"value\": 1, \"unit\": \"s\"}, {\"name\": \"a\", \"value\": 1}]");
  ASSERT_EQ(report.series.size(), 2u);
  EXPECT_LE(report.series[0].name.size(), kLongestName);
}

using Tags = std::vector<std::string>;

Tags tags_of(const Report& report, std::string_view name) {
  for (const auto& series : report.series)
    if (series.name == name) return series.tags;
  return {"there is no " + std::string(name)};
}

TEST(BenchmarkTags, OfPyperfStandAboveAllOrAtABenchmark) {
  const auto report = read_report(
      R"({"metadata":{"tags":["numeric"],"unit":"second"},"benchmarks":[{"metadata":{"name":"a"},"runs":[{"values":[1.0,1.1]}]},)"
      R"({"metadata":{"name":"b","tags":["serialize","apps","apps"]},"runs":[{"values":[1.0,1.1]}]}],"version":"1.0"})");
  EXPECT_EQ(tags_of(report, "a"), Tags{"numeric"});
  EXPECT_EQ(tags_of(report, "b"), (Tags{"apps", "serialize"}));
}

// The names of criterion's groups hold slashes, and some versions list no benchmarks of them.
TEST(BenchmarkTags, OfCriterionAreItsGroupsWholeNames) {
  const auto report = read_report(
      R"({"reason":"benchmark-complete","id":"mem/copy/10","unit":"ns","typical":{"estimate":1.0,"unit":"ns"}})"
      "\n"
      R"({"reason":"group-complete","group_name":"mem/copy","benchmarks":["mem/copy/10"]})"
      "\n"
      R"({"reason":"benchmark-complete","id":"io/disk/read/4","unit":"ns","typical":{"estimate":2.0,"unit":"ns"}})"
      "\n"
      R"({"reason":"group-complete","group_name":"io/disk","benchmarks":[]})"
      "\n"
      R"({"reason":"benchmark-complete","id":"fib 20","unit":"ns","typical":{"estimate":2.0,"unit":"ns"}})"
      "\n"
      R"({"reason":"group-complete","group_name":"fib 20","benchmarks":["fib 20"]})");
  EXPECT_EQ(tags_of(report, "mem/copy/10"), Tags{"mem/copy"});
  EXPECT_EQ(tags_of(report, "io/disk/read/4"), Tags{"io/disk"});
  EXPECT_EQ(tags_of(report, "fib 20"), Tags{});
  EXPECT_EQ(tags_of(read_report("group,function,value,throughput_num,throughput_type,sample_measured_value,unit,"
                                "iteration_count\nsorts,quick,10,,,20,ns,2\nalone,,,,,20,ns,2\n"),
                    "sorts/quick/10"),
            Tags{"sorts"});
}

TEST(BenchmarkTags, OfOthersAreTheirGroupsAndClasses) {
  EXPECT_EQ(tags_of(read_report(R"({"machine_info":{},"commit_info":{},"benchmarks":[{"group":"io","name":"test_a",)"
                                R"("fullname":"t.py::test_a","stats":{"mean":1,"data":[1,1]}}]})"),
                    "t.py::test_a"),
            Tags{"io"});
  EXPECT_EQ(tags_of(read_report(R"({"machine_info":{},"commit_info":{},"benchmarks":[{"group":null,"name":"test_a",)"
                                R"("fullname":"t.py::test_a","stats":{"mean":1,"data":[1,1]}}]})"),
                    "t.py::test_a"),
            Tags{});
  EXPECT_EQ(tags_of(read_report("pkg: x\nBenchmarkParse/small-2 \t 10 \t 5 ns/op\nBenchmarkScan-2 \t 10 \t 5 ns/op\n"),
                    "BenchmarkParse/small"),
            Tags{"BenchmarkParse"});
  const auto folder = std::filesystem::path(RESIDENT_SOURCE_DIR) / "tests/benchmarks/reports";
  for (const auto& series : read_report(content_of(folder / "jmh/modes.json")).series)
    EXPECT_EQ(series.tags, Tags{"org.demo.A"}) << series.name;
  std::string many = R"([{"name":"a","value":1,"tags":[)";
  for (int i = 0; i < 500; ++i) many += "\"t" + std::to_string(i) + "\",";
  EXPECT_EQ(tags_of(read_report(many + "\"z\"]}]"), "a").size(), kMostTags);
}

TEST(BenchmarkUnits, AreTheBaseUnitWithAFactorAndADirection) {
  EXPECT_EQ(unit_of("ms").name, "s");
  EXPECT_DOUBLE_EQ(unit_of("ns/op").factor, 1e-9);
  EXPECT_DOUBLE_EQ(unit_of("MiB/s").factor, 1048576);
  EXPECT_DOUBLE_EQ(unit_of("ops/ms").factor, 1000);
  EXPECT_EQ(usual_direction(unit_of("ops/s")), Better::higher);
  EXPECT_EQ(usual_direction(unit_of("us")), Better::lower);
  EXPECT_EQ(usual_direction(unit_of("points")), std::nullopt);
}

}  // namespace
}  // namespace resident::benchmarks
