#include <gtest/gtest.h>

#include <atomic>
#include <base/parallel.hpp>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

using resident::parallel_for;

TEST(Parallel, EachPieceOnce) {
  for (const unsigned workers : {0U, 1U, 3U, 50U}) {
    std::vector<std::atomic<int>> times(1000);
    parallel_for(times.size(), workers, [&](unsigned, std::size_t piece) { ++times[piece]; });
    for (const auto& each : times) EXPECT_EQ(each, 1);
  }
  parallel_for(0, 4, [](unsigned, std::size_t) { FAIL(); });
}

TEST(Parallel, WorkersAreNumberedAndTheCallerIsTheFirst) {
  std::vector<std::thread::id> ids(4);
  parallel_for(400, 4, [&](unsigned worker, std::size_t) { ids.at(worker) = std::this_thread::get_id(); });
  EXPECT_TRUE(ids[0] == std::thread::id() || ids[0] == std::this_thread::get_id());
  for (std::size_t i = 1; i < ids.size(); ++i) EXPECT_NE(ids[i], std::this_thread::get_id());
}

TEST(Parallel, WhatThrowsInAThreadIsThrownToTheCaller) {
  std::atomic<int> begun = 0;
  const auto run = [&](std::size_t bad) {
    parallel_for(100'000, 4, [&](unsigned, std::size_t piece) {
      ++begun;
      if (piece == bad) throw std::runtime_error("piece");
      std::this_thread::yield();
    });
  };
  EXPECT_THROW(run(0), std::runtime_error);
  EXPECT_THROW(run(777), std::runtime_error);
  EXPECT_LT(begun, 100'000);  // no new ones were begun
  // All of them at once: one is thrown, the others are let go.
  EXPECT_THROW(parallel_for(64, 8, [](unsigned, std::size_t) { throw std::bad_alloc(); }), std::bad_alloc);
}

TEST(Parallel, StopsWhenItIsTold) {
  std::atomic<bool> stop = false;
  std::atomic<int> done = 0;
  parallel_for(
      100'000, 3,
      [&](unsigned, std::size_t piece) {
        ++done;
        if (piece == 10) stop = true;
      },
      &stop);
  EXPECT_LT(done, 100'000);
}
