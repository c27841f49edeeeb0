// Threads that make what takes time (pages, writes), apart from those that hold
// connections, so that a slow client never holds one. Bounded: beyond so many waiting
// jobs a new one is refused. Jobs of one lane run one after the other and take no
// thread while they wait for each other.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace resident::server {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t most_waiting);
  // Drops what waits and ends when what runs has ended.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // lane "": of no lane. A job must not throw. False: too many wait, or it is being stopped; the job is dropped.
  bool post(const std::string& lane, std::function<void()> job);
  // Drops what waits, takes nothing more, and waits at most that long for what runs; whether all ended.
  bool stop(std::chrono::milliseconds patience);
  // Stops, and waits until all that runs has ended. Jobs of another pool may post here after that, in vain.
  void join();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace resident::server
