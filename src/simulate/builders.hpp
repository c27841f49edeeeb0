// Continuous integration on several builders, with all that makes failures hard to blame, and the cause of each failure
// written down: tests that flake (at rates, on some builders, for a while, by the order in which a builder runs them),
// a main branch that is broken for some hours, changes that break tests of their own, builders that are out for hours
// and one that goes bad for days, tries within a run, and runs that somebody starts again.
//
// Nothing here knows how verdicts are reached: rates and times are drawn from wide distributions, messages of flakes
// look like those of real failures for a third of the tests, and the trouble of a builder begins at any time.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "simulate/ci.hpp"

namespace resident::simulation {

enum class Cause { own, base, flaky, machine };
const char* cause_name(Cause cause);

class Builders {
 public:
  struct Flaky {
    std::size_t test;
    double rate;
    std::vector<bool> on;  // by builder
    Timestamp from, until;
    bool by_order;  // where the order is drawn anew for each run
  };
  struct Outage {
    std::size_t builder;
    Timestamp from, until;
    double share;  // of a run's tests that it takes along
    double often;  // of the runs in that time
  };

  // truth: file of the causes, a line of JSON for each failure.
  Builders(std::uint64_t seed, const Calendar& calendar, std::int64_t count, Timestamp since,
           const std::vector<std::string>& tests, RecordWriter& writer, const std::filesystem::path& truth);

  // The tests of a commit, on every builder. own: what the change breaks; base: what the main branch it stands on does.
  void run(const CiRun& first, Timestamp pushed, const std::vector<std::size_t>& own,
           const std::vector<std::size_t>& base);
  void finish();

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<Flaky>& flaky() const { return flaky_; }
  const std::vector<Outage>& outages() const { return outages_; }

 private:
  struct Failure {
    Cause cause;
    std::string message;
    double again;  // that it fails when tried again
  };
  void draw_flaky();
  void draw_outages();
  void one(CiRun run, std::size_t builder, const std::vector<std::size_t>& own, const std::vector<std::size_t>& base,
           int tries);
  std::vector<std::pair<std::size_t, Failure>> failures(std::size_t builder, Timestamp at,
                                                        const std::vector<std::size_t>& own,
                                                        const std::vector<std::size_t>& base);
  std::string assertion(std::size_t test);

  const Calendar& calendar_;
  RecordWriter& writer_;
  Random random_;
  const std::vector<std::string>& tests_;
  Timestamp since_;
  std::vector<std::string> names_;
  std::vector<double> seconds_;  // of each test
  std::vector<Flaky> flaky_;
  std::vector<Outage> outages_;
  std::filesystem::path file_;
  std::ofstream truth_;
};

}  // namespace resident::simulation
