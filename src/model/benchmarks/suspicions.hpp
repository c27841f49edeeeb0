// Of which speed events a pull request is suspected: those at its own commits, and those that began where its commits
// lie between two measured ones. The events are kept, so that a page of one pull request finds no changes anew.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>

namespace resident {

struct SpeedSuspicion {
  std::string sha;  // at which the event stands
  Timestamp at = 0;
  std::string series;                    // the one that changed most
  std::size_t changed = 0;               // series in all
  double change = 0, low = 0, high = 0;  // of that one, relative, with its 95 % interval
  bool is_worse = false;                 // more of them changed to the worse than to the better
  bool machine_changed = false, recovered = false;
  std::size_t suspects = 1;  // commits that may be the cause, the measured one among them

  // "2026-03-01: +7.3 % [6.1, 8.5] in json_loads and 3 more, one of 4 commits".
  std::string words() const;
};

// item_id: of the pull request. Newest first.
std::vector<SpeedSuspicion> speed_suspicions(const Context& context, std::int64_t item_id);

// What became faster or slower in a period, for reports: the events that were found in it, which is when their commit
// was first measured. Nothing of later is looked at.
struct SpeedPeriod {
  std::int64_t runs = 0;  // of benchmarks, in the period
  std::vector<SpeedSuspicion> events;

  bool is_empty() const { return runs == 0; }
  // "7 runs of benchmarks; 2 events, 1 of them to the worse."
  std::string sentence() const;
};
SpeedPeriod speed_of_period(const Context& context, Timestamp begin, Timestamp end);

}  // namespace resident
