#include "simulate/ci.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulate/builders.hpp"
#include "simulate/vocabulary.hpp"

namespace resident::simulation {

Ci::Ci(std::uint64_t seed, const Calendar& calendar, std::int64_t issues, RecordWriter& writer, std::int64_t builders,
       const std::filesystem::path& truth)
    : calendar_(calendar), writer_(writer), random_(seed, Purpose::ci) {
  for (const Module& module : modules()) {
    if (module.kind != ModuleKind::code) continue;
    for (std::size_t noun = 0; noun < kFilesPerModule; ++noun)
      for (int i = 0; i < 2; ++i)
        names_.push_back(fmt::format("tests/{}/test_{}.py::test_{}_{}", module.name, module.nouns[noun],
                                     random_.pick(verbs()), module.nouns[noun + 1]));
  }
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());

  const double days = std::clamp(730.0 * 20000 / static_cast<double>(std::max<std::int64_t>(issues, 1)), 30.0, 730.0);
  kept_since_ = std::max(calendar.start(), calendar.end() - static_cast<Timestamp>(days) * kDay);
  static constexpr double kRates[] = {0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.08};
  for (std::size_t i = 0; i < std::size(kRates); ++i) {
    std::size_t test = random_.below(names_.size());
    const auto known = [&] {
      return std::any_of(flaky_.begin(), flaky_.end(), [&](const FlakyTest& each) { return each.test == test; });
    };
    while (known()) test = random_.below(names_.size());
    FlakyTest flaky{test, kRates[i] * random_.uniform(0.8, 1.2), calendar.start(), calendar.end()};
    const auto kept = static_cast<double>(calendar.end() - kept_since_);
    if (i % 4 == 1) flaky.from = start_of_day(kept_since_ + static_cast<Timestamp>(kept * random_.uniform(0.3, 0.7)));
    if (i % 4 == 2) flaky.until = start_of_day(kept_since_ + static_cast<Timestamp>(kept * random_.uniform(0.4, 0.8)));
    flaky_.push_back(flaky);
  }
  if (builders > 0)
    builders_ = std::make_unique<Builders>(seed, calendar, builders, kept_since_, names_, writer, truth);
}

Ci::~Ci() = default;

void Ci::finish() {
  if (builders_) builders_->finish();
}

void Ci::on_builders(const CiRun& run, Timestamp pushed, int broken_test) {
  std::vector<std::size_t> own, base;
  if (broken_test >= 0) {
    own.push_back(static_cast<std::size_t>(broken_test));
    // What breaks one test of a file breaks others now and then.
    Random more(mix(static_cast<std::uint64_t>(run.pull), own.front()));
    for (std::size_t next = own.front() + 1; next < names_.size() && own.size() < 5 && more.chance(0.3); ++next)
      own.push_back(next);
  }
  if (run.branch == "main" || run.branch.starts_with("pull-"))
    for (const Breakage& breakage : breakages_)
      if (breakage.from <= pushed && (!breakage.until || *breakage.until > pushed) &&
          std::find(own.begin(), own.end(), breakage.test) == own.end())
        base.push_back(breakage.test);
  builders_->run(run, pushed, own, base);
}

void Ci::run(const std::string& commit, std::int64_t pull, const std::string& branch, Timestamp pushed, int broken_test,
             std::optional<Timestamp> start) {
  if (pushed < kept_since_) return;
  CiRun run;
  run.id = commit;
  run.pull = pull;
  run.branch = branch;
  run.start = start.value_or(calendar_.end()) + random_.between(20, 240);
  if (builders_)
    on_builders(run, pushed, broken_test);
  else
    one(std::move(run), pushed, broken_test, true);
}

void Ci::one(CiRun run, Timestamp pushed, int broken_test, bool again) {
  run.end = run.start + static_cast<Timestamp>(random_.lognormal(18 * kMinute, 0.35));
  run.started = run.start < calendar_.end();
  run.finished = run.end < calendar_.end();
  bool real = false;
  const auto failed = [&](std::size_t test) {
    real = run.failed = true;
    run.tests.push_back({names_[test], true});
  };
  if (broken_test >= 0) failed(static_cast<std::size_t>(broken_test));
  for (const Breakage& breakage : breakages_)
    if (breakage.from <= pushed && (!breakage.until || *breakage.until > pushed) &&
        static_cast<int>(breakage.test) != broken_test && run.branch == "main")
      failed(breakage.test);
  const auto listed = [&](std::size_t test) {
    return std::any_of(run.tests.begin(), run.tests.end(),
                       [&](const TestOutcome& outcome) { return outcome.name == names_[test]; });
  };
  for (const FlakyTest& flaky : flaky_) {
    const bool fails = random_.chance(flaky.rate) && run.start >= flaky.from && run.start < flaky.until;
    if (listed(flaky.test)) continue;
    run.tests.push_back({names_[flaky.test], fails});
    run.failed = run.failed || fails;
  }
  for (int i = 0; i < 3; ++i) {
    const std::size_t test = random_.below(names_.size());
    if (!listed(test)) run.tests.push_back({names_[test], false});
  }
  writer_.ci_run(run);
  // Where only flaky tests failed, half of the authors just try again.
  if (run.failed && !real && again && run.finished && random_.chance(0.5)) {
    run.tests.clear();
    run.failed = false;
    run.start = run.end + random_.between(300, 4 * kHour);
    one(std::move(run), pushed, broken_test, false);
  }
}

}  // namespace resident::simulation
