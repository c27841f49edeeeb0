// How much processor time this thread has used, for tests of what grows with the square of its input: whatever else
// the machine does, it is the same.
#pragma once

#include <ctime>

namespace resident::test {

inline double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace resident::test
