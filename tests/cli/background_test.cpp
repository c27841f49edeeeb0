#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <base/error.hpp>
#include <cli/dashboard/background.hpp>
#include <filesystem>

namespace resident {
namespace {

class Background : public testing::Test {
 protected:
  Background() { std::filesystem::remove(path_); }
  ~Background() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("resident-background-test-" + std::to_string(getpid()) + ".db");
};

TEST_F(Background, IsShownOnceItIsThere) {
  const auto database = Database::open(path_.string(), Access::write);
  const Context context{*database, 1, "p", "", false, {}};
  const auto work = std::make_shared<BackgroundWork>(std::chrono::milliseconds(1));
  std::atomic<bool> is_held = true;
  std::atomic<int> tries = 0;
  BackgroundPart<int> part(context, work, [&](const Context& by) -> std::unique_ptr<int> {
    EXPECT_NE(&by.database, &context.database);
    while (is_held) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (tries++ == 0) throw Error("not now");
    return std::make_unique<int>(7);
  });
  EXPECT_EQ(part.get(), nullptr);
  EXPECT_EQ(part.get(), nullptr);
  EXPECT_EQ(work->running, 1);
  EXPECT_EQ(work->made, 0u);
  is_held = false;
  const auto wait_for = [&](std::uint64_t made) {
    while (work->made < made) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  wait_for(1);
  EXPECT_THROW(part.get(), Error);
  part.get();  // begun anew
  wait_for(2);
  ASSERT_TRUE(part.get());
  EXPECT_EQ(*part.get(), 7);
  while (work->running > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST_F(Background, IsMadeAtOnceWhereNobodyIsToBeShownLess) {
  const auto file = Database::open(path_.string(), Access::write), memory = Database::open(":memory:");
  const auto seven = [](const Context&) { return std::make_unique<int>(7); };
  const Context of_file{*file, 1, "p", "", false, {}}, of_memory{*memory, 1, "p", "", false, {}};
  BackgroundPart<int> alone(of_file, nullptr, seven);
  EXPECT_EQ(*alone.get(), 7);
  BackgroundPart<int> in_memory(of_memory, std::make_shared<BackgroundWork>(std::chrono::milliseconds(0)), seven);
  EXPECT_EQ(*in_memory.get(), 7);
}

}  // namespace
}  // namespace resident
