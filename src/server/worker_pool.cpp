#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <server/worker_pool.hpp>
#include <set>
#include <thread>
#include <vector>

namespace resident::server {

struct WorkerPool::Implementation {
  struct Job {
    std::string lane;
    std::function<void()> run;
  };
  const std::size_t most_waiting;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> waiting;
  std::set<std::string> busy;  // lanes of which a job runs
  std::size_t running = 0;
  bool stopping = false;
  std::vector<std::thread> threads;

  explicit Implementation(std::size_t most) : most_waiting(most) {}

  // The first job whose lane is free.
  std::deque<Job>::iterator next() {
    return std::find_if(waiting.begin(), waiting.end(),
                        [&](const Job& job) { return job.lane.empty() || !busy.contains(job.lane); });
  }

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      auto found = waiting.end();
      changed.wait(lock, [&] { return stopping || (found = next()) != waiting.end(); });
      if (stopping) return;
      Job job = std::move(*found);
      waiting.erase(found);
      if (!job.lane.empty()) busy.insert(job.lane);
      ++running;
      lock.unlock();
      job.run();
      job.run = nullptr;  // what it holds may take locks of its own
      lock.lock();
      --running;
      busy.erase(job.lane);
      changed.notify_all();
    }
  }
};

WorkerPool::WorkerPool(std::size_t threads, std::size_t most_waiting)
    : implementation_(std::make_unique<Implementation>(most_waiting)) {
  for (std::size_t i = 0; i < threads; ++i) implementation_->threads.emplace_back([this] { implementation_->work(); });
}

WorkerPool::~WorkerPool() {
  join();
}

void WorkerPool::join() {
  stop(std::chrono::milliseconds(0));
  for (auto& thread : implementation_->threads) thread.join();
  implementation_->threads.clear();
}

bool WorkerPool::post(const std::string& lane, std::function<void()> job) {
  {
    const std::lock_guard lock(implementation_->mutex);
    if (implementation_->stopping || implementation_->waiting.size() >= implementation_->most_waiting) return false;
    implementation_->waiting.push_back({lane, std::move(job)});
  }
  implementation_->changed.notify_all();
  return true;
}

bool WorkerPool::stop(std::chrono::milliseconds patience) {
  std::deque<Implementation::Job> dropped;
  std::unique_lock lock(implementation_->mutex);
  implementation_->stopping = true;
  dropped.swap(implementation_->waiting);
  implementation_->changed.notify_all();
  return implementation_->changed.wait_for(lock, patience, [&] { return implementation_->running == 0; });
}

}  // namespace resident::server
