// Progress of long work, on stderr, and only where stderr is a terminal. The
// remaining time is the rest at the mean speed of the last tenth of the work,
// and nothing is claimed before two seconds have passed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace resident {

class Progress {
 public:
  // total 0: unknown.
  Progress(std::string what, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void advance(std::uint64_t steps = 1);
  void set_total(std::uint64_t total) { total_ = total; }
  // What stands at the line's end: what is left of a budget, say.
  void set_note(std::string note) { note_ = std::move(note); }
  void finish();

 private:
  void draw();
  using SteadyClock = std::chrono::steady_clock;
  std::string what_, note_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  bool enabled_;
  bool drawn_ = false;
  SteadyClock::time_point start_, last_draw_, window_start_;
  std::uint64_t window_done_ = 0;
};

}  // namespace resident
