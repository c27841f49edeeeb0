#include "simulate/builders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <map>

namespace resident::simulation {

namespace {

constexpr double kFlakyShare = 0.05, kOneBuilder = 0.3, kSomeTime = 0.3, kByOrder = 0.12;
constexpr double kLooksReal = 0.35;     // flakes whose message is an assertion's, as of a real failure
constexpr double kRunAgain = 0.4;       // by somebody, where it is red
constexpr int kMostRuns = 3;            // of one commit on one builder
constexpr double kOutagesAMonth = 0.7;  // of a builder
constexpr std::size_t kRetries = 0;     // the builder that tries failed tests again

constexpr const char* kBuilderNames[] = {"linux x86-64", "macos arm64",      "windows x86-64", "linux arm64",
                                         "freebsd",      "linux sanitizers", "linux debug",    "alpine"};

}  // namespace

const char* cause_name(Cause cause) {
  switch (cause) {
    case Cause::own:
      return "own";
    case Cause::base:
      return "base";
    case Cause::flaky:
      return "flaky";
    case Cause::machine:
      break;
  }
  return "machine";
}

Builders::Builders(std::uint64_t seed, const Calendar& calendar, std::int64_t count, Timestamp since,
                   const std::vector<std::string>& tests, RecordWriter& writer, const std::filesystem::path& truth)
    : calendar_(calendar),
      writer_(writer),
      random_(seed, Purpose::builders),
      tests_(tests),
      since_(since),
      file_(truth),
      truth_(truth) {
  for (std::int64_t i = 0; i < count; ++i)
    names_.push_back(static_cast<std::size_t>(i) < std::size(kBuilderNames) ? kBuilderNames[i]
                                                                            : fmt::format("builder {}", i + 1));
  for (std::size_t i = 0; i < tests_.size(); ++i) seconds_.push_back(random_.lognormal(0.3, 1.4));
  draw_flaky();
  draw_outages();
}

void Builders::draw_flaky() {
  const auto kept = static_cast<double>(calendar_.end() - since_);
  for (std::size_t test = 0; test < tests_.size(); ++test) {
    if (!random_.chance(kFlakyShare)) continue;
    Flaky flaky{test,
                std::clamp(random_.lognormal(0.012, 1.0), 0.001, 0.15),
                {},
                since_,
                calendar_.end(),
                random_.chance(kByOrder)};
    const bool is_on_one = random_.chance(kOneBuilder);
    const std::size_t one = flaky.by_order ? names_.size() - 1 : random_.below(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) flaky.on.push_back(flaky.by_order || is_on_one ? i == one : true);
    if (flaky.by_order) flaky.rate = 0.5 * random_.uniform(0.05, 0.3);  // behind the wrong one, on the same worker
    if (random_.chance(kSomeTime)) {
      const auto at = since_ + static_cast<Timestamp>(kept * random_.uniform(0.2, 0.8));
      (random_.chance(0.5) ? flaky.from : flaky.until) = at;
    }
    flaky_.push_back(std::move(flaky));
  }
}

void Builders::draw_outages() {
  const double months = static_cast<double>(calendar_.end() - since_) / static_cast<double>(30 * kDay);
  const auto any_time = [&] {
    return since_ + static_cast<Timestamp>(static_cast<double>(calendar_.end() - since_) * random_.uniform(0, 1));
  };
  for (std::size_t builder = 0; builder < names_.size(); ++builder)
    for (int i = random_.poisson(kOutagesAMonth * months); i > 0; --i) {
      const Timestamp at = any_time();
      outages_.push_back({builder, at, at + static_cast<Timestamp>(random_.lognormal(4 * kHour, 0.8)),
                          random_.uniform(0.25, 1), random_.uniform(0.5, 1)});
    }
  const Timestamp bad = any_time();
  outages_.push_back({random_.below(names_.size()), bad,
                      bad + static_cast<Timestamp>(random_.uniform(2, 7) * static_cast<double>(kDay)),
                      random_.uniform(0.25, 0.6), random_.uniform(0.3, 0.8)});
}

std::string Builders::assertion(std::size_t test) {
  return fmt::format("AssertionError: {} is {}, expected {}", tests_[test].substr(tests_[test].rfind("::") + 2),
                     random_.below(1000), random_.below(1000));
}

std::vector<std::pair<std::size_t, Builders::Failure>> Builders::failures(std::size_t builder, Timestamp at,
                                                                          const std::vector<std::size_t>& own,
                                                                          const std::vector<std::size_t>& base) {
  std::map<std::size_t, Failure> found;
  for (const auto test : base) found.emplace(test, Failure{Cause::base, assertion(test), 1});
  for (const auto test : own) found.emplace(test, Failure{Cause::own, assertion(test), 1});
  for (std::size_t i = 0; i < flaky_.size(); ++i) {
    const Flaky& flaky = flaky_[i];
    const bool fails = random_.chance(flaky.rate);
    if (!fails || !flaky.on[builder] || at < flaky.from || at >= flaky.until) continue;
    const bool looks_real = static_cast<double>(mix(i, flaky.test) % 1000) < 1000 * kLooksReal;
    found.emplace(flaky.test,
                  Failure{Cause::flaky,
                          looks_real ? assertion(flaky.test)
                                     : fmt::format("TimeoutError: nothing within {:.2f} s", random_.uniform(5, 60)),
                          flaky.rate});
  }
  for (const Outage& outage : outages_) {
    if (outage.builder != builder || at < outage.from || at >= outage.until || !random_.chance(outage.often)) continue;
    for (std::size_t test = 0; test < tests_.size(); ++test)
      if (random_.chance(outage.share))
        found.emplace(test, Failure{Cause::machine,
                                    random_.chance(0.8)
                                        ? fmt::format("OSError: [Errno 28] no space left on device: '/tmp/build-{}'",
                                                      random_.below(100000))
                                        : fmt::format("ConnectionError: 10.0.0.{} does not answer", random_.below(255)),
                                    outage.share});
  }
  return {found.begin(), found.end()};
}

void Builders::one(CiRun run, std::size_t builder, const std::vector<std::size_t>& own,
                   const std::vector<std::size_t>& base, int tries) {
  run.builder = names_[builder];
  run.tests.clear();
  run.failed = false;
  double seconds = 120;
  const auto failed = failures(builder, run.start, own, base);
  auto next = failed.begin();
  for (std::size_t test = 0; test < tests_.size(); ++test) {
    TestOutcome outcome{tests_[test], false, {}, {}, seconds_[test] * random_.lognormal(1, 0.1)};
    if (next != failed.end() && next->first == test) {
      outcome.message = next->second.message;
      outcome.tries = {true};
      if (builder == kRetries) outcome.tries.push_back(random_.chance(next->second.again));
      outcome.failed = outcome.tries.back();
      run.failed = run.failed || outcome.failed;
      ++next;
    }
    seconds += outcome.seconds / 4;
    run.tests.push_back(std::move(outcome));
  }
  run.end = run.start + static_cast<Timestamp>(seconds);
  run.started = run.start < calendar_.end(), run.finished = run.end < calendar_.end();
  const std::int64_t id = writer_.ci_run(run);
  if (!run.finished) return;
  next = failed.begin();
  for (const auto& outcome : run.tests) {
    if (outcome.tries.empty()) continue;
    if (run.pull != 0)
      truth_ << fmt::format("{{\"run\": \"{}\", \"pull\": {}, \"test\": \"{}\", \"cause\": \"{}\", \"failed\": {}}}\n",
                            id, run.pull, outcome.name, cause_name(next->second.cause), outcome.failed);
    ++next;
  }
  if (!run.failed || tries >= kMostRuns || !random_.chance(kRunAgain)) return;
  run.start = run.end + random_.between(600, 6 * kHour);
  one(std::move(run), builder, own, base, tries + 1);
}

void Builders::run(const CiRun& first, Timestamp pushed, const std::vector<std::size_t>& own,
                   const std::vector<std::size_t>& base) {
  for (std::size_t builder = 0; builder < names_.size(); ++builder) {
    CiRun run = first;
    run.start = std::max(first.start, pushed) + random_.between(30, 40 * kMinute);  // until a machine is free
    one(std::move(run), builder, own, base, 1);
  }
}

void Builders::finish() {
  truth_.flush();
  if (!truth_) throw Error(fmt::format("{} cannot be written", file_.string()), "check the space on the disk");
}

}  // namespace resident::simulation
