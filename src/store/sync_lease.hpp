// A worker's right to bring one project up to date, so that any number of workers, on any number of machines, can share
// the projects of a store. A lease holds for a minute from the last sign of life, which a thread of its own gives every
// twenty seconds; so whoever is killed, or loses its machine or network, loses the project to another one, who goes on
// from the last checkpoint. Times are by the store's clock. On PostgreSQL workers do not wait for one another
// (FOR UPDATE SKIP LOCKED); on SQLite one writes at a time anyway.
//
// Should a worker come back after its lease has passed to another (a machine that slept), then both read the same
// project for a while: rows have keys, so nothing is there twice, and a Writer stops where another one has written
// meanwhile.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <store/database.hpp>
#include <string>
#include <thread>

namespace resident {

class SyncLease {
 public:
  static constexpr std::int64_t kSeconds = 60;

  // The project that was gone through longest ago, of those with sources that nobody is at and that were not gone
  // through in the last so many seconds; nothing where there is none. beside: another connection for writing to the
  // same store, for the signs of life.
  static std::unique_ptr<SyncLease> take(Database& database, std::unique_ptr<Database> beside,
                                         const std::string& holder, std::int64_t every,
                                         std::int64_t seconds = kSeconds);
  ~SyncLease();  // without done(): it is free for others at once, and not gone through
  SyncLease(const SyncLease&) = delete;
  SyncLease& operator=(const SyncLease&) = delete;

  std::int64_t project_id() const { return project_; }
  // False once it has passed to another worker.
  bool is_held() const { return is_held_; }
  // It was gone through.
  void done();
  // Seconds by the store's clock.
  static std::int64_t now(Database& database);
  // Whether some project was due at that moment, and has not been gone through since; whoever is at it.
  static bool is_any_due(Database& database, std::int64_t at, std::int64_t every);

 private:
  SyncLease(std::unique_ptr<Database> beside, std::int64_t project, std::string holder, std::int64_t turn,
            std::int64_t seconds);
  void keep_alive();
  void give_back(bool is_done);

  std::unique_ptr<Database> beside_;  // of the thread, until it has ended
  std::int64_t project_;
  std::string holder_;
  std::int64_t turn_, seconds_;
  std::atomic<bool> is_held_ = true;
  bool ends_ = false, is_given_back_ = false;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::thread thread_;
};

}  // namespace resident
