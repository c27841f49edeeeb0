#include <gtest/gtest.h>

#include <framework/veil.hpp>
#include <model/open_items.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

std::string mark(std::int64_t person) {
  return shown_name(PeopleShown::nobody, person, "Ada Lovelace", "ada", false);
}

KnownNames known() {
  KnownNames names;
  names.logins = {"ada", "mary-s", "property"};
  names.names = {"ada lovelace", "mary shelley", "mary"};
  names.by_first_word = {{"ada", {"ada lovelace"}}, {"mary", {"mary shelley"}}};
  return names;
}

TEST(Veil, NamesAsTheContextShowsPeople) {
  EXPECT_EQ(shown_name(PeopleShown::by_name, 1, "Ada Lovelace", "ada", false), "Ada Lovelace");
  EXPECT_EQ(shown_name(PeopleShown::by_login, 1, "Ada Lovelace", "ada", false), "ada");
  EXPECT_EQ(shown_name(PeopleShown::nobody, 1, "helper[bot]", "helper[bot]", true), "helper[bot]");
  EXPECT_EQ(shown_name(PeopleShown::by_login, 1, "Ada Lovelace", "", false), mark(1)) << "no account, no name";
  EXPECT_NE(mark(1), mark(2)) << "people stay apart";
}

TEST(Veil, SentencesSaySomebodyOrHowMany) {
  EXPECT_EQ(veil_people("Ask " + mark(1) + ": of those", {}), "Ask somebody: of those");
  EXPECT_EQ(veil_people(mark(1) + " knows it", {}), "Somebody knows it");
  EXPECT_EQ(veil_people("by " + mark(1) + ", " + mark(22) + " and " + mark(3) + ".", {}), "by 3 people.");
  EXPECT_EQ(veil_people("by " + mark(1).substr(0, 4) + "…", {}), "by somebody…") << "cut off in the middle";
}

TEST(Veil, TextsOfOthersLoseAccountsAndWholeNames) {
  EXPECT_EQ(veil_people("Thanks @Ada, and @mary-s.", known()), "Thanks somebody, and somebody.");
  EXPECT_EQ(veil_people("Merge pull request #1 from ada/fix", known()), "Merge pull request #1 from somebody/fix");
  EXPECT_EQ(veil_people("Add Mary Shelley to AUTHORS", known()), "Add somebody to AUTHORS");
  EXPECT_EQ(veil_people("Mary Shelleyan, @nobody, me@ada.example, from ada", known()),
            "Mary Shelleyan, @nobody, me@ada.example, from ada");
}

Result table() {
  Result result;
  result.name = "t";
  result.columns = {{"module", "Module"}, {"experts", "Experts"}, {"changes", "Changes", ColumnType::integer}};
  result.rows = {{std::string("src"), mark(1) + ", " + mark(2), std::int64_t{3}},
                 {std::string("doc"), std::string(), std::int64_t{4}}};
  return result;
}

TEST(Veil, ColumnsOfPeopleGo) {
  Result result = table();
  veil_people(result, known());
  ASSERT_EQ(result.columns.size(), 2u);
  EXPECT_EQ(result.columns[1].name, "changes");
  EXPECT_EQ(std::get<std::int64_t>(result.rows[1][1]), 4);
  EXPECT_TRUE(result.claim.empty());
}

TEST(Veil, ColumnsOfOtherWordsStay) {
  Result result = table();
  result.rows[1][1] = std::string("nobody of the team");
  veil_people(result, known());
  ASSERT_EQ(result.columns.size(), 3u);
  EXPECT_EQ(std::get<std::string>(result.rows[0][1]), "2 people");
}

TEST(Veil, RowsThatArePeopleGo) {
  for (const std::string& who : {mark(1), std::string("Mary"), std::string("@ada")}) {
    Result result;
    result.columns = {{"person", "Person"}, {"hours", "Hours", ColumnType::number}};
    result.rows = {{who, 2.0}};
    result.chart = {Chart::Kind::bar, "person", {"hours"}};
    result.claim = who + " works 2 hours.";
    veil_people(result, known());
    EXPECT_TRUE(result.rows.empty());
    EXPECT_EQ(result.chart.kind, Chart::Kind::none);
    EXPECT_TRUE(result.claim.ends_with(" works 2 hours.")) << result.claim;
    EXPECT_EQ(result.coverage, "its rows are people, one each: they are not shown");
  }
}

TEST(Veil, PeopleOfAStoreAreMarkedAndKnown) {
  const auto database = Database::open(":memory:");
  test::History history;
  auto pull = test::item(true, 1, "ann", "2023-01-01T00:00:00Z");
  history.items = {pull};
  test::write(*database, "p", history);
  Context context = open_context(*database, Config(), "p", test::at("2023-02-01"), test::at("2023-02-01"));
  EXPECT_TRUE(load_known_names(context).logins.empty()) << "people are shown";
  context.people_shown = PeopleShown::nobody;
  EXPECT_TRUE(load_known_names(context).logins.contains("ann"));
  const People people = load_people(context);
  ASSERT_EQ(people.names.size(), 1u);
  EXPECT_EQ(veil_people(people.name(people.names.begin()->first), {}), "Somebody");
  EXPECT_TRUE(people.are_namesakes(people.names.begin()->first, people.names.begin()->first));
  EXPECT_FALSE(people.are_namesakes(people.names.begin()->first, 0));
  context.people_shown = PeopleShown::by_login;
  EXPECT_TRUE(load_known_names(context).logins.empty());
  EXPECT_EQ(load_people(context).name(people.names.begin()->first), "ann");
}

}  // namespace
}  // namespace resident
