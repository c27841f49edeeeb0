#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <store/sync_lease.hpp>
#include <store/writer.hpp>
#include <tests/store/each_engine.hpp>
#include <thread>

namespace resident {
namespace {

class SyncLeases : public test::OnEachEngine {
 protected:
  SyncLeases() : OnEachEngine("sync_lease_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    if (IsSkipped()) return;
    location_ = url_ + (url_.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + schema_;
    if (url_.empty()) {  // in a file, for several connections
      location_ = std::filesystem::temp_directory_path() / ("resident-lease-" + std::to_string(getpid()) + ".db");
      remove();
      database_ = Database::open(location_);
    }
    for (const char* name : {"one", "two"}) ensure_source(*database_, ensure_project(*database_, name), "jsonl", name);
    ensure_project(*database_, "without sources");
  }
  void TearDown() override {
    OnEachEngine::TearDown();
    if (url_.empty()) remove();
  }
  void remove() const {
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(location_ + ending);
  }

  std::unique_ptr<SyncLease> take(const std::string& holder, std::int64_t every = 900, std::int64_t seconds = 60) {
    return SyncLease::take(*database_, Database::open(location_), holder, every, seconds);
  }
  static void wait(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

  std::string location_;
};

INSTANTIATE_TEST_SUITE_P(Engines, SyncLeases, test::kEngines, test::engine_name);

TEST_P(SyncLeases, EachProjectHasOneHolder) {
  const std::int64_t begun = SyncLease::now(*database_);
  auto first = take("a"), second = take("b");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->project_id() + second->project_id(), 3);  // one and two
  EXPECT_FALSE(take("c"));
  // Given back undone, it is there for the next; done, it is due again only later.
  const std::int64_t project = first->project_id();
  first.reset();
  first = take("c");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->project_id(), project);
  EXPECT_TRUE(SyncLease::is_any_due(*database_, begun, 900));
  first->done();
  EXPECT_FALSE(take("c"));
  EXPECT_TRUE(SyncLease::is_any_due(*database_, begun, 900));  // the other one
  second->done();
  EXPECT_FALSE(SyncLease::is_any_due(*database_, begun, 900));
  // The one that was gone through longest ago comes first.
  database_->execute("UPDATE sync_lease SET done_at = done_at - 2000 WHERE project_id = 1");
  database_->execute("UPDATE sync_lease SET done_at = done_at - 1000 WHERE project_id = 2");
  const auto next = take("d");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->project_id(), 1);
}

TEST_P(SyncLeases, TheDeadLoseTheirsAndTheLivingKeepIt) {
  auto living = take("living", 900, 3);
  ASSERT_TRUE(living);
  // Who was killed gives no sign of life.
  database_->execute("UPDATE sync_lease SET holder = 'dead', turn = 7, until = :until WHERE project_id <> :living",
                     {{"until", SyncLease::now(*database_) + 2}, {"living", living->project_id()}});
  EXPECT_FALSE(take("next"));
  wait(4500);
  const auto next = take("next");
  ASSERT_TRUE(next);
  EXPECT_NE(next->project_id(), living->project_id());
  EXPECT_FALSE(take("another"));  // longer than three seconds, and still the living one's
  EXPECT_TRUE(living->is_held());
}

// A worker that comes back after its lease has passed to another: it notices, and takes nothing from that one.
TEST_P(SyncLeases, WhoComesBackTooLateNotices) {
  auto late = take("late", 900, 3);
  ASSERT_TRUE(late);
  const Parameters project{{"project", late->project_id()}};
  database_->execute(
      "UPDATE sync_lease SET holder = 'other', turn = turn + 1, until = until + 1000 WHERE project_id = :project",
      project);
  for (int i = 0; i < 50 && late->is_held(); ++i) wait(100);
  EXPECT_FALSE(late->is_held());
  late->done();
  EXPECT_EQ(database_->text("SELECT holder FROM sync_lease WHERE project_id = :project", project), "other");
  EXPECT_EQ(database_->integer("SELECT done_at FROM sync_lease WHERE project_id = :project", project), 0);
}

}  // namespace
}  // namespace resident
