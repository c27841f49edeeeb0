// Something that takes long to learn, made on a thread and by a connection of its own while pages are shown without it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <framework/analysis.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace resident {

// What the parts of all desks have in common.
struct BackgroundWork {
  explicit BackgroundWork(std::chrono::milliseconds given) : patience(given) {}
  const std::chrono::milliseconds patience;  // of a page with a part that is being made
  std::atomic<std::uint64_t> made{0};        // parts so far: pages that were shown without one are old, then
  std::atomic<int> running{0};
};

// For one user at a time, as the desk is.
template <class T>
class BackgroundPart {
 public:
  using Make = std::function<std::unique_ptr<T>(const Context&)>;
  // work: null where nobody is to be shown anything without it; then, and of a store in memory, it is made at once.
  BackgroundPart(const Context& context, std::shared_ptr<BackgroundWork> work, Make make)
      : context_(context), work_(std::move(work)), make_(std::move(make)) {}

  // Null: it is still being made. Throws what its making threw; then it is begun anew the next time.
  T* get() {
    if (!state_) begin();
    std::unique_lock lock(state_->mutex);
    const auto is_done = [&] { return state_->is_done; };
    if (!state_->is_done && work_) state_->done.wait_for(lock, work_->patience, is_done);
    if (!state_->is_done) return nullptr;
    if (state_->trouble) {
      const auto trouble = state_->trouble;
      lock.unlock();
      state_.reset();
      std::rethrow_exception(trouble);
    }
    return state_->made.get();
  }

 private:
  // Outlives whoever asked: a thread that learns can't be told to end.
  struct State {
    std::unique_ptr<Database> database;
    std::unique_ptr<Context> context;
    std::mutex mutex;
    std::condition_variable done;
    bool is_done = false;
    std::unique_ptr<T> made;
    std::exception_ptr trouble;

    void make(const Make& how, const Context& by) {
      std::unique_ptr<T> result;
      std::exception_ptr problem;
      try {
        result = how(by);
      } catch (...) {
        problem = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      made = std::move(result);
      trouble = problem;
      is_done = true;
      done.notify_all();
    }
  };

  void begin() {
    state_ = std::make_shared<State>();
    if (work_) state_->database = context_.database.open_reader();
    if (!state_->database) return state_->make(make_, context_);
    state_->context = std::make_unique<Context>(context_.through(*state_->database));
    ++work_->running;
    std::thread([state = state_, work = work_, how = make_] {
      state->make(how, *state->context);
      ++work->made;
      --work->running;
    }).detach();
  }

  const Context& context_;
  std::shared_ptr<BackgroundWork> work_;
  Make make_;
  std::shared_ptr<State> state_;
};

}  // namespace resident
