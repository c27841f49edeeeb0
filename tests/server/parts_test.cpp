#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <server/page_cache.hpp>
#include <server/worker_pool.hpp>
#include <thread>

namespace resident::server {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const KeptPage> page_of(std::size_t size) {
  auto page = std::make_shared<KeptPage>();
  page->document = std::make_shared<const std::string>(size, 'x');
  return page;
}

TEST(PageCache, KeepsOneVersionOfARequest) {
  PageCache cache(1 << 20);
  cache.keep("a", "1", page_of(10));
  EXPECT_NE(cache.find("a", "1"), nullptr);
  EXPECT_EQ(cache.find("a", "2"), nullptr);
  EXPECT_EQ(cache.find("b", "1"), nullptr);
  const std::size_t one = cache.size();
  cache.keep("a", "2", page_of(10));
  EXPECT_EQ(cache.size(), one);
  EXPECT_EQ(cache.find("a", "1"), nullptr);
  EXPECT_NE(cache.find("a", "2"), nullptr);
}

TEST(PageCache, IsBoundedInBytesAndDropsWhatWasUsedLongestAgo) {
  PageCache cache(200'000);
  for (const char* key : {"a", "b", "c"}) cache.keep(key, "1", page_of(10'000));
  EXPECT_NE(cache.find("a", "1"), nullptr);
  cache.keep("d", "1", page_of(10'000));
  EXPECT_EQ(cache.find("b", "1"), nullptr);
  EXPECT_NE(cache.find("a", "1"), nullptr);
  for (int i = 0; i < 1000; ++i) {
    cache.keep("key" + std::to_string(i), "1", page_of(static_cast<std::size_t>(i)));
    EXPECT_LE(cache.size(), 200'000u);
  }
  cache.keep("large", "1", page_of(1'000'000));
  EXPECT_EQ(cache.find("large", "1"), nullptr);
  EXPECT_NE(cache.find("key999", "1"), nullptr);
}

TEST(WorkerPool, RunsOneJobOfALaneAtATimeAndOthersBeside) {
  std::atomic<int> at_once{0}, most{0}, done{0};
  std::promise<void> others_ran;
  {
    WorkerPool pool(4, 100);
    for (int i = 0; i < 5; ++i)
      ASSERT_TRUE(pool.post("lane", [&] {
        most = std::max(most.load(), ++at_once);
        std::this_thread::sleep_for(5ms);
        --at_once;
        ++done;
      }));
    ASSERT_TRUE(pool.post("", [&] { others_ran.set_value(); }));
    EXPECT_EQ(others_ran.get_future().wait_for(5s), std::future_status::ready);
    EXPECT_LT(done, 5);
    while (done < 5) std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(most, 1);
}

TEST(WorkerPool, RefusesWhatIsTooMuchAndStops) {
  WorkerPool pool(1, 2);
  std::promise<void> begun, go_on;
  std::atomic<int> ran{0};
  ASSERT_TRUE(pool.post("", [&] {
    begun.set_value();
    go_on.get_future().wait();
    ++ran;
  }));
  begun.get_future().wait();
  EXPECT_TRUE(pool.post("", [&] { ++ran; }));
  EXPECT_TRUE(pool.post("", [&] { ++ran; }));
  EXPECT_FALSE(pool.post("", [&] { ++ran; }));
  EXPECT_FALSE(pool.stop(10ms)) << "one still runs";
  EXPECT_FALSE(pool.post("", [&] { ++ran; }));
  go_on.set_value();
  EXPECT_TRUE(pool.stop(5s));
  EXPECT_EQ(ran, 1) << "what waited was dropped";
}

}  // namespace
}  // namespace resident::server
