// Which rows of a queue are wanted.
#include <gtest/gtest.h>

#include <base/error.hpp>
#include <framework/queue_choice.hpp>
#include <store/writer.hpp>

namespace resident {
namespace {

Result queue() {
  Result result;
  result.name = "queue";
  result.columns = {{"number", "PR", ColumnType::item},
                    {"author", "Author"},
                    {"labels", "Labels"},
                    {"age", "Age", ColumnType::duration},
                    {"waiting", "Waiting", ColumnType::duration}};
  result.rows = {{std::int64_t{1}, std::string("Ada"), std::string("bug, needs work"), 40 * kDay, 1 * kDay},
                 {std::int64_t{2}, std::string("bob"), std::string("needs work, really"), 10 * kDay, Cell()},
                 {std::int64_t{3}, std::string("ada"), std::string(), 90 * kDay, 5 * kDay}};
  return result;
}

// Chooses among the rows of a project that has the label "work", too, which none of them bears.
void choose(const QueueChoice& choice, Result& result) {
  const auto database = Database::open(":memory:");
  const std::int64_t project = ensure_project(*database, "pump");
  Writer writer(*database, project, ensure_source(*database, project, "github", "o/r"));
  writer.label({"work", "", ""});
  writer.checkpoint("x");
  const Context context = open_context(*database, Config(), "pump", std::nullopt, kDay);
  choose_rows(context, choice, {"author", "labels", "age", "waiting"}, result);
}

std::vector<std::int64_t> numbers(const QueueChoice& choice) {
  Result result = queue();
  choose(choice, result);
  std::vector<std::int64_t> found;
  for (const auto& row : result.rows) found.push_back(std::get<std::int64_t>(row[0]));
  return found;
}

using Numbers = std::vector<std::int64_t>;

TEST(QueueChoice, TakesAllWhereNothingIsAsked) {
  EXPECT_EQ(numbers({}), (Numbers{1, 2, 3}));
  Result result = queue();
  choose({}, result);
  EXPECT_TRUE(result.notes.empty());
}

TEST(QueueChoice, TakesWholeLabelsWhateverTheCase) {
  EXPECT_EQ(numbers({.label = "BUG"}), (Numbers{1}));
  EXPECT_EQ(numbers({.label = "work"}), Numbers{});
  EXPECT_EQ(numbers({.label = "needs work, really"}), (Numbers{2}));  // a comma may be in a name
}

TEST(QueueChoice, RefusesALabelAndAPersonThatTheProjectHasNot) {
  EXPECT_THROW(numbers({.label = "wrok"}), Error);
  EXPECT_THROW(numbers({.author = "nobody"}), Error);
}

TEST(QueueChoice, TakesAuthorAndAge) {
  EXPECT_EQ(numbers({.author = "ada"}), (Numbers{1, 3}));
  EXPECT_EQ(numbers({.author = "ada", .older_days = 40}), (Numbers{3}));
}

TEST(QueueChoice, SortsLongestFirstAndWhatHasNoFigureLast) {
  EXPECT_EQ(numbers({.order = QueueChoice::Order::age}), (Numbers{3, 1, 2}));
  EXPECT_EQ(numbers({.order = QueueChoice::Order::waiting}), (Numbers{3, 1, 2}));
}

TEST(QueueChoice, SaysHowManyAreLeft) {
  Result result = queue();
  choose({.label = "bug", .older_days = 1}, result);
  EXPECT_EQ(result.notes, (std::vector<std::string>{"1 of 3 rows: labelled bug, older than 1 day."}));
}

}  // namespace
}  // namespace resident
