// What is true of the simulated project and nobody who reads its records is told:
// gathered while it runs, written to truth.json. docs/guide/simulation.md lists the
// keys.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "simulate/benchmarks.hpp"
#include "simulate/ci.hpp"
#include "simulate/history.hpp"
#include "simulate/people.hpp"
#include "simulate/simulate.hpp"

namespace resident::simulation {

// How often something happened, in the world with the resident and in the same
// world without.
struct Shares {
  std::int64_t items = 0, with = 0, without = 0;
  void count(bool happened_with, bool happened_without) {
    ++items;
    with += happened_with ? 1 : 0;
    without += happened_without ? 1 : 0;
  }
};

struct Truth {
  struct Duplicate {
    std::int64_t issue, original;
    bool noticed;
  };
  std::vector<Duplicate> duplicates;
  std::vector<std::pair<std::string, std::string>> reverts;  // reverting and reverted commit
  Shares pulls_answered, pulls_merged, issues_answered;      // in 7, 30 and 7 days
  std::int64_t newcomers = 0, newcomers_returned = 0;
  std::int64_t material_pulls = 0;
};

void write_truth(const std::filesystem::path& file, const SimulationOptions& options, const SimulationSummary& summary,
                 const Calendar& calendar, const People& people, const History& history, const Ci& ci,
                 const Benchmarks& benchmarks, const Truth& truth);

}  // namespace resident::simulation
