// Runs of tests of which everything is known, in a store.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <learn/verdicts/verdict.hpp>
#include <model/tests/test_health.hpp>
#include <store/result_book.hpp>
#include <string>
#include <vector>

namespace resident {

inline constexpr Timestamp kStart = 1'700'000'000;

class CiRuns : public testing::Test {
 protected:
  CiRuns() : database_(Database::open(":memory:")), project_(ensure_project(*database_, "p")) {}

  // A run of 20 tests, an hour after the one before; those named fail. message: of all but `usual`; "": each its own.
  void run(const std::string& builder, const std::string& sha, std::int64_t pull,
           const std::vector<std::string>& failing, std::string incomplete = {}, const std::string& message = {},
           const std::vector<std::string>& usual = {}) {
    TestRunRecord record;
    record.key = fmt::format("run {}", ++number_);
    record.configuration = builder, record.sha = sha;
    record.branch = pull ? fmt::format("pull-{}", pull) : "main";
    if (pull) record.item_id = pull * 2 + 1;
    record.at = kStart + number_ * kHour;
    record.incomplete = std::move(incomplete);
    for (int i = 0; i < 20; ++i) {
      ci::TestResult result;
      result.name = fmt::format("t{}", i);
      const bool fails = std::find(failing.begin(), failing.end(), result.name) != failing.end();
      result.outcome = fails ? ci::Outcome::fail : ci::Outcome::pass;
      result.seconds = i + 1;
      result.attempts = {result.outcome};
      const bool is_usual = message.empty() || std::find(usual.begin(), usual.end(), result.name) != usual.end();
      if (fails) result.message = is_usual ? fmt::format("{} is not {}", result.name, number_) : message;
      record.results.push_back(std::move(result));
    }
    runs_.push_back(std::move(record));
  }
  void main(int count, const std::vector<std::string>& failing) {
    for (int i = 0; i < count; ++i) run("linux", fmt::format("main{}", number_), 0, failing);
  }
  Context context() {
    Writer writer(*database_, project_, ensure_source(*database_, project_, "results", "x"));
    ResultBook book(writer);
    for (const auto& record : runs_) book.add(record);
    book.flush(writer);
    writer.checkpoint("c");
    runs_.clear();
    return Context{*database_, project_, "p", "", false, {}, kStart + number_ * kHour};
  }
  std::int64_t test(const std::string& name) {
    return database_->integer("SELECT test_id FROM ci_test WHERE name = :name", {{"name", name}}).value_or(0);
  }
  TestHealth health(const Context& context, const std::string& name) {
    const TestRuns runs(context);
    return health_of(runs, test(name), 1, runs.history(test(name), 1), stats::OutcomeSegmenter());
  }
  // Of the newest run.
  verdicts::Verdict verdict(const Context& context, const std::string& name) {
    const TestRuns runs(context);
    return verdicts::Judge(runs).judge(test(name), runs.runs().size() - 1, context.as_of);
  }

  std::unique_ptr<Database> database_;
  std::int64_t project_;
  std::int64_t number_ = 0;
  std::vector<TestRunRecord> runs_;
};

}  // namespace resident
