// Benchmark results as they stand in the store at a moment: series in order of their commits, what changed in them, and
// where the machine or its tools changed.
#pragma once

#include <framework/analysis.hpp>
#include <model/benchmarks/changes.hpp>

namespace resident {

struct StoredBenchmarks {
  std::vector<BenchmarkSeries> series;
  std::vector<std::string> units, better;  // one a series
  std::size_t runs = 0, without_commit = 0;
};
// Runs measured up to the as-of time, by the time of their commit, else of measuring. Several runs of a commit: their
// mean.
StoredBenchmarks load_benchmarks(const Context& context);

struct EnvironmentChange {
  Timestamp at = 0;
  std::string machine, sha, key, before, after;
};
std::vector<EnvironmentChange> environment_changes(const Context& context);

// Changes of the vote at one commit are one event.
struct SpeedEvent {
  std::string sha;
  Timestamp at = 0;
  std::vector<BenchmarkChange> changes;
  bool machine_changed = false;    // the environment changed between the run before and this one
  bool recovered = false;          // a later event takes most of it back
  double worse = 0, improved = 0;  // how many of its changes are to the worse, to the better
};
std::vector<SpeedEvent> speed_events(const Context& context, const StoredBenchmarks& stored, const ChangesFound& found);

}  // namespace resident
