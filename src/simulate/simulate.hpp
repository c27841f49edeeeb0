// A made-up project whose truth is known, for demonstrations, tests of accuracy
// and measurements of speed. Real projects have no answer sheet: who the experts
// are, which test is flaky, what the resident's start really changed. Here all of
// that is drawn first, written to truth.json, and the records follow from it.
//
// The same options give the same bytes: no clock, no locale, no standard-library
// distributions. Memory is bounded by what is open at one time, not by the
// number of items. docs/guide/simulation.md describes the three files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/time.hpp"

namespace resident {

struct SimulationOptions {
  std::filesystem::path directory;  // made if absent; must not hold an earlier simulation
  std::uint64_t seed = 1;
  std::int64_t issues = 1000;
  double years = 5;
  Timestamp end = 1790812800;                    // 2026-10-01T00:00:00Z
  std::int64_t builders = 0;                     // of CI; 0: one, and of each run but the tests that matter
  bool repository = true;                        // false: commit ids are made up, and no git is run
  std::optional<Timestamp> resident_start = {};  // 18 months before the end without it
  // By so much people are answered and merged sooner once the resident is there (0.15: rates 1.15 times as high);
  // without it each by its own measure. At 0 the resident does others' work and changes nothing.
  std::optional<double> resident_effect = {};
};

struct SimulationSummary {
  std::int64_t issues = 0;
  std::int64_t pulls = 0;
  std::int64_t commits = 0;
  std::int64_t people = 0;
  std::int64_t events = 0;
  std::int64_t comments = 0;
  std::int64_t reviews = 0;
  std::int64_t ci_runs = 0;
  std::int64_t benchmarks = 0;
};

// Writes repository.git, project.jsonl and truth.json into the directory; with builders, ci-truth.jsonl too. Throws
// Error when the options make no sense, the directory is taken, or git fails.
SimulationSummary simulate(const SimulationOptions& options);

}  // namespace resident
