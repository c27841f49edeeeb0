// What is kept of the values of benchmarks is never seen in what comes out: two projects of the same runs, one read
// with what was kept and one from its rows, on both engines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <framework/learnt.hpp>
#include <model/benchmarks/measured_values.hpp>
#include <model/benchmarks/stored.hpp>
#include <random>
#include <store/benchmark_book.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {
namespace {

using namespace test;

constexpr Timestamp kBegin = 1'700'000'000;
constexpr std::size_t kNever = ~std::size_t{0};

class KeptValues : public OnEachEngine {
 protected:
  KeptValues() : OnEachEngine("measured_values_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    if (IsSkipped()) return;
    History history;
    for (int i = 0; i < 10; ++i) {
      CommitRecord record = commit(0, "Ann", "ann@example.org", kBegin + i * kDay);
      record.sha = fmt::format("{:040x}", 0xabc000 + i);
      history.commits.push_back(record);
    }
    for (const char* name : {"kept", "fresh"}) write(*database_, name, history);
  }

  Context of(const char* project, Timestamp as_of = kBegin + 400 * kDay) {
    return open_context(*database_, Config(), project, as_of, kBegin + 400 * kDay);
  }

  // The same run in both.
  void measure(int run, const std::string& machine) {
    const Timestamp at = kBegin + (run * 37 % 300) * kDay;
    const std::string sha = run % 5 == 0 ? "" : fmt::format("{:040x}", 0xabc000 + run % 13);
    std::vector<double> values;
    for (int series = 0; series < 4; ++series) values.push_back(1 + static_cast<double>(random_() % 1000) / 100);
    for (const char* project : {"kept", "fresh"}) {
      Transaction transaction(*database_);
      BenchmarkBook book(*database_, of(project).project_id, 1);
      book.run({fmt::format("run {}", run), sha, machine, "", "t", "1", at, false});
      for (int series = 0; series < 4; ++series)
        if ((run + series) % 3 != 0)
          book.value({fmt::format("s{}", series), "s", "", "b", "lower", "t", ""}, values[series], {}, {});
      book.flush();
      transaction.commit();
    }
  }

  void remove(int run) {
    for (const char* project : {"kept", "fresh"}) {
      Transaction transaction(*database_);
      BenchmarkBook(*database_, of(project).project_id, 1).remove(fmt::format("run {}", run));
      transaction.commit();
    }
  }

  void expect_the_same(Timestamp as_of) {
    const MeasuredValues kept = measured_values(of("kept", as_of), 1),
                         fresh = measured_values(of("fresh", as_of), kNever);
    ASSERT_EQ(kept.runs.size(), fresh.runs.size());
    for (std::size_t i = 0; i < kept.runs.size(); ++i) EXPECT_EQ(kept.runs[i].key, fresh.runs[i].key);
    ASSERT_EQ(kept.series.size(), fresh.series.size());
    for (std::size_t i = 0; i < kept.series.size(); ++i) {
      EXPECT_EQ(kept.series[i].series, fresh.series[i].series);
      EXPECT_EQ(kept.series[i].runs, fresh.series[i].runs) << "series " << kept.series[i].series;
      EXPECT_EQ(kept.series[i].values, fresh.series[i].values) << "series " << kept.series[i].series;
    }
  }

  bool has_kept(const char* project) { return read_learnt(of(project), "benchmark values", "2").has_value(); }

  std::mt19937_64 random_{31};
};

TEST_P(KeptValues, AreAsReadFromTheirRows) {
  int runs = 0;
  for (; runs < 30; ++runs) measure(runs, "one");
  expect_the_same(kBegin + 400 * kDay);
  EXPECT_TRUE(has_kept("kept"));
  EXPECT_FALSE(has_kept("fresh"));
  for (int step = 0; step < 60; ++step) {
    switch (random_() % 4) {
      case 0:
      case 1:
        measure(runs++, "one");
        break;
      case 2:  // a correction in the middle, or the same run on another machine
        measure(static_cast<int>(random_() % static_cast<unsigned>(runs)), random_() % 2 == 0 ? "one" : "two");
        break;
      default:
        remove(static_cast<int>(random_() % static_cast<unsigned>(runs)));
    }
    expect_the_same(kBegin + static_cast<Timestamp>(random_() % 400) * kDay);
    if (HasFatalFailure()) FAIL() << "after step " << step;
  }
  const StoredBenchmarks kept = load_benchmarks(of("kept")), fresh = load_benchmarks(of("fresh"));
  ASSERT_EQ(kept.series.size(), fresh.series.size());
  for (std::size_t i = 0; i < kept.series.size(); ++i) EXPECT_EQ(kept.series[i].values, fresh.series[i].values);
}

TEST_P(KeptValues, WhatIsBrokenIsReadFromItsRows) {
  for (int run = 0; run < 10; ++run) measure(run, "one");
  expect_the_same(kBegin + 400 * kDay);
  keep_learnt(of("kept"), "benchmark values", "2", 0, "\x03\x01");
  expect_the_same(kBegin + 400 * kDay);
}

// Runs from before there was a digest may have been written over without leaving a trace.
TEST_P(KeptValues, RunsWithoutADigestAreReadFromTheirRows) {
  for (int run = 0; run < 10; ++run) measure(run, "one");
  database_->execute("UPDATE benchmark_run SET digest = '' WHERE run_key = 'run 3'");
  expect_the_same(kBegin + 400 * kDay);
  database_->execute("UPDATE benchmark_value SET value = 77 WHERE run_key = 'run 3'");
  expect_the_same(kBegin + 400 * kDay);
}

INSTANTIATE_TEST_SUITE_P(Engines, KeptValues, kEngines, engine_name);

}  // namespace
}  // namespace resident
