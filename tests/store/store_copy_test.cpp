#include <gtest/gtest.h>

#include <base/error.hpp>
#include <store/store_copy.hpp>
#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {
namespace {

using namespace test;

// From a store in memory into one of each engine, and back.
class StoreCopy : public OnEachEngine {
 protected:
  StoreCopy() : OnEachEngine("store_copy_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    write(*source_, "one", random_history(3));
    write(*source_, "two", small_history());
    // Values that engines and lines of text could take for others.
    source_->insert({"label", {"project_id", "name", "color", "description"}, {"project_id", "name"}},
                    {{std::int64_t{1}, std::string("tab\tline\nback\\slash \\N"), std::string("ä\u2028'\""), Value()},
                     {std::int64_t{1}, std::string("empty"), std::string(), std::string("\\x00")}});
    source_->insert(
        {"learnt", {"project_id", "name", "part", "basis", "learnt_at", "content"}, {"project_id", "name", "part"}},
        {{std::int64_t{2}, std::string("bytes"), std::int64_t{0}, std::string("b"), std::int64_t{-1},
          Blob{std::string("\0\xff\\\n\t\x01", 6)}},
         {std::int64_t{2}, std::string("none"), std::int64_t{0}, std::string("b"),
          std::numeric_limits<std::int64_t>::min(), Blob{}}});
    source_->insert(
        {"speed_confirmation",
         {"project_id", "sha", "confirmed_at", "series", "verdict", "ratio", "low", "high", "probability", "runs"},
         {"project_id", "sha", "series", "confirmed_at"}},
        {{std::int64_t{1}, std::string("s"), std::int64_t{1}, std::string("x"), std::string("open"), 0.1, -0.0, 1e300,
          4.9e-324, std::int64_t{3}}});
  }

  static std::map<std::string, std::string> digests(const std::vector<CopiedTable>& tables) {
    std::map<std::string, std::string> all;
    for (const auto& each : tables)
      if (each.digest.n > 0) all[each.name] = std::to_string(each.digest.n) + " " + each.digest.text();
    return all;
  }
  static std::int64_t brought(const std::vector<CopiedTable>& tables) {
    std::int64_t sum = 0;
    for (const auto& each : tables) sum += each.brought;
    return sum;
  }

  std::unique_ptr<Database> source_ = Database::open(":memory:");
};

INSTANTIATE_TEST_SUITE_P(Engines, StoreCopy, kEngines, engine_name);

TEST_P(StoreCopy, ThereAndBackItIsTheSame) {
  const auto there = copy_store(*source_, *database_);
  EXPECT_GT(digests(there).size(), 10u);
  EXPECT_TRUE(digests(there).contains("event"));
  EXPECT_FALSE(digests(there).contains("migration"));
  const auto again = Database::open(":memory:");
  const auto back = copy_store(*database_, *again);
  EXPECT_EQ(digests(there), digests(back));
  const auto bytes = again->query("SELECT content FROM learnt WHERE name = 'bytes'");
  ASSERT_TRUE(bytes->next());
  EXPECT_EQ(bytes->value(0), Value(Blob{std::string("\0\xff\\\n\t\x01", 6)}));
  EXPECT_EQ(again->text("SELECT name FROM label WHERE description IS NULL"), "tab\tline\nback\\slash \\N");
}

// Cut off anywhere, the same again brings the rest, and no row twice.
TEST_P(StoreCopy, GoesOnWhereItWasCutOff) {
  std::int64_t whole = 0;
  std::map<std::string, std::string> expected;
  {
    const auto other = Database::open(":memory:");
    const auto all = copy_store(*source_, *other);
    whole = brought(all), expected = digests(all);
  }
  struct Cut {};
  for (const int after : {1, 8, 20, 50}) {
    int left = after;
    EXPECT_THROW(copy_store(*source_, *database_,
                            [&](const std::string&) {
                              if (--left == 0) throw Cut();
                            }),
                 Cut);
  }
  const auto rest = copy_store(*source_, *database_);
  EXPECT_LT(brought(rest), whole);
  EXPECT_EQ(digests(rest), expected);
  EXPECT_EQ(brought(copy_store(*source_, *database_)), 0);
}

TEST_P(StoreCopy, ASecondCopyBringsWhatIsNew) {
  copy_store(*source_, *database_);
  source_->execute(
      "UPDATE item SET title = 'another' WHERE project_id = 2 AND item_id = (SELECT min(item_id) FROM item WHERE "
      "project_id = 2)");
  source_->execute("DELETE FROM git_ref WHERE project_id = 1");
  const auto second = copy_store(*source_, *database_);
  for (const auto& each : second)
    EXPECT_EQ(each.brought,
              each.name == "item" ? source_->integer("SELECT count(*) FROM item WHERE project_id = 2") : 0)
        << each.name;
  EXPECT_EQ(database_->integer("SELECT count(*) FROM git_ref WHERE project_id = 1"), 0);
  EXPECT_EQ(database_->integer("SELECT count(*) FROM item WHERE title = 'another'"), 1);
}

TEST_P(StoreCopy, RefusesAStoreOfItsOwn) {
  write(*database_, "mine", small_history());
  EXPECT_THROW(copy_store(*source_, *database_), Error);
  EXPECT_EQ(database_->text("SELECT name FROM project"), "mine");
}

// What was written into the copy is neither taken away nor passed over.
TEST_P(StoreCopy, TellsOfATargetThatWasWrittenTo) {
  copy_store(*source_, *database_);
  database_->execute("UPDATE item SET title = 'edited in the copy' WHERE item_id = (SELECT min(item_id) FROM item)");
  EXPECT_THROW(copy_store(*source_, *database_), Error);
  source_->execute("UPDATE item SET title = 'edited in the source' WHERE item_id = (SELECT max(item_id) FROM item)");
  EXPECT_THROW(copy_store(*source_, *database_), Error);
  EXPECT_GT(database_->integer("SELECT count(*) FROM item WHERE title = 'edited in the copy'").value_or(0), 0);
}

}  // namespace
}  // namespace resident
