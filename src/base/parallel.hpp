// Work spread over processors. What throws in one of the threads is thrown to the caller once all have ended, and a
// thread that can't be started is done without: neither ends the program, and neither leaves a piece undone.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace resident {

// How many threads run at once here; at least 1.
unsigned processor_count();

// Calls work(worker, piece) once for each piece from 0 to pieces - 1, begun in this order by up to `workers` threads,
// of which the caller's is worker 0. After the first throw, or when *stop becomes true, no new pieces are begun.
// Results are the same for any number of workers as long as a piece touches nothing of another's.
void parallel_for(std::size_t pieces, unsigned workers,
                  const std::function<void(unsigned worker, std::size_t piece)>& work,
                  const std::atomic<bool>* stop = nullptr);

}  // namespace resident
