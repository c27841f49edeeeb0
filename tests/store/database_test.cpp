#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <base/error.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <store/database.hpp>
#include <store/identities.hpp>
#include <store/version.hpp>
#include <store/writer.hpp>

namespace resident {
namespace {

// Every test here runs on SQLite, and on PostgreSQL where RESIDENT_TEST_POSTGRES names one.
class Store : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string(GetParam()) == "sqlite") {
      location_ = testing::TempDir() + "store_test_" + std::to_string(getpid()) + "_" +
                  testing::UnitTest::GetInstance()->current_test_info()->name() + ".db";
      for (char& c : location_)
        if (c == '/' && &c > &location_[testing::TempDir().size()]) c = '_';
      std::filesystem::remove(location_);
    } else {
      const char* url = std::getenv("RESIDENT_TEST_POSTGRES");
      if (!url) GTEST_SKIP() << "RESIDENT_TEST_POSTGRES names no server";
      static int count = 0;
      const std::string name = "unit_" + std::to_string(getpid()) + "_" + std::to_string(++count);
      open_postgres(url, Access::write)->execute_script("CREATE DATABASE " + name);
      location_ = std::string(url).substr(0, std::string(url).rfind('/') + 1) + name;
    }
    database_ = Database::open(location_);
  }
  void TearDown() override {
    database_.reset();
    if (std::string(GetParam()) == "sqlite") std::filesystem::remove(location_);
  }
  std::int64_t count(const std::string& table) { return *database_->integer("SELECT count(*) FROM " + table); }

  std::string location_;
  std::unique_ptr<Database> database_;
};

TEST_P(Store, OpensTwiceAndMigratesOnce) {
  const auto before = database_->integer("SELECT count(*) FROM migration");
  const auto again = Database::open(location_);
  EXPECT_EQ(again->integer("SELECT count(*) FROM migration"), before);
  EXPECT_EQ(again->integer("SELECT count(DISTINCT version) FROM migration"), before);
}

TEST_P(Store, ParametersAreValuesNotText) {
  const std::string hostile = "'; DROP TABLE project; -- :x ::text \" \\ \t\n";
  EXPECT_EQ(database_->text("SELECT CAST(:value AS TEXT)", {{"value", hostile}}), hostile);
  EXPECT_EQ(database_->integer("SELECT CAST(:a AS INTEGER) + CAST(:a AS INTEGER) - 1 WHERE ':b' <> '' -- :c",
                               {{"a", std::int64_t{21}}}),
            41);
  EXPECT_THROW(database_->integer("SELECT :missing", {}), Error);
}

TEST_P(Store, FunctionsAreTheSameOnBoth) {
  const Parameters time{{"t", std::int64_t{1706695200}}};  // 2024-01-31T10:00:00Z, a Wednesday
  EXPECT_EQ(database_->integer("SELECT day_start(:t)", time), 1706659200);
  EXPECT_EQ(database_->integer("SELECT week_start(:t)", time), 1706486400);
  EXPECT_EQ(database_->integer("SELECT month_start(:t)", time), 1704067200);
  EXPECT_EQ(database_->integer("SELECT year_start(:t)", time), 1704067200);
  EXPECT_EQ(database_->text("SELECT iso_date(:t)", time), "2024-01-31");
  EXPECT_EQ(database_->text("SELECT iso_month(:t)", time), "2024-01");
  EXPECT_EQ(database_->integer("SELECT greatest(:t, 3)", time), 1706695200);
  const auto rows = database_->query(
      "SELECT quantile(x, 0.5), quantile(x, 0.25), quantile(x, 0.9) FROM (SELECT 1.0 AS x UNION ALL SELECT 2.0 UNION "
      "ALL SELECT 4.0 UNION ALL SELECT 8.0) v");
  ASSERT_TRUE(rows->next());
  EXPECT_DOUBLE_EQ(rows->number(0), 3.0);
  EXPECT_DOUBLE_EQ(rows->number(1), 1.75);
  EXPECT_NEAR(rows->number(2), 6.8, 1e-9);
}

TEST_P(Store, InsertReplacesIgnoresOrFails) {
  const std::vector<std::string_view> columns{"project_id", "name", "color", "description"}, key{"project_id", "name"};
  const auto row = [](const char* color) {
    return std::vector<Value>{std::int64_t{1}, std::string("bug"), std::string(color), Value()};
  };
  database_->insert({"label", columns, key, OnConflict::fail}, {row("a")});
  database_->insert({"label", columns, key, OnConflict::ignore}, {row("b"), row("c")});
  EXPECT_EQ(database_->text("SELECT color FROM label"), "a");
  database_->insert({"label", columns, key, OnConflict::replace}, {row("d"), row("e")});
  EXPECT_EQ(database_->text("SELECT color FROM label"), "e") << "of equal keys in one call the last wins";
  EXPECT_THROW(database_->insert({"label", columns, key, OnConflict::fail}, {row("f")}), Error);
  EXPECT_EQ(count("label"), 1);
}

// PostgreSQL takes many rows another way than few.
TEST_P(Store, ManyRowsAreInsertedAsFewAre) {
  const std::vector<std::string_view> columns{"project_id", "name", "color", "description"}, key{"project_id", "name"};
  const auto rows_of = [](const std::string& color, int from, int to) {
    std::vector<std::vector<Value>> rows;
    for (int i = from; i < to; ++i)
      rows.push_back({std::int64_t{1}, "label" + std::to_string(i % 1500), color + std::to_string(i / 1500), Value()});
    return rows;
  };
  database_->insert({"label", columns, key, OnConflict::ignore}, rows_of("a", 0, 3000));
  EXPECT_EQ(count("label"), 1500);
  EXPECT_EQ(count("label WHERE color = 'a0'"), 1500) << "of equal keys in one call the first stays";
  database_->insert({"label", columns, key, OnConflict::ignore}, rows_of("b", 1000, 1100));
  EXPECT_EQ(count("label WHERE color = 'a0'"), 1500);
  database_->insert({"label", columns, key, OnConflict::replace}, rows_of("c", 700, 4500));
  EXPECT_EQ(count("label WHERE color = 'c2'"), 1500);
  database_->insert({"label", columns, key, OnConflict::replace}, rows_of("d", 3, 4));
  EXPECT_EQ(count("label WHERE color = 'd0'"), 1);
  EXPECT_THROW(database_->insert({"label", columns, key, OnConflict::fail}, rows_of("e", 1499, 1600)), Error);
  EXPECT_THROW(database_->insert({"label", columns, key, OnConflict::fail}, rows_of("e", 1499, 4000)), Error);
  EXPECT_EQ(count("label"), 1500);
}

TEST_P(Store, BytesComeBackAsTheyWent) {
  database_->execute_script(GetParam() == std::string("sqlite") ? "CREATE TABLE bytes_test (a INTEGER, b BLOB)"
                                                                : "CREATE TABLE bytes_test (a BIGINT, b BYTEA)");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  database_->insert({"bytes_test", {"a", "b"}, {}, OnConflict::fail},
                    {{std::int64_t{0}, Blob{all}}, {std::int64_t{1}, Blob{}}, {std::int64_t{2}, Value()}});
  std::vector<std::vector<Value>> many(1000, {std::int64_t{3}, Blob{all}});
  database_->insert({"bytes_test", {"a", "b"}, {}, OnConflict::fail}, many);
  const auto rows = database_->query("SELECT b FROM bytes_test ORDER BY a");
  for (std::size_t i = 0; rows->next(); ++i)
    EXPECT_EQ(rows->value(0), i == 2 ? Value() : Value(Blob{i == 1 ? std::string() : all})) << i;
}

TEST_P(Store, EveryValueComesBackAsItWent) {
  database_->execute_script("CREATE TABLE value_test (a BIGINT, b DOUBLE PRECISION, c TEXT)");
  const std::string text = "tab\tnewline\nreturn\rbackslash\\N quote' ünï 日本";
  database_->insert({"value_test", {"a", "b", "c"}, {}, OnConflict::fail},
                    {{std::int64_t{-9007199254740993}, 0.1, text},
                     {Value(), Value(), Value()},
                     {std::int64_t{1}, -1e300, std::string()}});
  const auto rows = database_->query("SELECT a, b, c FROM value_test ORDER BY a NULLS FIRST");
  ASSERT_TRUE(rows->next());
  EXPECT_TRUE(rows->is_null(0) && rows->is_null(1) && rows->is_null(2));
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), -9007199254740993);
  EXPECT_EQ(rows->number(1), 0.1);
  EXPECT_EQ(rows->text(2), text);
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->number(1), -1e300);
  EXPECT_FALSE(rows->is_null(2));
}

TEST_P(Store, RolledBackIsGone) {
  {
    Transaction transaction(*database_);
    database_->execute("INSERT INTO project (project_id, name) VALUES (1, 'x')");
  }
  EXPECT_EQ(count("project"), 0);
}

TEST_P(Store, UntrustedQueriesCannotWrite) {
  for (const char* query : {"DELETE FROM project", "CREATE TABLE y (a INTEGER)", "DROP TABLE project"})
    EXPECT_THROW(database_->query_untrusted(query), Error) << query;
  EXPECT_TRUE(database_->query_untrusted("SELECT count(*) FROM project")->next());
  EXPECT_TRUE(database_->query_untrusted("SELECT count(*) FROM project; -- that is all")->next());
  // What stands behind the first would be left out in silence.
  EXPECT_THROW(database_->query_untrusted("SELECT 1; SELECT 2"), Error);
  EXPECT_THROW(database_->query_untrusted("SELECT 1; DROP TABLE project"), Error);
  EXPECT_THROW(database_->query_untrusted("VACUUM"), Error);
  EXPECT_THROW(database_->query_untrusted("VACUUM INTO '/tmp/untrusted_vacuum.db'"), Error);
  EXPECT_FALSE(std::filesystem::exists("/tmp/untrusted_vacuum.db"));
}

ItemRecord pull(std::int64_t number, const PersonRecord& author) {
  ItemRecord item;
  item.is_pull = true;
  item.number = number;
  item.title = "t";
  item.author = author;
  item.created_at = 1000;
  return item;
}

PersonRecord account(std::int64_t id, const char* login) {
  PersonRecord person;
  person.account_id = id;
  person.login = login;
  return person;
}

PersonRecord signature(const char* name, const char* email) {
  PersonRecord person;
  person.provider = "git";
  person.name = name;
  person.email = email;
  return person;
}

EventRecord event(const char* kind, Timestamp at, const PersonRecord& actor = {}, const char* sha = "") {
  EventRecord record;
  record.kind = kind;
  record.occurred_at = at;
  record.actor = actor;
  record.sha = sha;
  return record;
}

TEST_P(Store, IntervalsReplayClosingsAndTheStateWins) {
  const auto project = ensure_project(*database_, "p");
  Writer writer(*database_, project, ensure_source(*database_, project, "jsonl", "x"));
  ItemRecord reopened = pull(1, account(1, "ada"));
  reopened.events = {event("closed", 2000), event("closed", 2100), event("reopened", 3000), event("closed", 4000)};
  reopened.state = "closed";
  ItemRecord silent = pull(2, account(1, "ada"));  // no closed event, as after a conversion to a discussion
  silent.state = "closed";
  silent.closed_at = 5000;
  ItemRecord odd = pull(3, account(1, "ada"));  // open, though its last event closes it
  odd.events = {event("closed", 2000)};
  for (const auto& item : {reopened, silent, odd}) writer.item(item);
  writer.checkpoint("");
  const auto rows =
      database_->query("SELECT item_id, opened_at, closed_at FROM item_interval ORDER BY item_id, opened_at");
  const std::vector<std::vector<std::int64_t>> wanted{{3, 1000, 2000}, {3, 3000, 4000}, {5, 1000, 5000}, {7, 1000, 0}};
  for (const auto& each : wanted) {
    ASSERT_TRUE(rows->next());
    EXPECT_EQ((std::vector<std::int64_t>{rows->integer(0), rows->integer(1), rows->integer(2)}), each);
  }
  EXPECT_FALSE(rows->next());
}

TEST_P(Store, AnItemIsReplacedAsAWhole) {
  const auto project = ensure_project(*database_, "p");
  const auto source = ensure_source(*database_, project, "jsonl", "x");
  ItemRecord item = pull(1, account(1, "ada"));
  item.labels = {"a", "b"};
  item.events = {event("labeled", 1500), event("labeled", 1500)};
  {
    Writer writer(*database_, project, source);
    writer.item(item);
    writer.checkpoint("");
  }
  EXPECT_EQ(count("event"), 2) << "two events of one second are two";
  item.labels = {"c"};
  item.events.resize(1);
  Writer writer(*database_, project, source);
  writer.item(item);
  writer.item(item);
  writer.checkpoint("");
  EXPECT_EQ(count("event"), 1);
  EXPECT_EQ(database_->text("SELECT name FROM item_label"), "c");
  EXPECT_EQ(count("item_label"), 1);
}

TEST_P(Store, PeopleAreJoinedOnEvidenceOnly) {
  const auto project = ensure_project(*database_, "p");
  Writer writer(*database_, project, ensure_source(*database_, project, "jsonl", "x"));
  const PersonRecord ada = account(17, "ada");
  // Two pull requests all of whose commits bear one e-mail speak for it.
  for (std::int64_t number : {1, 2}) {
    ItemRecord item = pull(number, ada);
    item.events = {event("committed", 900, signature("Ada", "ada@work.example.net"), number == 1 ? "a" : "b")};
    writer.item(item);
  }
  CommitRecord commit;
  commit.committed_at = commit.authored_at = 900;
  int position = 0;
  for (const auto& [name, email] :
       std::initializer_list<std::pair<const char*, const char*>>{{"Ada Lovelace", "ada@work.example.net"},
                                                                  {"Ada", "17+ada@users.noreply.github.com"},
                                                                  {"Ada", "somebody-else@elsewhere.example.net"},
                                                                  {"X", "root@localhost"},
                                                                  {"Y", "root@localhost"}}) {
    commit.sha = std::string(40, static_cast<char>('a' + position++));
    commit.author = commit.committer = signature(name, email);
    writer.commit(commit);
  }
  writer.checkpoint("");
  resolve_identities(*database_, project);
  // @ada with three signatures; the other Ada; X; Y.
  EXPECT_EQ(count("person"), 4);
  const auto person = find_person(*database_, project, "ada lovelace");
  EXPECT_EQ(person, find_person(*database_, project, "@ada"));
  EXPECT_EQ(database_->integer("SELECT count(*) FROM person_identity WHERE person_id = :p", {{"p", person}}), 4);

  const auto links = count("identity_link");
  resolve_identities(*database_, project);
  EXPECT_EQ(count("identity_link"), links) << "the same evidence is entered once";

  const auto other = *database_->integer(
      "SELECT i.identity_id FROM identity i JOIN identity_email e ON e.identity_id = i.identity_id WHERE e.email LIKE "
      "'somebody%'");
  merge_people(*database_, project, person, other, 1, {});
  EXPECT_EQ(count("person"), 3);
  split_identity(*database_, project, other, 2, {});
  EXPECT_EQ(count("person"), 4);
  resolve_identities(*database_, project);
  EXPECT_EQ(count("person"), 4) << "rules do not undo what a user decided";
  EXPECT_EQ(count("identity_link"), links + 2);
}

TEST_P(Store, ResolvesAHundredThousandIdentities) {
  const auto project = ensure_project(*database_, "p");
  Writer writer(*database_, project, ensure_source(*database_, project, "jsonl", "x"));
  ItemRecord item = pull(1, account(1, "ada"));
  for (int i = 0; i < 100000; ++i) {
    EventRecord each = event("mentioned", 1000,
                             signature(("name " + std::to_string(i)).c_str(),
                                       ("mail" + std::to_string(i / 2) + "@work.example.net").c_str()));
    each.key = std::to_string(i);
    item.events.push_back(each);
  }
  writer.item(item);
  writer.checkpoint("");
  resolve_identities(*database_, project);
  EXPECT_EQ(count("person"), 50001);
}

TEST_P(Store, QuarantineIsLeftWhenARecordIsMended) {
  const auto project = ensure_project(*database_, "p");
  const auto source = ensure_source(*database_, project, "jsonl", "x");
  {
    Writer writer(*database_, project, source);
    writer.quarantine("a.json", "broken");
    writer.quarantine("b.json", "broken");
    writer.checkpoint("");
  }
  Writer writer(*database_, project, source);
  EXPECT_FALSE(writer.seen("a.json", "1"));
  writer.mark("a.json", "1", "payload");
  writer.checkpoint("");
  EXPECT_TRUE(writer.seen("a.json", "1"));
  EXPECT_EQ(database_->text("SELECT record FROM quarantine"), "b.json");
}

TEST_P(Store, WhatIsSetAsideIsListedUpToABoundAndCountedBeyond) {
  const auto project = ensure_project(*database_, "p"), source = ensure_source(*database_, project, "jsonl", "x");
  const auto records = [&] { return database_->integer("SELECT CAST(sum(records) AS INTEGER) FROM quarantine"); };
  {
    Writer writer(*database_, project, source);
    writer.reads_whole_source();
    for (int i = 0; i < 5000; ++i) writer.quarantine("line " + std::to_string(i), "broken");
    writer.quarantine("line 9000", "odd");
    writer.end_of_source();
    writer.checkpoint("1");
    EXPECT_EQ(writer.quarantined(), 5001);
  }
  EXPECT_EQ(count("quarantine"), Writer::kMostOfAReason + 2);
  EXPECT_EQ(records(), 5001);
  {
    // Read once more, with most of it mended: what is not told again is gone, counts included.
    Writer writer(*database_, project, source);
    writer.reads_whole_source();
    writer.quarantine("line 7", "broken differently");
    writer.quarantine("issue/1#events/2", "odd");
    writer.mark("issue/1", "print");
    writer.end_of_source();
    writer.checkpoint("2");
  }
  EXPECT_EQ(records(), 2);
  {
    // The item looks as it did and is not read again; what was set aside of it stays.
    Writer writer(*database_, project, source);
    writer.reads_whole_source();
    writer.end_of_source();
    writer.checkpoint("3");
  }
  EXPECT_EQ(database_->text("SELECT record FROM quarantine"), "issue/1#events/2");
  {
    Writer writer(*database_, project, source);
    writer.mark("issue/1", "another print");
    writer.checkpoint("4");
  }
  EXPECT_EQ(count("quarantine"), 0);
}

TEST_P(Store, WhatTheStoreFailsAtIsNoFaultOfARecord) {
  const auto project = ensure_project(*database_, "p"), source = ensure_source(*database_, project, "jsonl", "x");
  Writer late(*database_, project, source);
  const auto other = Database::open(location_);
  {
    Writer first(*other, project, ensure_source(*other, project, "jsonl", "y"));
    ItemRecord item;
    item.number = 1;
    item.author.login = "ada";
    first.item(item);
    first.checkpoint("1");
  }
  ItemRecord item;
  item.number = 2;
  item.author.login = "bea";
  late.item(item);
  // As a reader does that takes every Error for the record's.
  try {
    late.flush();
    FAIL() << "another sync has written meanwhile";
  } catch (const Error& error) {
    EXPECT_THROW(late.quarantine("record", error.what()), Error);
  }
  EXPECT_THROW(late.mark("record", "print"), Error);
  EXPECT_THROW(late.checkpoint("2"), Error);
  EXPECT_EQ(count("quarantine"), 0);
}

ItemRecord told(std::int64_t number, const std::string& title, const std::string& url, const std::string& login,
                Timestamp created_at) {
  ItemRecord item;
  item.number = number;
  item.title = title;
  item.url = url;
  item.author.login = login;
  item.created_at = created_at;
  item.comments.push_back({});
  item.comments.back().key = title;
  item.comments.back().body = title;
  return item;
}

TEST_P(Store, ItemsOfTwoTrackersDoNotReplaceOneAnother) {
  const auto project = ensure_project(*database_, "p");
  const auto tell = [&](const std::string& place, const ItemRecord& item) -> std::int64_t {
    Writer writer(*database_, project, ensure_source(*database_, project, "jsonl", place));
    writer.item(item);
    writer.checkpoint("1");
    return writer.taken_over().empty() ? 0 : writer.taken_over().begin()->second;
  };
  const std::string app = "https://github.com/o/app/issues/1", docs = "https://github.com/o/docs/issues/1";
  EXPECT_EQ(tell("app", told(1, "crash", app, "ann", 100)), 0);
  EXPECT_THROW(tell("docs", told(1, "typo", docs, "cyd", 200)), Error);
  EXPECT_THROW(tell("docs", told(1, "typo", docs, "ann", 100)), Error);  // the same moment
  EXPECT_THROW(tell("docs", told(1, "typo", "", "cyd", 200)), Error);    // no address
  EXPECT_THROW(tell("docs", told(1, "crash", "", "bea", 100)), Error);   // another author
  EXPECT_EQ(database_->text("SELECT title FROM item"), "crash");
  EXPECT_EQ(database_->text("SELECT body FROM comment"), "crash");
  // From another file of the same tracker: what that says counts, and nothing is left of before.
  EXPECT_EQ(tell("newer", told(1, "crash, edited", "https://github.com/O/App/issues/1", "Ann", 100)), 1);
  EXPECT_EQ(count("comment"), 1);
  EXPECT_EQ(database_->text("SELECT body FROM comment"), "crash, edited");
  // A repository that was renamed: the same moment, author and title.
  EXPECT_EQ(tell("renamed", told(1, "crash, edited", "https://github.com/new/name/issues/1", "ann", 100)), 1);
  EXPECT_EQ(count("item"), 1);
}

TEST(Trackers, AreKnownByTheAddressesOfTheirItems) {
  for (const char* url : {"https://github.com/O/App/issues/1", "http://github.com/o/app/pull/2#x",
                          "https://github.com/o/app.git", "https://github.com/o/app/"})
    EXPECT_EQ(tracker_of(url), "github.com/o/app") << url;
  EXPECT_EQ(tracker_of("https://gitlab.example/g/s/p/-/merge_requests/3"), "gitlab.example/g/s/p");
  EXPECT_EQ(tracker_of("https://codeberg.org/o/r/pulls/3"), "codeberg.org/o/r");
  EXPECT_EQ(tracker_of(""), "");
}

class ForeignFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(file_); }
  void TearDown() override { std::filesystem::remove(file_); }
  std::string refused(Access access) const {
    try {
      Database::open(file_, access);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }
  void make(const std::string& sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  }
  static std::string content(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  const std::string file_ = testing::TempDir() + "foreign_" + std::to_string(getpid()) + ".db";
};

TEST_F(ForeignFile, IsRefusedAndLeftAsItWas) {
  for (const char* sql : {"CREATE TABLE bookmarks(a)", "CREATE TABLE migration(id, app)",
                          "PRAGMA application_id = 7; CREATE TABLE x(a); DROP TABLE x"}) {
    std::filesystem::remove(file_);
    make(sql);
    const std::string before = content(file_);
    EXPECT_NE(refused(Access::write).find("another program"), std::string::npos) << sql;
    EXPECT_NE(refused(Access::read).find("another program"), std::string::npos) << sql;
    EXPECT_EQ(content(file_), before) << sql;
  }
}

TEST_F(ForeignFile, AnEmptyOneHoldsNoStoreYet) {
  std::ofstream(file_).close();
  EXPECT_NE(refused(Access::read).find("holds no store"), std::string::npos);
  EXPECT_EQ(refused(Access::write), "");
  EXPECT_EQ(refused(Access::read), "");
  EXPECT_EQ(Database::open(file_)->integer("PRAGMA application_id"), kApplicationId);
}

TEST_P(Store, OneMadeByANewerProgramSaysSo) {
  EXPECT_EQ(newer_store_text(*database_), "");
  database_->execute("INSERT INTO migration (version, name) VALUES (9000, 'later')");
  const auto newer = Database::open(location_, Access::read);
  EXPECT_NE(newer_store_text(*newer).find("9000"), std::string::npos);
  EXPECT_THROW(Database::open(location_), Error);
}

TEST_P(Store, WhatWasNotCheckpointedIsGone) {
  const auto project = ensure_project(*database_, "p");
  const auto source = ensure_source(*database_, project, "jsonl", "x");
  {
    Writer writer(*database_, project, source);
    writer.item(pull(1, account(1, "ada")));
    writer.checkpoint("one");
    writer.item(pull(2, account(1, "ada")));
  }
  Writer writer(*database_, project, source);
  EXPECT_EQ(writer.cursor(), "one");
  EXPECT_EQ(count("item"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Store, testing::Values("sqlite", "postgresql"),
                         [](const auto& each) { return std::string(each.param); });

TEST(Sql, ParametersAreNumberedOutsideOfLiterals) {
  std::vector<std::string> names;
  EXPECT_EQ(to_numbered_parameters("SELECT :a, ':b', \":c\", :d::text -- :e\n, :a", names),
            "SELECT $1, ':b', \":c\", $2::text -- :e\n, $1");
  EXPECT_EQ(names, (std::vector<std::string>{"a", "d"}));
}

TEST(Sql, SchemaIsSpelledForPostgres) {
  EXPECT_EQ(to_postgres_schema("CREATE TABLE x (a INTEGER, b BLOB, c REAL) STRICT; -- INTEGER"),
            "CREATE TABLE x (a BIGINT, b BYTEA, c DOUBLE PRECISION) ; -- INTEGER");
}

TEST(Sqlite, AFileThatIsNoneIsSaid) {
  const std::string path = testing::TempDir() + "not_a_store_" + std::to_string(getpid()) + ".db";
  { std::filesystem::remove(path); }
  FILE* file = std::fopen(path.c_str(), "w");
  std::fputs(
      "this is not a database, and long enough to be taken for one: ................................................",
      file);
  std::fclose(file);
  EXPECT_THROW(Database::open(path), Error);
  EXPECT_THROW(Database::open("/nowhere/at/all.db"), Error);
}

}  // namespace
}  // namespace resident
