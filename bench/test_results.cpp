// How fast results of tests come into a store, what each takes there, and how long a test's history takes to read.
//
//   ninja -C build/release bench_test_results
//   build/release/bench_test_results STORE [RESULTS [TESTS [BUILDERS]]]    # 10,000,000 of 5,000 tests on 10 builders
//
// The suite is made up, from a fixed seed: durations spread about a mean of each test's own by a factor (log-normal,
// sigma 0.2), one test in a hundred is flaky at 0.1 to 10 %, one in a thousand fails for good for a while, one in
// twenty is skipped on a builder; messages have numbers and paths in them. Runs come one builder after another, 400 to
// a checkpoint, then `SINGLE` more, each with a checkpoint of its own, as a CI brings them. Only the Writer is timed,
// not the making.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <store/result_book.hpp>

namespace resident {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Suite {
 public:
  Suite(std::size_t tests, std::size_t builders) : builders_(builders), random_(20260801) {
    for (std::size_t i = 0; i < tests; ++i) {
      names_.push_back({fmt::format("tests/module_{}/test_part_{}.py::TestThing{}", i / 400, i / 40, i / 8),
                        fmt::format("test_behaviour_number_{}[parameter{}]", i, i % 7)});
      means_.push_back(std::exp(std::normal_distribution<>(-5, 2)(random_)));
      rates_.push_back(i % 100 == 7 ? std::pow(10, -3 + 2 * uniform_(random_)) : 0);
    }
  }

  TestRunRecord run(std::size_t number) {
    const std::size_t builder = number % builders_;
    TestRunRecord record;
    record.key = fmt::format("run {}", number);
    record.configuration = fmt::format("builder {}", builder);
    record.sha = fmt::format("{:040x}", number / builders_);
    record.branch = "main";
    record.at = 1'600'000'000 + static_cast<Timestamp>(number) * 300;
    record.results.reserve(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      ci::TestResult result;
      result.suite = names_[i].first, result.name = names_[i].second;
      const bool broken = i % 1000 == 13 && (number / builders_ / 50) % 10 == i / 1000 % 10;
      if ((i * 31 + builder) % 20 == 0) {
        result.outcome = ci::Outcome::skip;
      } else if (broken || uniform_(random_) < rates_[i]) {
        result.outcome = ci::Outcome::fail;
        result.message =
            fmt::format("/tmp/pytest-{}/module.py:{}: AssertionError: {} != {}", number, i, random_() % 1000, i);
      }
      result.attempts = {result.outcome};
      result.seconds = means_[i] * std::exp(0.2 * normal_(random_));
      record.results.push_back(std::move(result));
    }
    return record;
  }
  std::size_t tests() const { return names_.size(); }

 private:
  std::size_t builders_;
  std::mt19937_64 random_;
  std::uniform_real_distribution<> uniform_{0, 1};
  std::normal_distribution<> normal_{0, 1};
  std::vector<std::pair<std::string, std::string>> names_;
  std::vector<double> means_, rates_;
};

int main_of(int count, char** values) {
  if (count < 2) {
    std::cerr << "bench_test_results STORE [RESULTS [TESTS [BUILDERS]]]\n";
    return 2;
  }
  const auto number = [&](int index, std::size_t fallback) {
    return count > index ? static_cast<std::size_t>(std::atoll(values[index])) : fallback;
  };
  const std::size_t results = number(2, 10'000'000), tests = number(3, 5'000), builders = number(4, 10);
  constexpr std::size_t kSingle = 100, kACheckpoint = 400;
  Suite suite(tests, builders);
  const std::size_t runs = results / tests;
  const auto database = Database::open(values[1]);
  const auto project = ensure_project(*database, "suite");
  Writer writer(*database, project, ensure_source(*database, project, "bench", "x"));
  ResultBook book(writer);
  double seconds = 0, single_seconds = 0;
  for (std::size_t i = 0; i < runs; ++i) {
    const TestRunRecord record = suite.run(i);
    const bool single = i + kSingle >= runs;
    const auto start = Clock::now();
    book.add(record);
    if (single || i % kACheckpoint == kACheckpoint - 1 || i + kSingle + 1 == runs) {
      book.flush(writer);
      writer.checkpoint(record.key);
    }
    (single ? single_seconds : seconds) += since(start);
  }
  const auto stored = static_cast<double>(runs * tests), singly = static_cast<double>(std::min(runs, kSingle) * tests);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << fmt::format("{:.0f} results of {} tests on {} builders\n", stored, tests, builders);
  if (stored > singly)
    std::cout << fmt::format("in together: {:.1f} s, {:.0f} results/s\n", seconds, (stored - singly) / seconds);
  std::cout << fmt::format("in one run at a time: {:.3f} s a run, {:.0f} results/s\n",
                           single_seconds / (singly / static_cast<double>(tests)), singly / single_seconds);
  std::cout << fmt::format("peak memory {} MB\n", usage.ru_maxrss / 1024);
  if (database->engine() == "sqlite") {
    database->execute_script("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto bytes = static_cast<double>(std::filesystem::file_size(values[1]));
    std::cout << fmt::format("{:.1f} MB, {:.2f} bytes a result\n", bytes / 1e6, bytes / stored);
  }
  for (const auto rows = database->query(
           "SELECT count(*), sum(results), sum(length(tile)) FROM result_tile WHERE project_id = :project",
           {{"project", project}});
       rows->next();)
    std::cout << fmt::format("{} tiles of {} results, {} bytes\n", rows->integer(0), rows->integer(1),
                             rows->integer(2));
  return 0;
}

}  // namespace
}  // namespace resident

int main(int count, char** values) {
  return resident::main_of(count, values);
}
