#include <fmt/format.h>
#include <unistd.h>

#include <base/progress.hpp>
#include <base/time.hpp>
#include <cstdio>
#include <utility>

namespace resident {

namespace {

double seconds_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), enabled_(isatty(STDERR_FILENO) == 1) {
  start_ = last_draw_ = window_start_ = SteadyClock::now();
}

Progress::~Progress() {
  finish();
}

void Progress::advance(std::uint64_t steps) {
  done_ += steps;
  if (!enabled_) return;
  const auto now = SteadyClock::now();
  if (seconds_between(last_draw_, now) < 0.1) return;
  last_draw_ = now;
  draw();
}

void Progress::draw() {
  const auto now = SteadyClock::now();
  std::string line = total_ ? fmt::format("{}: {} of {} ({}%)", what_, done_, total_, done_ * 100 / total_)
                            : fmt::format("{}: {}", what_, done_);
  if (total_ && done_ < total_ && seconds_between(start_, now) > 2) {
    const std::uint64_t recent = done_ - window_done_;
    const double rate = recent ? static_cast<double>(recent) / seconds_between(window_start_, now) : 0;
    if (rate > 0) line += fmt::format(", {} left", format_duration(static_cast<double>(total_ - done_) / rate));
    if (recent > total_ / 10) window_done_ = done_, window_start_ = now;
  }
  if (!note_.empty()) line += " · " + note_;
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  drawn_ = true;
}

void Progress::finish() {
  if (drawn_) std::fprintf(stderr, "\r\033[K");
  drawn_ = false;
}

}  // namespace resident
