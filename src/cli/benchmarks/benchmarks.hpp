// What `resident bench` does, an action a file. Without a store: read, changes --from, compare of files, and confirm,
// which then keeps nothing.
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
  double size = 5;          // compare, gate: per cent
  bool is_partial = false;  // gate: what only the first run has was left out on purpose
  // confirm
  std::string clone = ".", commit, series;
  std::int64_t most_runs = 200;
  double timeout = 0, least = 0.02;
  bool restart = false;
  std::optional<std::int64_t> minutes;  // next
};

// Whether the store that is named is there: these commands do without.
bool has_store(const Invocation& invocation);

// resident bench read FILE…: what files of benchmark results say.
int bench_read(const Invocation& invocation, const BenchOptions& options);
// resident bench changes --from FILE: steps in series.
int bench_changes(const Invocation& invocation, const BenchOptions& options);
// resident bench compare A B: two files, or folders of files, benchmark by benchmark. is_gate: 3 where something is
// slower (or larger, …) by more than the size, surely, or what was measured before is not any more.
int bench_compare(const Invocation& invocation, const BenchOptions& options, bool is_gate);
// resident bench confirm --commit COMMIT -- COMMAND: the commit and its parent, run in turn until it is sure whether
// the number that the command prints moved; kept in the store, where there is one.
int bench_confirm(const Invocation& invocation, const BenchOptions& options);

}  // namespace resident
