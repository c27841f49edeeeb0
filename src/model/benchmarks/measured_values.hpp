// Every value of every run of benchmarks up to a moment, by series. Rows are slow to read by the million, so those of
// runs with a digest are kept packed, all of a project together, and only the runs that the kept do not have, or have
// with another digest, are read from their rows. What comes out is the same whatever is kept.
#pragma once

#include <cstdint>
#include <framework/analysis.hpp>
#include <string>
#include <vector>

namespace resident {

struct MeasuredRun {
  std::string key, sha, digest;
  Timestamp moment = 0;  // of its commit, else of measuring
  Timestamp measured_at = 0;
};
// Columns beside each other, in the order of the runs.
struct SeriesValues {
  std::int64_t series = 0;
  std::vector<std::uint32_t> runs;  // their places in MeasuredValues::runs
  std::vector<double> values;
};
struct MeasuredValues {
  std::vector<MeasuredRun> runs;     // by moment, commit, time of measuring, key
  std::vector<SeriesValues> series;  // by series; none without values
};

// Of fewer values than least_kept nothing is kept: they are read as quickly.
MeasuredValues measured_values(const Context& context, std::size_t least_kept = 50000);

}  // namespace resident
