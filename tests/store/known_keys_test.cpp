#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <store/known_keys.hpp>

namespace resident {
namespace {

using Keys = KnownKeys<std::string, std::int64_t>;

std::unique_ptr<Database> with_keys(int count) {
  auto database = Database::open(":memory:");
  database->execute_script("CREATE TABLE known (name TEXT PRIMARY KEY, number INTEGER NOT NULL)");
  for (int i = 0; i < count; ++i)
    database->execute("INSERT INTO known VALUES (:name, :number)",
                      {{"name", "key " + std::to_string(i)}, {"number", std::int64_t{i}}});
  return database;
}

Keys keys_of(Database& database, std::optional<Error>& failure) {
  return {database, failure, "SELECT name, number FROM known", "SELECT number FROM known WHERE name = :key", {}};
}

// Whatever is asked, set and erased, in any order, and however often: as a map that was read whole.
TEST(KnownKeys, AnswerAsAMapWould) {
  rc::check([] {
    const int count = *rc::gen::inRange(0, 40);
    const auto database = with_keys(count);
    std::optional<Error> failure;
    Keys keys = keys_of(*database, failure);
    std::map<std::string, std::int64_t> model;
    for (int i = 0; i < count; ++i) model["key " + std::to_string(i)] = i;
    const int steps = *rc::gen::elementOf(std::vector<int>{20, 100, Keys::kQuestions + 50});
    for (int step = 0; step < steps; ++step) {
      const std::string key = "key " + std::to_string(*rc::gen::inRange(0, steps > 200 ? 2000 : 60));
      const int what = *rc::gen::inRange(0, 40);
      if (what == 0) {
        keys.erase(key), model.erase(key);
      } else if (what == 1) {
        keys.set(key, step), model[key] = step;
      } else if (what == 2 && step > steps / 2) {
        std::map<std::string, std::int64_t> all;
        keys.for_each([&](const std::string& each, std::int64_t number) { all[each] = number; });
        RC_ASSERT(all == model);
      }
      const auto* found = keys.find(key);
      RC_ASSERT((found != nullptr) == model.contains(key));
      if (found) RC_ASSERT(*found == model[key]);
    }
  });
}

TEST(KnownKeys, WhatTheStoreFailsAtIsKept) {
  const auto database = Database::open(":memory:");
  std::optional<Error> failure;
  const Keys keys = keys_of(*database, failure);
  EXPECT_THROW(keys.find("x"), Error);
  EXPECT_TRUE(failure);
}

}  // namespace
}  // namespace resident
