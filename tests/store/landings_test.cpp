#include <store/landings.hpp>
#include <store/writer.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {
namespace {

constexpr Timestamp kOpened = 100 * kDay, kClosed = 110 * kDay;

class Landings : public test::OnEachEngine {
 protected:
  Landings() : OnEachEngine("landings_test") {}
  void SetUp() override {
    OnEachEngine::SetUp();
    if (!database_) return;
    project_ = ensure_project(*database_, "pump");
    clone_ = ensure_source(*database_, project_, "git", "/clone");
    forge_ = ensure_source(*database_, project_, "github", "o/r");
  }

  static PersonRecord person(const std::string& name, const std::string& email) {
    PersonRecord person;
    person.provider = "git";
    person.name = name;
    person.email = email;
    return person;
  }
  void request(std::int64_t number, std::optional<Timestamp> closed = kClosed, std::optional<Timestamp> merged = {}) {
    Writer writer(*database_, project_, forge_);
    ItemRecord record;
    record.number = number;
    record.is_pull = true;
    record.title = "item";
    record.state = closed ? "closed" : "open";
    record.created_at = kOpened;
    record.closed_at = closed;
    record.merged_at = merged;
    writer.item(record);
    writer.checkpoint("x");
  }
  void commit(char letter, std::int64_t number, Timestamp at, bool on_default = true,
              const PersonRecord& committer = person("Ada", "ada@example.org")) {
    Writer writer(*database_, project_, clone_);
    CommitRecord record;
    record.sha = std::string(40, letter);
    record.author = person("Bea", "bea@example.org");
    record.committer = committer;
    record.authored_at = record.committed_at = at;
    record.on_default = on_default;
    record.in_history = true;
    record.subject = "a title";
    writer.commit(record);
    writer.item_commit({number * 2 + 1, record.sha, "merge"});
    writer.checkpoint("x");
  }
  std::optional<std::int64_t> merged_at(std::int64_t number) {
    return database_->integer("SELECT merged_at FROM item WHERE number = :number", {{"number", number}});
  }
  std::int64_t events(std::int64_t number) {
    return database_
        ->integer("SELECT count(*) FROM event WHERE item_id = :item AND kind = 'merged' AND is_derived = 1",
                  {{"item", number * 2 + 1}})
        .value_or(0);
  }

  std::int64_t project_ = 0, clone_ = 0, forge_ = 0;
};

TEST_P(Landings, ARequestThatAScriptPushedAndClosedIsMerged) {
  request(1), commit('a', 1, kClosed - 60);
  EXPECT_EQ(find_landings(*database_, project_), 1);
  EXPECT_EQ(merged_at(1), kClosed);
  EXPECT_EQ(events(1), 1);
  EXPECT_EQ(database_->text("SELECT merge_sha FROM item"), std::string(40, 'a'));
  EXPECT_EQ(database_->text("SELECT k.name FROM item i JOIN identity k ON k.identity_id = i.merged_by"), "Ada");
  EXPECT_EQ(find_landings(*database_, project_), 0) << "once";
  // The forge tells of it anew.
  request(1);
  EXPECT_EQ(merged_at(1), std::nullopt);
  EXPECT_EQ(find_landings(*database_, project_), 1);
  EXPECT_EQ(events(1), 1);
}

TEST_P(Landings, WhatEndedOtherwiseIsNot) {
  request(1), commit('a', 1, kClosed - 60, false);                 // on no default branch
  request(2), commit('b', 2, kClosed - kLongestToClose - kDay);    // long before
  request(3), commit('c', 3, kClosed + kEarliestToClose + kDay);   // taken up later
  request(4, std::nullopt), commit('d', 4, kClosed);               // open
  request(5), commit('e', 5, kOpened - kDay);                      // older than the request
  request(6, kClosed, kClosed - 5), commit('f', 6, kClosed - 60);  // the forge says it
  EXPECT_EQ(find_landings(*database_, project_), 0);
  for (const int number : {1, 2, 3, 4, 5}) EXPECT_EQ(merged_at(number), std::nullopt) << number;
  EXPECT_EQ(merged_at(6), kClosed - 5);
}

TEST_P(Landings, OfSomeNumbersAlone) {
  request(1), commit('a', 1, kClosed - 60);
  request(2), commit('b', 2, kClosed - 60);
  EXPECT_EQ(find_landings(*database_, project_, {2}), 1);
  EXPECT_EQ(merged_at(1), std::nullopt);
  EXPECT_EQ(merged_at(2), kClosed);
  database_->execute("UPDATE git_commit SET on_default = 0");
  EXPECT_EQ(find_landings(*database_, project_, {1}), 0);
  EXPECT_EQ(find_landings(*database_, project_, {2}), 1);
}

TEST_P(Landings, AreTakenBackWithTheirCommit) {
  request(1), commit('a', 1, kClosed - 60);
  find_landings(*database_, project_);
  database_->execute("UPDATE git_commit SET on_default = 0");
  EXPECT_EQ(find_landings(*database_, project_), 1);
  EXPECT_EQ(merged_at(1), std::nullopt);
  EXPECT_EQ(events(1), 0);
}

TEST_P(Landings, NobodyMergedWhatTheForgeCommitted) {
  request(1), commit('a', 1, kClosed - 60, true, person("GitHub", "noreply@github.com"));
  EXPECT_EQ(find_landings(*database_, project_), 1);
  EXPECT_EQ(database_->integer("SELECT merged_by FROM item"), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Engines, Landings, test::kEngines, test::engine_name);

}  // namespace
}  // namespace resident
