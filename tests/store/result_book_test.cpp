#include <gtest/gtest.h>

#include <base/error.hpp>
#include <random>
#include <store/message_mask.hpp>
#include <store/result_book.hpp>

namespace resident {
namespace {

using ci::Outcome;

ci::TestResult result(std::string name, std::vector<Outcome> attempts, std::optional<double> seconds = {},
                      std::string message = {}) {
  return {"suite", std::move(name), ci::outcome_of(attempts), attempts, seconds, std::move(message)};
}

class Results : public testing::Test {
 protected:
  Results()
      : database_(Database::open(":memory:")),
        project_(ensure_project(*database_, "p")),
        source_(ensure_source(*database_, project_, "results", "x")) {}

  bool add(TestRunRecord run) {
    Writer writer(*database_, project_, source_);
    ResultBook book(writer);
    const bool is_new = book.add(run);
    book.flush(writer);
    writer.checkpoint("c");
    return is_new;
  }
  TestRunRecord run(int number, std::vector<ci::TestResult> results) {
    return {"run " + std::to_string(number), "linux", "abc", "main", {}, 1000 + number, std::move(results), {}};
  }
  // "name: outcomes of its runs, by number of the run".
  std::string told(std::int64_t test_id) {
    std::string text;
    for (const auto rows = database_->query(
             "SELECT tile FROM result_tile WHERE project_id = 1 AND test_group = :group ORDER BY first_run",
             {{"group", test_id / 256}});
         rows->next();)
      read_tile(std::get<Blob>(rows->value(0)).bytes, static_cast<int>(test_id % 256),
                [&](std::int64_t number, std::uint8_t, const TestState& state, std::uint8_t) {
                  text += std::to_string(number) + ":";
                  for (const auto outcome : state.attempts) text += std::string(ci::outcome_name(outcome)) + " ";
                });
    return text;
  }
  std::int64_t count(const std::string& table) {
    return database_->integer("SELECT count(*) FROM " + table).value_or(-1);
  }

  std::unique_ptr<Database> database_;
  std::int64_t project_, source_;
};

TEST_F(Results, AreTheSameAgainAndChangeNothing) {
  const auto first =
      run(1, {result("a", {Outcome::pass}, 0.5), result("b", {Outcome::fail, Outcome::pass}, 1, "boom 12")});
  EXPECT_TRUE(add(first));
  EXPECT_FALSE(add(first));
  EXPECT_EQ(count("test_run"), 1);
  EXPECT_EQ(count("result_tile"), 1);
  EXPECT_EQ(told(2), "1:fail pass ");
  const auto rows = database_->query("SELECT tests, failed FROM test_run");
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 2);
  EXPECT_EQ(rows->integer(1), 0) << "passed when tried again: flaky, not failed";
  EXPECT_EQ(database_->text("SELECT attempts FROM test_failure WHERE test_id = 2"), "fail pass");
  EXPECT_EQ(count("test_failure"), 1);
  EXPECT_EQ(database_->text("SELECT masked FROM test_message").value_or(""), "boom N");
  EXPECT_EQ(database_->text("SELECT example FROM test_message").value_or(""), "boom 12");
}

// A file that has grown: what is known comes again, in one book with what is new.
TEST_F(Results, KnownOnesBeforeNewOnesLeaveNoMarks) {
  const auto first = run(1, {result("a", {Outcome::pass}), result("b", {Outcome::fail}, {}, "boom")});
  const auto second = run(2, {result("b", {Outcome::fail}, {}, "boom"), result("c", {Outcome::pass})});
  ASSERT_TRUE(add(first));
  {
    Writer writer(*database_, project_, source_);
    ResultBook book(writer);
    EXPECT_FALSE(book.add(first));
    EXPECT_TRUE(book.add(second));
    book.flush(writer);
    writer.checkpoint("c");
  }
  EXPECT_EQ(count("test_run"), 2);
  EXPECT_EQ(told(1), "1:pass ");
  EXPECT_EQ(told(2), "1:fail 2:fail ");  // one try a run, not two
  EXPECT_EQ(told(3), "2:pass ");
}

TEST_F(Results, OtherOnesOfTheSameRunReplaceThem) {
  add(run(1, {result("a", {Outcome::pass})}));
  EXPECT_TRUE(add(run(1, {result("a", {Outcome::fail})})));
  EXPECT_EQ(count("test_run"), 1);
  EXPECT_EQ(count("test_failure"), 1);
  EXPECT_EQ(database_->integer("SELECT run_number FROM test_run"), 2) << "a number is never given twice";
}

TEST_F(Results, TheSameTestTwiceInARunIsTwoTries) {
  add(run(1, {result("a", {Outcome::fail}), result("a", {Outcome::pass})}));
  EXPECT_EQ(told(1), "1:fail pass ");
  EXPECT_EQ(database_->integer("SELECT tests FROM test_run"), 1);
}

TEST_F(Results, HostileNamesAreCleaned) {
  add(run(1, {result(std::string("bad\xff\0name", 9), {Outcome::pass})}));
  add(run(2, {result(std::string("bad\xff\0name", 9), {Outcome::pass})}));
  EXPECT_EQ(count("ci_test"), 1);
  EXPECT_EQ(told(1), "1:pass 2:pass ");
}

TEST_F(Results, SmallTilesAreJoinedAndLoseNothing) {
  std::mt19937 random(7);
  std::map<std::int64_t, std::string> wanted;
  for (int i = 1; i <= 100; ++i) {
    std::vector<ci::TestResult> results;
    for (int test = 1; test <= 5; ++test) {
      if (random() % 4 == 0 && i > 1) continue;
      const Outcome outcome = random() % 3 ? Outcome::pass : Outcome::fail;
      results.push_back(result("t" + std::to_string(test), {outcome}, 0.1 * test));
      wanted[test] += std::to_string(i) + ":" + std::string(ci::outcome_name(outcome)) + " ";
    }
    add(run(i, std::move(results)));
  }
  EXPECT_LT(count("result_tile"), 40);
  for (const auto& [test, text] : wanted) EXPECT_EQ(told(test), text);
}

TEST_F(Results, OfStoresBeforeAreMoved) {
  database_->execute_script(
      "CREATE TABLE test_result (project_id INTEGER NOT NULL, run_key TEXT NOT NULL, test TEXT NOT NULL, source_id "
      "INTEGER NOT NULL, "
      "outcome TEXT NOT NULL, seconds REAL)");
  Writer writer(*database_, project_, source_);
  CiRunRecord old;
  old.key = "7", old.name = "tests", old.sha = "f00", old.status = "completed", old.finished_at = 99;
  writer.ci_run(old);
  writer.checkpoint("c");
  database_->execute_script(
      "INSERT INTO test_result VALUES (1, '7', 'a', 1, 'passed', 0.5), (1, '7', 'b', 1, 'failed', NULL), (1, '7', 'c', "
      "1, 'odd', NULL)");
  {
    Transaction transaction(*database_);
    move_test_results(*database_);
    transaction.commit();
  }
  EXPECT_EQ(told(1), "1:pass ");
  EXPECT_EQ(told(2), "1:fail ");
  EXPECT_EQ(told(3), "1:error ");
  EXPECT_EQ(database_->text("SELECT sha FROM test_run WHERE at = 99").value_or(""), "f00");
}

TEST(ResultTile, SaysWhatWentIn) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    Tile tile;
    for (int run = 0; run < 30; ++run) tile.runs.push_back(1 + run * 3);
    tile.states = {{{Outcome::pass}, 0}, {{Outcome::fail}, 5}, {{Outcome::fail, Outcome::pass}, 0}};
    for (int test = 0; test < 256; test += 1 + static_cast<int>(random() % 9))
      for (std::uint32_t run = 0; run < 30; ++run)
        if (random() % 5)
          tile.results.push_back({run, random() % 10 ? 0 : static_cast<std::uint32_t>(random() % 3),
                                  static_cast<std::uint8_t>(test), static_cast<std::uint8_t>(random() % 256)});
    const Tile again = unpack_tile(pack_tile(tile));
    EXPECT_EQ(again.runs, tile.runs);
    ASSERT_EQ(again.results.size(), tile.results.size());
    for (std::size_t i = 0; i < tile.results.size(); ++i) {
      EXPECT_EQ(again.results[i].run, tile.results[i].run);
      EXPECT_EQ(again.results[i].test, tile.results[i].test);
      EXPECT_EQ(again.results[i].duration, tile.results[i].duration);
      EXPECT_EQ(again.states[again.results[i].state], tile.states[tile.results[i].state]);
    }
  }
}

TEST(ResultTile, BrokenBytesAreAnError) {
  Tile tile{{1}, {{{Outcome::pass}, 0}}, {{0, 0, 3, 9}}};
  const std::string bytes = pack_tile(tile);
  EXPECT_THROW(unpack_tile(bytes.substr(0, bytes.size() / 2)), Error);
  EXPECT_THROW(unpack_tile("nonsense"), Error);
}

TEST(ResultTile, DurationsAreWithinFivePercent) {
  EXPECT_EQ(pack_duration({}), 0);
  for (const double seconds : {2e-6, 0.001, 0.5, 7.0, 3600.0, 50000.0})
    EXPECT_NEAR(*unpack_duration(pack_duration(seconds)), seconds, 0.051 * seconds);
}

TEST(MessageMask, TakesOutWhatDiffers) {
  EXPECT_EQ(mask_message("/tmp/pytest-31/a.py:12: assert 3 == 4"), "…/a.py:N: assert N == N");
  EXPECT_EQ(mask_message("got 0x7ffe12 at 10:31:02.5 after 1.25 s"), "got ADDRESS at N after N s");
  EXPECT_EQ(mask_message("object 5f3c9a7be1 of  session\n 550e8400-e29b-41d4-a716-446655440000"),
            "object ID of session ID");
  EXPECT_EQ(mask_message("test_http2_client and x86 fail"), "test_httpN_client and xN fail");
  EXPECT_EQ(mask_message("https://example.org/a/b is down"), "https://example.org/a/b is down");
  EXPECT_EQ(mask_message(" \n "), "");
}

}  // namespace
}  // namespace resident
