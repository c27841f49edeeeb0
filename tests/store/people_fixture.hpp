// A store in memory with a project, and short ways to say who did what in it.
#pragma once

#include <gtest/gtest.h>

#include <store/identities.hpp>
#include <store/writer.hpp>

namespace resident {

class PeopleFixture : public testing::Test {
 protected:
  void SetUp() override {
    database_ = Database::open(":memory:");
    project_ = ensure_project(*database_, "tool");
    source_ = ensure_source(*database_, project_, "git", "/clone");
    writer_.emplace(*database_, project_, source_);
  }

  static PersonRecord git(const std::string& name, const std::string& email) {
    PersonRecord person;
    person.provider = "git";
    person.name = name;
    person.email = email;
    return person;
  }
  static PersonRecord account(const std::string& login, std::int64_t id, const std::string& type = "User",
                              const std::string& provider = "github") {
    PersonRecord person;
    person.provider = provider;
    person.login = login;
    if (id) person.account_id = id;
    person.account_type = type;
    return person;
  }

  // Commits of theirs on the default branch; the subject tells them apart.
  void commits(const PersonRecord& author, int count = 1, Timestamp at = kDay) {
    for (int i = 0; i < count; ++i) {
      CommitRecord record;
      record.sha = std::string(32, 'a') + std::to_string(10000000 + ++commits_);
      record.author = record.committer = author;
      record.authored_at = record.committed_at = at + commits_;
      record.on_default = record.in_history = true;
      record.subject = "commit " + std::to_string(commits_);
      writer_->commit(record);
    }
  }
  ItemRecord item(std::int64_t number, const PersonRecord& author, bool is_pull = true, Timestamp at = kDay) {
    ItemRecord record;
    record.number = number;
    record.is_pull = is_pull;
    record.title = "item";
    record.author = author;
    record.state = "open";
    record.created_at = at;
    return record;
  }
  // A pull request with commits by these.
  void pull(std::int64_t number, const PersonRecord& author, const std::vector<PersonRecord>& committers,
            const std::vector<PersonRecord>& approved_by = {}) {
    ItemRecord record = item(number, author);
    for (const auto& committer : committers) {
      EventRecord event;
      event.kind = "committed";
      event.actor = committer;
      event.occurred_at = kDay;
      event.sha = std::string(39, 'b') + std::to_string(number);
      record.events.push_back(event);
    }
    for (const auto& reviewer : approved_by) {
      ReviewRecord review;
      review.key = std::to_string(number) + reviewer.login;
      review.author = reviewer;
      review.state = "approved";
      review.submitted_at = 2 * kDay;
      record.reviews.push_back(review);
    }
    writer_->item(record);
  }
  void resolve(const BotRules& bots = {}) {
    writer_->checkpoint("x");
    resolve_identities(*database_, project_, bots);
  }

  std::int64_t identity(const PersonRecord& who) {
    const auto id = database_->integer(
        who.login.empty() ? "SELECT i.identity_id FROM identity i JOIN identity_email e ON e.project_id = i.project_id "
                            "AND e.identity_id = i.identity_id WHERE i.name = :name AND e.email = :email"
                          : "SELECT identity_id FROM identity WHERE login = :name AND provider = :email",
        {{"name", who.login.empty() ? who.name : who.login}, {"email", who.login.empty() ? who.email : who.provider}});
    EXPECT_TRUE(id) << who.name << who.login;
    return id.value_or(0);
  }
  std::int64_t person(const PersonRecord& who) {
    return database_->integer("SELECT person_id FROM person_identity WHERE identity_id = :id", {{"id", identity(who)}})
        .value_or(0);
  }
  bool one(const PersonRecord& a, const PersonRecord& b) { return person(a) == person(b); }
  bool is_bot(const PersonRecord& who) {
    return database_->integer("SELECT is_bot FROM person WHERE person_id = :id", {{"id", person(who)}}) == 1;
  }

  std::unique_ptr<Database> database_;
  std::optional<Writer> writer_;
  std::int64_t project_ = 0, source_ = 0, commits_ = 0;
};

}  // namespace resident
