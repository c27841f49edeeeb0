// Daily measurements of main: noise of a few per cent, some outliers, one change of
// the machine (which changes everything and means nothing), and true changes, each
// made by one commit.
#pragma once

#include <string>
#include <vector>

#include "simulate/record_writer.hpp"

namespace resident::simulation {

struct Benchmark {
  std::string name, unit;
  std::uint8_t module;
  double base, noise;     // noise: standard deviation, relative
  double on_new_machine;  // factor
  double factor = 1;      // by the changes so far
};

struct BenchmarkChange {
  std::size_t benchmark;
  Timestamp due;       // not before
  double factor;       // above 1: slower, or more memory
  std::string commit;  // empty: not made yet
  std::int64_t pull = 0;
  Timestamp at = 0;
};

class Benchmarks {
 public:
  Benchmarks(std::uint64_t seed, const Calendar& calendar);
  // A commit on main that may be the one that is due.
  void commit(const std::string& id, std::int64_t pull, Timestamp at);
  // The newest commit of the day is measured, unless it was before.
  void measure(RecordWriter& writer, const std::string& commit, Timestamp at);

  const std::vector<Benchmark>& list() const { return list_; }
  const std::vector<BenchmarkChange>& changes() const { return changes_; }
  Timestamp machine_changed() const { return machine_changed_; }

 private:
  Random random_;
  std::vector<Benchmark> list_;
  std::vector<BenchmarkChange> changes_;
  Timestamp machine_changed_;
  std::string measured_;
};

}  // namespace resident::simulation
