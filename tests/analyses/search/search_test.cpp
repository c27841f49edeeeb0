#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <analyses/search/index.hpp>
#include <base/error.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <store/document_book.hpp>
#include <tests/analyses/history.hpp>
#include <tuple>

namespace resident {
namespace {

// An empty store: of SQLite in memory, of PostgreSQL in a schema of its own.
class Store {
 public:
  static const char* server() { return std::getenv("RESIDENT_TEST_POSTGRES"); }
  explicit Store(const std::string& engine) {
    if (engine == "postgresql") {
      drop();
      open_postgres(server(), Access::write)->execute_script("CREATE SCHEMA search_test");
      location_ = std::string(server()) + (std::string(server()).find('?') == std::string::npos ? "?" : "&") +
                  "options=-csearch_path%3Dsearch_test";
    }
    database_ = Database::open(location_);
  }
  ~Store() {
    database_.reset();
    if (location_ != ":memory:") drop();
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  Database& operator*() const { return *database_; }
  Database* operator->() const { return database_.get(); }
  const std::string& location() const { return location_; }

 private:
  static void drop() {
    open_postgres(server(), Access::write)->execute_script("DROP SCHEMA IF EXISTS search_test CASCADE");
  }
  std::string location_ = ":memory:";
  std::unique_ptr<Database> database_;
};

// Every test here runs on SQLite, and on PostgreSQL where RESIDENT_TEST_POSTGRES names one.
class Search : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "postgresql" && !Store::server()) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES is not set";
    database_ = std::make_unique<Store>(GetParam());
    test::History history;
    const auto add = [&](bool is_pull, std::int64_t number, const std::string& author, const std::string& title,
                         const std::string& body) {
      auto record = test::item(is_pull, number, author,
                               "2024-01-" + std::string(number < 10 ? "0" : "") + std::to_string(number));
      record.title = title;
      record.body = body;
      history.items.push_back(record);
    };
    add(false, 1, "ann", "Parser crashes on empty input", "call parse_input with nothing");
    add(false, 2, "bob", "Crash of the renderer", "the parser is fine, the input is empty, it crashes anyway");
    add(true, 3, "ann", "parse_input: give an error", "no crash");
    add(false, 4, "eve", "Documentation", "how to input text");
    history.items[3].labels = {"Docs"};
    test::write(**database_, "p", history);
    update_search_index(**database_, 1);
  }

  // Numbers of the items found, best first.
  std::vector<std::int64_t> find(const std::string& text) {
    const Context context = context_of(text);
    std::vector<std::int64_t> numbers;
    const auto results = find_analysis("search").run(context);
    for (const auto& row : results.front().rows) numbers.push_back(std::get<std::int64_t>(row[2]));
    return numbers;
  }
  Context context_of(const std::string& text) {
    Context context = open_context(**database_, Config(), "p", test::at("2024-02-01"), test::kForever);
    context.arguments = {{"query", text}};
    return context;
  }

  std::unique_ptr<Store> database_;
};

INSTANTIATE_TEST_SUITE_P(Engines, Search, testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return engine.param; });

using Numbers = std::vector<std::int64_t>;

TEST_P(Search, AllOfFewWordsStandFirst) {
  const auto numbers = find("parser crash empty");
  ASSERT_GE(numbers.size(), 3u);
  EXPECT_EQ(numbers[0], 1);  // in the title
  EXPECT_EQ(numbers[1], 2);
}

TEST_P(Search, NamesAreFoundWholeAndPartsOnlyBesideOtherWords) {
  EXPECT_EQ(find("parse_input").size(), 2u);
  const auto numbers = find("parse_input documentation");
  EXPECT_NE(std::find(numbers.begin(), numbers.end(), 4), numbers.end());
}

TEST_P(Search, ACommitIsFoundByItsHash) {
  // It begins as a version does, and is several words to the index.
  const std::string sha = "160bd0ed2e91f7fd5196dd102b91b27f8bfe6cb2";
  const std::string insert =
      "INSERT INTO git_commit (project_id, commit_id, sha, source_id, author_id, committer_id, authored_at, "
      "committed_at, subject, body, parent_count, on_default, in_history) SELECT 1, 900, '" +
      sha +
      "', source_id, author_id, author_id, 1700000000, 1700000000, 'Make the lexer quick', '', 1, 1, 1 FROM item WHERE "
      "item_id = 2 OR item_id = 4 ORDER BY item_id LIMIT 1";
  (*database_)->execute(insert);
  (*database_)->execute("UPDATE source SET synced_at = 1700000001");
  update_search_index(**database_, 1);
  const auto titles = [&](const std::string& text) {
    std::string found;
    const auto results = find_analysis("search").run(context_of(text));
    for (const auto& row : results.front().rows) found += (found.empty() ? "" : "|") + std::get<std::string>(row[3]);
    return found;
  };
  for (const std::string& text : {sha, sha.substr(0, 7), sha.substr(0, 12), "is:commit " + sha.substr(0, 9)})
    EXPECT_EQ(titles(text), "Make the lexer quick") << text;
  EXPECT_TRUE(titles(sha.substr(0, 8) + " documentation").starts_with("Make the lexer quick|"));
  EXPECT_EQ(titles(sha.substr(0, 6)), "");
  EXPECT_EQ(titles("is:pr " + sha.substr(0, 9)), "");
}

TEST_P(Search, Filters) {
  EXPECT_EQ(find("is:pr crash"), Numbers{3});
  EXPECT_EQ(find("author:bob input"), Numbers{2});
  EXPECT_EQ(find("label:docs"), Numbers{4});
  EXPECT_EQ(find("label:docs input"), Numbers{4});
  EXPECT_EQ(find("is:open -crash"), Numbers{4});
  EXPECT_EQ(find("author:ANN is:pr"), Numbers{3});
  EXPECT_EQ(find("author:ann before:2024-01-02"), Numbers{1});
  EXPECT_EQ(find("in:title crash -renderer"), Numbers{1});
  EXPECT_EQ(find("is:open -label:docs").size() + find("is:open label:docs").size(), find("is:open").size());
  EXPECT_EQ(find("input -author:bob -is:pr -label:docs").size(),
            find("input").size() - find("input author:bob").size() - find("input is:pr -author:bob").size() -
                find("input label:docs -author:bob -is:pr").size());
}

TEST_P(Search, ThePastKnowsNothingLater) {
  test::History history;
  auto closed = test::item(false, 9, "ann", "2024-01-09");
  closed.title = "Quokka";
  closed.state = "closed";
  closed.closed_at = test::at("2024-01-20");
  test::event(closed, "closed", *closed.closed_at);
  auto merged = test::item(true, 10, "ann", "2024-01-15");
  merged.title = "Quokka fence";
  merged.state = "closed";
  merged.closed_at = merged.merged_at = test::at("2024-01-25");
  test::event(merged, "merged", *merged.merged_at);
  history.items = {closed, merged};
  test::write(**database_, "p", history);
  (*database_)->execute("UPDATE source SET synced_at = 9");
  update_search_index(**database_, 1);
  const auto at = [&](const char* moment, const char* query) {
    Context context = open_context(**database_, Config(), "p", test::at(moment), test::kForever);
    context.arguments = {{"query", query}};
    Numbers numbers;
    const auto results = find_analysis("search").run(context);
    for (const auto& row : results.front().rows) numbers.push_back(std::get<std::int64_t>(row[2]));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  };
  EXPECT_EQ(at("2024-01-08", "quokka"), Numbers{});
  EXPECT_EQ(at("2024-01-12", "quokka"), Numbers{9});
  EXPECT_EQ(at("2024-01-12", "is:open quokka"), Numbers{9});
  EXPECT_EQ(at("2024-01-12", "is:closed quokka"), Numbers{});
  EXPECT_EQ(at("2024-01-22", "is:closed quokka"), Numbers{9});
  EXPECT_EQ(at("2024-01-22", "is:merged quokka"), Numbers{});
  EXPECT_EQ(at("2024-01-26", "is:merged quokka"), Numbers{10});
  EXPECT_EQ(at("2024-01-22", "is:open is:pr quokka"), Numbers{10});
}

TEST_P(Search, NamesThatTheStoreDoesNotHaveAreSlips) {
  for (const auto& [query, hint] :
       {std::pair("author:anm", "did you mean author:ann?"), {"label:dosc", "did you mean label:docs?"}})
    try {
      find(query);
      FAIL() << query;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_EQ(error.hint(), hint);
    }
  EXPECT_THROW(find("channel:nowhere"), Error);
  EXPECT_THROW(find("the"), Error);
}

// Words beyond English, each by another form than the one it was written in; and words with signs, which find nothing
// that only has their letters.
TEST_P(Search, EveryScriptAndSign) {
  test::History history;
  const std::vector<std::string> titles{"Ärger mit dem Öffnen",
                                        "ошибка при Запуске программы",
                                        "日本語のテストが失敗する",
                                        "程序启动时崩溃，请修复",
                                        "nai\xCC\x88ve cafe\xCC\x81 handling",
                                        "İstanbul ve ıspanak",
                                        "ΣΊΣΥΦΟΣ fails",
                                        "한국어 입력을 받는다",
                                        "Straße zu lang",
                                        "ไม่สามารถบันทึกไฟล์ได้",
                                        "run it with --dry-run",
                                        "C++ and c++20",
                                        "C is a language",
                                        "see #3 and std::move(x)",
                                        "move std away",
                                        "__init__.py of v3.11.4",
                                        "init the run, then dry it",
                                        "3.11.5 is out",
                                        "خطأ في الطِّباعة",
                                        "Error with -Werror=shadow"};
  for (std::size_t i = 0; i < titles.size(); ++i) {
    history.items.push_back(test::item(false, static_cast<std::int64_t>(i + 1), "ann", "2024-01-01"));
    history.items.back().title = titles[i];
    history.items.back().body = "";
  }
  test::write(**database_, "scripts", history);
  update_search_index(**database_, 2);
  const auto found = [&](const char* text) {
    Context context = open_context(**database_, Config(), "scripts", test::at("2024-02-01"), test::kForever);
    context.arguments = {{"query", text}};
    Numbers numbers;
    const auto results = find_analysis("search").run(context);
    for (const auto& row : results.front().rows) numbers.push_back(std::get<std::int64_t>(row[2]));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  };
  const std::vector<std::pair<const char*, Numbers>> expected{
      {"ÖFFNEN", {1}},   {"offnen", {1}},   {"ЗАПУСКЕ", {2}},     {"テスト", {3}},     {"語", {3}},
      {"失敗", {3}},     {"崩溃", {4}},     {"caf\xC3\xA9", {5}}, {"cafe", {5}},       {"naive", {5}},
      {"istanbul", {6}}, {"ispanak", {6}},  {"σίσυφος", {7}},     {"입력", {8}},       {"STRASSE", {9}},
      {"บันทึก", {10}},    {"ไฟล์", {10}},     {"الطباعة", {19}},    {"--dry-run", {11}}, {"dry-run", {11}},
      {"C++", {12}},     {"c++20", {12}},   {"std::move", {14}},  {"__init__", {16}},  {"3.11.4", {16}},
      {"v3.11.4", {16}}, {"-Werror", {20}}, {"#14", {14}},        {"#3", {3, 14}},     {"3.11*", {16, 18}}};
  for (const auto& [text, numbers] : expected) EXPECT_EQ(found(text), numbers) << text;
  EXPECT_EQ(found("C"), (Numbers{12, 13}));
  EXPECT_EQ(found("init"), (Numbers{16, 17}));
}

TEST_P(Search, ANameByItselfStandsBeforeThoseThatBeginSo) {
  test::History history;
  const std::vector<std::pair<std::string, std::string>> items{
      {"x86-64: x86-64 builds", "2024-01-20"},
      {"Some builds of the old machines, x86 among them", "2024-01-01"},
      {"3.12rc1, or 3.12rc1 again", "2024-01-20"},
      {"What is new, and what is gone in python3.12.", "2024-01-01"}};
  for (const auto& [title, day] : items) {
    history.items.push_back(test::item(false, static_cast<std::int64_t>(history.items.size() + 1), "ann", day));
    history.items.back().title = title;
    history.items.back().body = "";
  }
  test::write(**database_, "names", history);
  update_search_index(**database_, 2);
  const auto found = [&](const char* text) {
    Context context = open_context(**database_, Config(), "names", test::at("2024-02-01"), test::kForever);
    context.arguments = {{"query", text}};
    return find_analysis("search").run(context).front();
  };
  for (const auto& [text, first, second] :
       {std::tuple("x86", 2, 1), std::tuple("3.12", 4, 3), std::tuple("x86 builds", 2, 1)}) {
    const Result result = found(text);
    ASSERT_EQ(result.rows.size(), 2u) << text;
    EXPECT_EQ(std::get<std::int64_t>(result.rows[0][2]), first) << text;
    EXPECT_EQ(std::get<std::int64_t>(result.rows[1][2]), second) << text;
    ASSERT_EQ(result.notes.size(), 1u) << text;
    EXPECT_EQ(result.notes[0].substr(0, 19), "1 of those shown ha") << result.notes[0];
  }
  EXPECT_TRUE(found("builds").notes.empty());
}

TEST_P(Search, DocumentationCountsFromItsLastChange) {
  {
    Writer writer(**database_, 1, ensure_source(**database_, 1, "git", "/clone"));
    DocumentBook book(writer);
    const std::string blob(40, 'a');
    book.put({"doc/early guide.md", blob, 30, "whole", std::string(40, 'b'), test::at("2024-01-01"),
              "# Zebra\n\nfeed the    zebra with input"});
    book.put({"doc/late.md", blob, 30, "cut", std::string(40, 'c'), test::at("2024-03-01"), "another zebra"});
    book.put({"doc/gone.md", blob, 30, "binary", std::string(40, 'c'), test::at("2024-01-01"), std::nullopt});
    writer.checkpoint("x");
  }
  (*database_)->execute("UPDATE source SET synced_at = 5");
  EXPECT_EQ(update_search_index(**database_, 1), 2);
  const auto rows_at = [&](const char* text, const char* moment) {
    Context context = open_context(**database_, Config(), "p", test::at(moment), test::kForever);
    context.arguments = {{"query", text}};
    context.url = "https://example.org/p";
    auto results = find_analysis("search").run(context);
    return std::pair(results.front().rows, results.front().uncertainty);
  };
  const auto [rows, left_out] = rows_at("zebra", "2024-02-01");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(rows[0][1]), "doc");
  EXPECT_EQ(std::get<std::string>(rows[0][3]), "doc/early guide.md");
  EXPECT_EQ(std::get<std::string>(rows[0][5]), "# Zebra feed the zebra with input");
  EXPECT_EQ(std::get<std::string>(rows[0][6]), "line 1");
  EXPECT_EQ(std::get<std::string>(rows[0][10]),
            "https://example.org/p/blob/" + std::string(40, 'b') + "/doc/early%20guide.md?plain=1#L1");
  EXPECT_NE(left_out.find("1 file"), std::string::npos);
  EXPECT_EQ(rows_at("zebra", "2024-04-01").first.size(), 2u);
  EXPECT_EQ(rows_at("zebra", "2024-04-01").second, "");
  EXPECT_EQ(rows_at("is:doc input", "2024-04-01").first.size(), 1u);
  EXPECT_EQ(rows_at("zebra", "2023-01-01").first.size(), 0u);

  Context context = open_context(**database_, Config(), "p", test::at("2024-02-01"), test::kForever);
  context.arguments = {{"question", "how do I feed a \"zebra: is:open"}};
  const auto results = find_analysis("ask").run(context);
  ASSERT_EQ(results.size(), 2u);
  ASSERT_EQ(results[1].rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(results[1].rows[0][0]), "doc/early guide.md");
  // What is gone from the tree is gone from the search.
  (*database_)->execute("DELETE FROM doc_file");
  (*database_)->execute("UPDATE source SET synced_at = 6");
  update_search_index(**database_, 1);
  EXPECT_EQ(rows_at("zebra", "2024-04-01").first.size(), 0u);
}

// An index that the program of before made, with another tokenizer, and read by one that may only read.
TEST(SearchOnSqlite, AnIndexOfAnEarlierFormIsMadeAnewWhenRead) {
  const std::string path = testing::TempDir() + "resident-search-earlier-" + std::to_string(getpid()) + ".db";
  for (const char* end : {"", "-wal", "-shm"}) std::remove((path + end).c_str());
  {
    const auto database = Database::open(path);
    for (const char* project : {"p", "q"}) {
      test::History history;
      history.items.push_back(test::item(false, 1, "ann", "2024-01-01"));
      history.items.back().title = "C++ and Öl";
      test::write(*database, project, history);
    }
    database->execute_script(
        "CREATE VIRTUAL TABLE search_words USING fts5(title, body, replies, tokenize = \"ascii tokenchars '_.'\");"
        "INSERT INTO search_state VALUES (1, '2 earlier'), (2, '2 earlier'); INSERT INTO search_document VALUES (1, "
        "77, "
        "'issue', '9', 5, 'x'); INSERT INTO search_words (rowid, title) VALUES (77, 'zebra')");
  }
  const auto reader = Database::open(path, Access::read);
  for (const char* project : {"p", "q"})
    for (const char* query : {"c++", "öl", "OL"}) {
      Context context = open_context(*reader, Config(), project, std::nullopt, test::kForever);
      context.arguments = {{"query", query}};
      EXPECT_EQ(find_analysis("search").run(context).front().rows.size(), 1u) << project << " " << query;
    }
  for (const char* end : {"", "-wal", "-shm"}) std::remove((path + end).c_str());
}

TEST_P(Search, AnIndexOfAnEarlierFormIsMadeAnew) {
  EXPECT_EQ(update_search_index(**database_, 1), 0);
  const auto [from, to] = document_range(1, "pull");
  const char* numbers_of_pulls =
      "SELECT count(*) FROM search_document WHERE document_id >= :from AND document_id < :to";
  EXPECT_EQ((*database_)->integer(numbers_of_pulls, {{"from", from}, {"to", to}}), 1);
  (*database_)->execute("UPDATE search_state SET version = '7/1'");
  (*database_)->execute("UPDATE search_document SET document_id = document_id + 1000");
  EXPECT_EQ(update_search_index(**database_, 1), 4);
  EXPECT_EQ(find("is:pr crash"), Numbers{3});
  EXPECT_EQ(find("input").size(), 4u);
}

// Words that stand nearly everywhere: titles are found however old, and of each kind the newest.
TEST_P(Search, OfACommonWordTitlesAreFoundHoweverOld) {
  test::History history;
  for (int number = 1; number <= 6000; ++number) {
    auto record = test::item(false, number, "ann", format_time(1600000000 + number * 60));
    record.title = number == 3 ? "common" : "something";
    record.body = "common";
    history.items.push_back(record);
  }
  test::write(**database_, "large", history);
  update_search_index(**database_, 2);
  Context context = open_context(**database_, Config(), "large", std::nullopt, test::kForever);
  context.arguments = {{"query", "common"}};
  const auto results = find_analysis("search").run(context);
  const auto& rows = results.front().rows;
  ASSERT_EQ(rows.size(), 20u);
  EXPECT_EQ(std::get<std::int64_t>(rows[0][2]), 3);
}

// A store that a program before had indexed with tsvector, seen by one that may only read at first.
TEST(SearchOnPostgres, AnIndexOfAnEarlierFormIsMadeAnewWhenRead) {
  if (!Store::server()) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES is not set";
  const Store store("postgresql");
  test::History history;
  history.items.push_back(test::item(false, 1, "ann", "2024-01-01"));
  test::write(*store, "p", history);
  store->execute_script(
      "CREATE TABLE search_words (document_id BIGINT PRIMARY KEY, words tsvector NOT NULL); INSERT INTO search_state "
      "VALUES (1, '2 earlier'); INSERT INTO search_document VALUES (1, 77, 'issue', '9', 5, 'x')");
  const auto reader = Database::open(store.location(), Access::read);
  Context context = open_context(*reader, Config(), "p", std::nullopt, test::kForever);
  context.arguments = {{"query", "title"}};
  EXPECT_EQ(find_analysis("search").run(context).front().rows.size(), 1u);
  EXPECT_FALSE(store->text("SELECT to_regclass('search_words')")) << "what nobody reads is gone";
  EXPECT_EQ(store->integer("SELECT count(*) FROM search_document"), 1);
}

// The same documents, the same order, the same scores: words by Zipf's law, names, replies, several kinds, and more of
// them than are scored.
TEST(SearchOnPostgres, RanksAsSqliteDoes) {
  if (!Store::server()) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES is not set";
  std::mt19937 random(5);
  const auto words = [&](std::uint64_t count) {
    std::string text;
    for (; count > 0; --count) {
      const auto rank = static_cast<unsigned>(std::exp(static_cast<double>(random()) / 4294967296.0 * 5));
      text += (rank % 9 == 0 ? "Handle_word" : "word") + std::to_string(rank) + (rank % 5 == 0 ? "++ " : " ");
      if (rank % 7 == 0) text += rank % 2 ? "日本語のテスト" : "naïve-Größe ";
    }
    return text;
  };
  test::History history;
  for (int number = 1; number <= 6500; ++number) {
    auto record = test::item(number % 13 == 0, number, number % 3 ? "ann" : "bob",
                             format_time(1600000000 + static_cast<Timestamp>(random() % 100) * 1000000));
    record.title = words(1 + random() % 4);
    record.body = words(random() % 12);
    record.labels = {number % 2 ? "odd" : "even"};
    if (number % 4 == 0) {
      test::comment(record, "ann", record.created_at);
      record.comments.back().body = words(random() % 9);
    }
    history.items.push_back(record);
  }
  const Store stores[] = {Store("sqlite"), Store("postgresql")};
  for (const auto& store : stores) {
    test::write(*store, "p", history);
    update_search_index(*store, 1);
  }
  // Some of it changes, some goes; the counts follow.
  for (const auto& store : stores) {
    store->execute("UPDATE item SET title = 'word4 word70 changed', updated_at = 1700000000 WHERE number % 50 = 7");
    store->execute("DELETE FROM item WHERE number % 41 = 3");
    store->execute("UPDATE source SET synced_at = 5");
    update_search_index(*store, 1);
  }
  for (const char* query : {"word1",
                            "word2 word1",
                            "word70",
                            "word140 word33 word3 word8",
                            "Handle_word18",
                            "handle_word9 word5 word100",
                            "\"word1 word2\"",
                            "\"word3 word1\" word2",
                            "\"word3 word1\" word*",
                            "wor*",
                            "word14*",
                            "in:title word1",
                            "in:comments word2 word3",
                            "in:body word1 -word2",
                            "is:pr word1",
                            "is:open word1 word2",
                            "is:pr word40 word41 word42 word43",
                            "label:odd word2",
                            "author:bob \"word1 word1\"",
                            "label:even is:issue before:2022-01-01 word3",
                            "word1 word1",
                            "changed",
                            "word2 -word1 -word3",
                            "absent",
                            "word5++",
                            "naive",
                            "naïve-GRÖSSE word2",
                            "日本",
                            "語",
                            "テスト word1",
                            "日本人のテスト",
                            "is:open -word1",
                            "label:odd -naive -語",
                            "handle_word9-日本",
                            "absent word90",
                            "after:2023-01-01 handle_word18 word*"}) {
    std::vector<std::vector<std::vector<Cell>>> rows;
    for (const auto& store : stores) {
      Context context = open_context(*store, Config(), "p", std::nullopt, test::kForever);
      context.arguments = {{"query", query}, {"limit", "400"}};
      rows.push_back(find_analysis("search").run(context).front().rows);
    }
    EXPECT_EQ(rows[0].size(), rows[1].size()) << query;
    for (std::size_t i = 0; i < std::min(rows[0].size(), rows[1].size()); ++i) {
      ASSERT_EQ(std::get<std::int64_t>(rows[0][i][2]), std::get<std::int64_t>(rows[1][i][2])) << query << ", row " << i;
      EXPECT_DOUBLE_EQ(std::get<double>(rows[0][i][9]), std::get<double>(rows[1][i][9])) << query << ", row " << i;
    }
  }
}

}  // namespace
}  // namespace resident
