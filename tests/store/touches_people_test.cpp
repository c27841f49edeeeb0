// When who is who has to be looked at anew: not for every comment.
#include <gtest/gtest.h>

#include <tests/analyses/history.hpp>
#include <tests/store/each_engine.hpp>

namespace resident {
namespace {

using namespace test;

class TouchesPeople : public OnEachEngine {
 protected:
  TouchesPeople() : OnEachEngine("touches_people_test") {}

  void SetUp() override {
    OnEachEngine::SetUp();
    if (IsSkipped()) return;
    pull_ = item(true, 1, "ann", "2023-01-10T00:00:00Z");
    EventRecord pushed;
    pushed.kind = "committed";
    pushed.sha = std::string(40, 'a');
    pushed.actor.provider = "git";
    pushed.actor.name = "Ann";
    pushed.actor.email = "ann@example.org";
    pushed.occurred_at = at("2023-01-10T00:00:00Z");
    pull_.events.push_back(pushed);
    review(pull_, "bob", at("2023-01-11T00:00:00Z"));
    pull_.reviews.back().state = "commented";
    issue_ = item(false, 2, "bob", "2023-01-12T00:00:00Z");
    History history;
    history.items = {pull_, issue_};
    history.commits = {commit(0, "Cy", "cy@example.org", at("2023-01-01"))};
    write(*database_, "demo", history);
  }

  bool touches(const std::function<void(Writer&)>& act) {
    const std::int64_t project = ensure_project(*database_, "demo");
    Writer writer(*database_, project, ensure_source(*database_, project, "test", "demo"));
    act(writer);
    writer.checkpoint("later");
    return writer.touches_people();
  }
  bool touches(const ItemRecord& record) {
    return touches([&](Writer& writer) { writer.item(record); });
  }

  ItemRecord pull_, issue_;
};

TEST_P(TouchesPeople, WordsOfKnownPeopleDoNot) {
  EXPECT_FALSE(touches(issue_));
  comment(issue_, "ann", at("2023-02-01"));
  event(issue_, "closed", at("2023-02-02"));
  EXPECT_FALSE(touches(issue_));
  comment(pull_, "bob", at("2023-02-01"));
  pull_.title = "another title";
  EXPECT_FALSE(touches(pull_));
  EXPECT_FALSE(touches(item(false, 3, "ann", "2023-02-03T00:00:00Z")));  // a new one of somebody known
}

TEST_P(TouchesPeople, WhoIsNewDoes) {
  comment(issue_, "somebody-new", at("2023-02-01"));
  EXPECT_TRUE(touches(issue_));
  EXPECT_FALSE(touches(issue_));
  EXPECT_TRUE(touches(item(false, 4, "another-new", "2023-02-03T00:00:00Z")));
}

TEST_P(TouchesPeople, WhoBroughtWhichCommitsAndWhoDecidedDo) {
  EXPECT_FALSE(touches(pull_));
  pull_.reviews.back().state = "approved";
  EXPECT_TRUE(touches(pull_));
  EXPECT_FALSE(touches(pull_));
  pull_.events.front().actor.name = "Cy";
  pull_.events.front().actor.email = "cy@example.org";
  EXPECT_TRUE(touches(pull_));
  EXPECT_FALSE(touches(pull_));
  pull_.author = account("bob");  // as imports are mended
  EXPECT_TRUE(touches(pull_));
  EXPECT_TRUE(touches([](Writer& writer) { writer.commit(commit(1, "Cy", "cy@example.org", at("2023-02-01"))); }));
}

INSTANTIATE_TEST_SUITE_P(Engines, TouchesPeople, kEngines, engine_name);

}  // namespace
}  // namespace resident
