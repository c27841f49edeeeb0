#include <gtest/gtest.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

// Imported and migrated items: what happened to them is dated before they were opened, and commits before their
// parents.
test::History backwards_history() {
  test::History history = test::random_history(3);
  std::mt19937_64 random(4);
  for (auto& each : history.items) {
    if (random() % 2) continue;
    const Timestamp by = static_cast<Timestamp>(random() % (400 * kDay));
    for (auto& one : each.events)
      if (one.occurred_at) *one.occurred_at -= by;
    for (auto& one : each.comments) one.created_at -= by;
    for (auto& one : each.reviews)
      if (one.submitted_at) *one.submitted_at -= by;
    for (auto* moment : {&each.closed_at, &each.merged_at})
      if (*moment) **moment -= by;
    each.updated_at = each.created_at - by;
  }
  for (std::size_t i = 1; i < history.commits.size(); ++i) {
    history.commits[i].parents = {history.commits[i - 1].sha};
    if (i % 7 == 0) {
      history.commits[i].subject = "Revert \"subject\"";
      history.commits[i].marks = {{"reverts", history.commits[i - 3].sha, {}}};
    }
    if (i % 5 == 0) {
      history.commits[i].on_default = false;
      history.commits[i].subject = "[1.0] subject";
      history.commits[i].marks = {{"cherry-picked-from", history.commits[i - 2].sha, {}}};
    }
  }
  return history;
}

// No duration, no age and no count of any answer is below nothing, whichever way times run.
TEST(BackwardsTimes, NoAnswerIsNegative) {
  const auto database = Database::open(":memory:");
  test::write(*database, "p", backwards_history());
  int ran = 0, cells = 0;
  for (const char* as_of : {"2020-06-01", "2021-06-01", "2024-01-01"})
    for (const auto* analysis : analyses()) {
      std::vector<Result> results;
      try {
        results = analysis->run(open_context(*database, Config(), "p", test::at(as_of), test::kForever));
      } catch (const Error& error) {
        ASSERT_EQ(error.kind(), ErrorKind::usage) << analysis->name << ": " << error.what();
        continue;  // wants an argument
      }
      ++ran;
      for (const auto& result : results)
        for (const auto& row : result.rows)
          for (std::size_t i = 0; i < row.size(); ++i) {
            if (result.columns[i].type != ColumnType::duration && result.columns[i].type != ColumnType::integer)
              continue;
            ++cells;
            const auto* whole = std::get_if<std::int64_t>(&row[i]);
            const auto* number = std::get_if<double>(&row[i]);
            EXPECT_FALSE((whole && *whole < 0) || (number && *number < 0))
                << result.name << "." << result.columns[i].name << " as of " << as_of;
          }
    }
  EXPECT_GT(ran, 30);
  EXPECT_GT(cells, 1000);
}

}  // namespace
}  // namespace resident
