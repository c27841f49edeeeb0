// What `resident bench` does, an action a file. Without a store: read, changes --from and compare of files.
#pragma once

#include <cli/command.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct BenchOptions {
  std::vector<std::string> places;
  std::string from;             // changes: a CSV with the columns series, position, value
  std::string method = "vote";  // vote, edivisive, l1, ttest
  std::optional<std::int64_t> window;
  std::optional<double> p, least_change;
  double size = 5;  // compare, gate: per cent
};

// resident bench read FILE…: what files of benchmark results say.
int bench_read(const Invocation& invocation, const BenchOptions& options);
// resident bench changes --from FILE: steps in series.
int bench_changes(const Invocation& invocation, const BenchOptions& options);
// resident bench compare A B: two files, or folders of files, benchmark by benchmark. is_gate: 3 where something is
// slower (or larger, …) by more than the size, surely.
int bench_compare(const Invocation& invocation, const BenchOptions& options, bool is_gate);

}  // namespace resident
