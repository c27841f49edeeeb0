#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <sources/launchpad/launchpad_objects.hpp>
#include <sources/source.hpp>

namespace resident::launchpad {
namespace {

class LaunchpadBug : public testing::Test {
 protected:
  // task, log and messages as JSON, without their brackets.
  ItemRecord read(const std::string& tasks, const std::string& log, const std::string& messages = "",
                  const std::string& more = "") {
    const std::string text =
        R"({"bug": {"id": 7, "title": "It drips", "description": "Wet", "owner_link": "https://api.launchpad.net/devel/~ann",
            "date_created": "2024-03-01T09:00:00.123456+00:00", "date_last_updated": "2024-03-20T09:00:00+00:00", "tags": [],
            "web_link": "https://bugs.launchpad.net/bugs/7", "private": false)" +
        more + R"(}, "tasks": [)" + tasks + R"(], "activity": [)" + log + R"(], "messages": [)" + messages + "]}";
    const json::Object object(json::parse(parser_, text), "parts");
    BugParts parts{*object.object("bug")};
    parts.tasks.push_back(*object.array("tasks"));
    parts.activity.push_back(*object.array("activity"));
    parts.messages.push_back(*object.array("messages"));
    problems_.clear();
    return bug(parts, settings_, [this](const std::string& place, const std::string&) { problems_.push_back(place); });
  }
  static std::string task(const std::string& target, const std::string& name, const std::string& status,
                          const std::string& more = "", const std::string& created = "2024-03-01T09:00:00+00:00") {
    return R"({"bug_target_name": ")" + name + R"(", "target_link": "https://api.launchpad.net/devel/)" + target +
           R"(", "status": ")" + status + R"(", "importance": "Undecided", "date_created": ")" + created + "\"" + more +
           "}";
  }
  static std::string change(int day, const std::string& what, const std::string& before, const std::string& after) {
    return R"({"datechanged": "2024-03-)" + std::string(day < 10 ? "0" : "") + std::to_string(day) +
           R"(T09:00:00+00:00", "person_link": "https://api.launchpad.net/devel/~bob", "whatchanged": ")" + what +
           R"(", "oldvalue": ")" + before + R"(", "newvalue": ")" + after + "\"}";
  }
  static std::optional<int> day_of(const ItemRecord& item, const std::string& kind) {
    for (const EventRecord& event : item.events)
      if (event.kind == kind) return static_cast<int>((*event.occurred_at - 1709251200) / 86400) + 1;
    return std::nullopt;
  }
  static bool has(const ItemRecord& item, const std::string& label) {
    return std::find(item.labels.begin(), item.labels.end(), label) != item.labels.end();
  }

  Settings settings_{"demo", [](const std::string& login) {
                       Account account;
                       account.person.login = account.person.name = login;
                       return account;
                     }};
  json::Parser parser_;
  std::vector<std::string> problems_;
};

TEST_F(LaunchpadBug, PathsOfLinks) {
  EXPECT_EQ(path_of("https://api.launchpad.net/devel/~ann"), "~ann");
  EXPECT_EQ(path_of("https://api.launchpad.net/1.0/ubuntu/+source/pump"), "ubuntu/+source/pump");
  EXPECT_EQ(path_of("https://api.launchpad.net/devel"), "");
  EXPECT_EQ(path_of(""), "");
  EXPECT_TRUE(is_within("ubuntu/+source/pump", "ubuntu"));
  EXPECT_FALSE(is_within("ubuntu-kernel", "ubuntu"));
}

TEST_F(LaunchpadBug, OfADistributionAllPackagesDecide) {
  settings_.target = "ubuntu";
  const std::string tasks = task("ubuntu/+source/pump", "pump (Ubuntu)", "Fix Released") + "," +
                            task("ubuntu/+source/valve", "valve (Ubuntu)", "New") + "," +
                            task("demo", "demo", "Fix Released");
  const std::string log = change(5, "pump (Ubuntu): status", "New", "Fix Released");
  EXPECT_EQ(read(tasks, log).state, "open") << "one package still has it";
  const std::string done = log + "," + change(6, "valve (Ubuntu): status", "New", "Invalid");
  const ItemRecord item = read(task("ubuntu/+source/pump", "pump (Ubuntu)", "Fix Released") + "," +
                                   task("ubuntu/+source/valve", "valve (Ubuntu)", "Invalid"),
                               done);
  EXPECT_EQ(item.state, "closed");
  EXPECT_EQ(day_of(item, "closed"), 6);
}

TEST_F(LaunchpadBug, NamesOfStatusesBefore2007) {
  const ItemRecord item =
      read(task("demo", "demo", "Invalid"), change(3, "demo: status", "Unconfirmed", "Rejected") + "," +
                                                change(9, "demo: status", "Invalid", "Invalid"));
  EXPECT_EQ(item.state, "closed");
  EXPECT_EQ(day_of(item, "closed"), 3);
}

TEST_F(LaunchpadBug, WhatNoLogTellsDatesOfTheTaskDo) {
  const ItemRecord item =
      read(task("demo", "demo", "Fix Released", R"(, "date_fix_released": "2024-03-11T09:00:00+00:00")"), "");
  EXPECT_EQ(item.state, "closed");
  EXPECT_EQ(day_of(item, "closed"), 11);
  EXPECT_EQ(item.closed_at, 1710147600);
  EXPECT_EQ(read(task("demo", "demo", "Invalid"), "").closed_at, 1709283600) << "filed so, as far as is known";
}

TEST_F(LaunchpadBug, IncompleteUntilSomebodyWrites) {
  const std::string messages =
      R"({"self_link": "https://x/devel/demo/+bug/7/comments/0", "date_created": "2024-03-01T09:00:00+00:00", "content": "Wet"},
         {"self_link": "https://x/devel/demo/+bug/7/comments/1", "date_created": "2024-03-08T09:00:00+00:00", "content": "More", "owner_link": "https://x/devel/~ann"})";
  const std::string log = change(5, "demo: status", "New", "Incomplete");
  EXPECT_TRUE(has(read(task("demo", "demo", "Incomplete"), log), "incomplete: without response"));
  const ItemRecord item = read(task("demo", "demo", "Incomplete"), log, messages);
  EXPECT_TRUE(has(item, "incomplete: with response"));
  ASSERT_EQ(item.comments.size(), 1U);
  EXPECT_EQ(item.comments[0].key, "1");
  EXPECT_FALSE(
      has(read(task("demo", "demo", "Triaged"), log + "," + change(9, "demo: status", "Incomplete", "Triaged")),
          "incomplete: without response"));
}

TEST_F(LaunchpadBug, ATaskThatWasDeletedDecidesNoMore) {
  const ItemRecord item = read(task("demo", "demo", "New"), change(5, "other: status", "New", "Fix Released") + "," +
                                                                change(6, "bug task deleted", "other", ""));
  EXPECT_EQ(item.state, "open");
  EXPECT_FALSE(has(item, "status in other: Fix Released"));
}

TEST_F(LaunchpadBug, ABrokenRowSpoilsNothingElse) {
  const ItemRecord item =
      read(task("demo", "demo", "New"), R"({"datechanged": "some day", "whatchanged": "tags"}, 7)", "[]");
  EXPECT_EQ(item.title, "It drips");
  EXPECT_EQ(problems_, (std::vector<std::string>{"activity/0", "activity/1", "messages/0"}));
}

TEST_F(LaunchpadBug, AddressesOfPagesAreTheSamePlace) {
  const SourceKind& kind = find_source_kind("launchpad-live");
  for (const char* text : {"https://bugs.launchpad.net/demo", "https://launchpad.net/demo/+bugs", "launchpad.net/demo",
                           "https://bugs.launchpad.net/demo/+bug/12", "https://api.launchpad.net/devel/demo"})
    EXPECT_EQ(kind.normal_location(text), "https://bugs.launchpad.net/demo") << text;
  EXPECT_EQ(kind.normal_location("https://bugs.launchpad.net/ubuntu/+source/pump"),
            "https://bugs.launchpad.net/ubuntu/+source/pump");
  EXPECT_EQ(kind.project_name("https://bugs.launchpad.net/ubuntu/+source/pump"), "pump");
  for (const char* text : {"https://bugs.launchpad.net", "https://launchpad.net/~ann", "https://launchpad.net/bugs/12"})
    EXPECT_THROW(kind.normal_location(text), Error) << text;
}

}  // namespace
}  // namespace resident::launchpad
