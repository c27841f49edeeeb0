#include <gtest/gtest.h>

#include <model/presence.hpp>
#include <store/writer.hpp>
#include <tests/analyses/history.hpp>

namespace resident {

namespace {

using namespace test;

constexpr const char* kNow = "2023-06-01T00:00:00Z";

void asks_for_changes(ItemRecord& record, const std::string& who, std::string_view when) {
  review(record, who, at(when));
  record.reviews.back().state = "changes_requested";
}

class PresenceOfReviewers : public testing::Test {
 protected:
  PresenceOfReviewers() {
    pull_ = item(true, 1, "author", "2021-01-01T00:00:00Z");
    for (const char* who : {"away", "mentioned", "asks", "commits"}) asks_for_changes(pull_, who, "2021-02-01");
    EventRecord mention;
    mention.kind = "mentioned";
    mention.actor = account("mentioned");
    mention.occurred_at = at("2023-05-01");
    pull_.events.push_back(mention);
    history_.items = {pull_, item(false, 2, "asks", "2023-05-01T00:00:00Z")};
    history_.commits = {commit(0, "commits", "commits@users.noreply.github.com", at("2023-05-01")),
                        commit(1, "commits", "commits@users.noreply.github.com", at("2023-07-01"))};
    const std::int64_t project = write(*database_, "demo", history_);
    context_ = std::make_unique<Context>(Context{*database_, project, "demo", {}, false, {}, at(kNow)});
    people_ = load_people(*context_);
  }

  std::set<std::string> names(const std::set<std::int64_t>& persons) const {
    std::set<std::string> result;
    for (const std::int64_t person : persons) result.insert(people_.name(person));
    return result;
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:");
  ItemRecord pull_;
  History history_;
  std::unique_ptr<Context> context_;
  People people_;
};

// GitHub writes a mention as an act of who is mentioned; opening an issue is an act like any other.
TEST_F(PresenceOfReviewers, WhoseObjectionNobodyWaitsForIsAskedOfPresence) {
  std::set<std::int64_t> left;
  each_open_item(
      *context_, people_, "pull", [&](OpenItem&& open) { left = open.left; }, 1);
  EXPECT_EQ(names(left), (std::set<std::string>{"away", "mentioned"}));
}

TEST_F(PresenceOfReviewers, AFewLookedUpAreAsInTheListOfAll) {
  const auto all = last_activity(*context_, people_);
  const Presence presence(*context_, people_);
  std::set<std::int64_t> persons{0};
  for (const auto& [login, person] : people_.by_login) persons.insert(person);
  presence.look_up(persons);
  EXPECT_EQ(presence.last(0), std::nullopt);
  for (const auto& [login, person] : people_.by_login) {
    const auto found = all.find(person);
    EXPECT_EQ(presence.last(person), found == all.end() ? std::nullopt : std::optional(found->second)) << login;
    EXPECT_EQ(Presence(*context_, people_).last(person), presence.last(person)) << login;
  }
  EXPECT_EQ(presence.last(people_.by_login.at("commits")), at("2023-05-01")) << "nothing later than the moment";
}

}  // namespace

}  // namespace resident
