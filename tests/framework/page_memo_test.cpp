#include <gtest/gtest.h>

#include <atomic>
#include <base/error.hpp>
#include <framework/page_memo.hpp>
#include <thread>

namespace resident {
namespace {

class PageMemoTest : public testing::Test {
 protected:
  Context context(const std::string& page) {
    Context made{*database_, 1, "p", "", false, {}};
    if (!page.empty()) made.arguments[PageMemo::kArgument] = page;
    return made;
  }
  std::shared_ptr<const int> ask(const std::string& page, const std::string& what) {
    return PageMemo::shared<int>(context(page), what, [this] { return std::make_shared<const int>(++made_); });
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
  int made_ = 0;
};

TEST_F(PageMemoTest, MakesOnceAPage) {
  EXPECT_EQ(*ask("", "a"), 1);
  EXPECT_EQ(*ask("", "a"), 2);
  std::string name;
  {
    const PageMemo page, other;
    name = page.name();
    EXPECT_EQ(*ask(page.name(), "a"), 3);
    EXPECT_EQ(*ask(page.name(), "a"), 3);
    EXPECT_EQ(*ask(page.name(), "b"), 4);
    EXPECT_EQ(*ask(other.name(), "a"), 5);
  }
  EXPECT_EQ(*ask(name, "a"), 6);  // it is over
}

TEST_F(PageMemoTest, ThrowsToAllWhoAsk) {
  const PageMemo page;
  const auto fail = [&] {
    PageMemo::shared<int>(context(page.name()), "a", []() -> std::shared_ptr<const int> { throw Error("no"); });
  };
  EXPECT_THROW(fail(), Error);
  EXPECT_THROW(ask(page.name(), "a"), Error);
}

TEST_F(PageMemoTest, ServesSeveralThreads) {
  const PageMemo page;
  std::atomic<int> made = 0, sum = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        sum += *PageMemo::shared<int>(context(page.name()), "a", [&] {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          return std::make_shared<const int>(++made);
        });
      });
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(sum, 4);
}

}  // namespace
}  // namespace resident
