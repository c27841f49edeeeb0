#include <algorithm>
#include <base/parallel.hpp>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace resident {

unsigned processor_count() {
  return std::max(1U, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t pieces, unsigned workers,
                  const std::function<void(unsigned worker, std::size_t piece)>& work, const std::atomic<bool>* stop) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&](unsigned worker) noexcept {
    try {
      for (std::size_t piece; (piece = next++) < pieces && !(stop && *stop);) work(worker, piece);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = pieces;
    }
  };
  {
    std::vector<std::jthread> threads;  // joined where it ends, whatever is thrown
    threads.reserve(workers);
    try {
      for (unsigned worker = 1; worker < workers && worker < pieces; ++worker) threads.emplace_back(run, worker);
    } catch (const std::system_error&) {
      // No more threads are to be had: those there are do it all.
    }
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace resident
