// Hours of work read off the moments at which somebody did something: work is taken to come in sessions, and a session
// to go on while one act follows the other soon enough. The idea is that of git-hours (K. Brunfeldt, 2014); programs
// differ in what they add for the work before a session's first act, by a factor of three and more.
//
// Each act is given the time before it, so that hours can be put to what the act was about.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace resident::stats {

// All in seconds.
struct SessionRule {
  std::int64_t longest_gap = 7200;  // acts nearer to one another than this are of one session
  std::int64_t before_first = 0;    // the work before the first act of all
  std::int64_t before_later = 0;    // the work before the first act of each later session
};

// Seconds of work before each act. moments: ascending.
std::vector<double> seconds_before(std::span<const std::int64_t> moments, const SessionRule& rule);
// How many sessions these are.
std::int64_t count_sessions(std::span<const std::int64_t> moments, const SessionRule& rule);

}  // namespace resident::stats
