#include <gtest/gtest.h>

#include <base/error.hpp>
#include <sources/bugzilla/bugzilla_objects.hpp>
#include <sources/redmine/redmine_objects.hpp>
#include <sources/source.hpp>

namespace resident {
namespace {

const trackers::Problem kNone = [](const std::string&, const std::string&) {};

std::vector<std::string> told(const ItemRecord& item) {
  std::vector<std::string> result;
  for (const auto& event : item.events)
    result.push_back(event.kind + (event.is_derived ? "?" : "") + " " + event.label + " @" +
                     std::to_string(event.occurred_at.value_or(-1)));
  return result;
}

TEST(Places, HoldNoPasswordAndNoToken) {
  for (const SourceKind* kind : source_kinds()) {
    if (kind->is_path()) continue;
    for (const char* place :
         {"https://ada:s3cretpw@host.example/projects/x?product=y", "https://s3cretpw@host.example/x/y",
          "https://host.example/x/y?access_token=s3cretpw", "ftp://host.example/x/y"})
      try {
        place_of(*kind, place);
        ADD_FAILURE() << kind->name << " takes " << place;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_EQ(std::string(error.what()).find("s3cretpw"), std::string::npos) << error.what();
      }
  }
  EXPECT_EQ(place_of(find_source_kind("gitea"), "https://codeberg.org/a/b"), "https://codeberg.org/a/b");
}

using Lines = std::vector<std::string>;

TEST(TrackerLabels, WhatChangedSilentlyIsDerivedAndNobodys) {
  ItemRecord item;
  item.created_at = 10;
  trackers::add_label_history("category", {{20, {}, "Docs", "Core"}, {30, {}, "Tests", "Core"}}, "Docs", 40, item);
  EXPECT_EQ(item.labels, Lines{"category: Docs"});
  EXPECT_EQ(told(item),
            (Lines{"unlabeled category: Docs @20", "labeled category: Core @20", "unlabeled? category: Core @30",
                   "labeled? category: Tests @30", "unlabeled category: Tests @30", "labeled category: Core @30",
                   "unlabeled? category: Core @40", "labeled? category: Docs @40"}));
}

ItemRecord redmine_issue(const std::string& text, const std::set<std::int64_t>& copied = {}) {
  json::Parser parser;
  const json::Object object(json::parse(parser, text), "issue");
  redmine::Names names;
  names.provider = "redmine:x";
  names.origin = "http://x";
  names.project = 1;
  names.statuses = {{1, {"New", false}}, {3, {"Resolved", true}}, {5, {"Closed", true}}};
  return redmine::issue(object, names, copied, kNone);
}

const std::string kHead = R"({"id":7,"subject":"s","project":{"id":1,"name":"W"},"author":{"id":4,"name":"Anonym"},)"
                          R"("created_on":"1970-01-01T00:00:10Z","updated_on":"1970-01-01T00:00:10Z",)";

// "Resolved" closes now. It did not when it was set: the last closing was later, by Redmine's own word.
TEST(Redmine, AStatusMayHaveMeantSomethingElse) {
  const auto item = redmine_issue(
      kHead +
      R"("status":{"id":5,"name":"Closed","is_closed":true},"closed_on":"1970-01-01T00:00:30Z","journals":[)"
      R"({"id":2,"created_on":"1970-01-01T00:00:30Z","details":[{"property":"attr","name":"status_id","old_value":"3","new_value":"5"}]},)"
      R"({"id":1,"created_on":"1970-01-01T00:00:20Z","details":[{"property":"attr","name":"status_id","old_value":"1","new_value":"3"}]}]})");
  EXPECT_EQ(item.closed_at, 30);
  EXPECT_FALSE(item.author.known());
  Lines closings;
  for (const auto& line : told(item))
    if (line.starts_with("closed")) closings.push_back(line);
  EXPECT_EQ(closings, Lines{"closed  @30"});
}

TEST(Redmine, ClosedOnIsNoWordOnAnOpenIssue) {
  const auto item = redmine_issue(
      kHead +
      R"("status":{"id":1,"name":"New","is_closed":false},"closed_on":"1970-01-01T00:00:30Z","journals":[)"
      R"({"id":1,"created_on":"1970-01-01T00:00:30Z","details":[{"property":"attr","name":"status_id","old_value":"1","new_value":"5"}]},)"
      R"({"id":2,"created_on":"1970-01-01T00:00:40Z","details":[{"property":"attr","name":"status_id","old_value":"5","new_value":"1"}]}]})");
  EXPECT_EQ(item.state, "open");
  EXPECT_FALSE(item.closed_at);
  EXPECT_EQ(item.updated_at, 40);
}

TEST(Redmine, ANoteThatWasCopiedIsTheOriginals) {
  json::Parser a, b;
  const std::string journal =
      R"("user":{"id":5,"name":"Ann"},"notes":"Done.","created_on":"1970-01-01T00:00:30Z","details":[{"property":"attr","name":"status_id","old_value":"1","new_value":"5"}]})";
  const json::Object copy(
      json::parse(
          a,
          R"({"id":7,"relations":[{"issue_id":7,"issue_to_id":8,"relation_type":"duplicates"}],"journals":[{"id":41,)" +
              journal + "]}"),
      "issue");
  const json::Object original(json::parse(b, R"({"id":8,"journals":[{"id":42,)" + journal + "]}"), "issue");
  EXPECT_EQ(redmine::originals(copy), std::vector<std::int64_t>{8});
  EXPECT_TRUE(redmine::originals(original).empty());
  EXPECT_EQ(redmine::copied_notes(copy, original), std::set<std::int64_t>{41});
}

TEST(Bugzilla, Flags) {
  const auto flags = bugzilla::flags_in("review?(bob@example.org), needinfo?, approval-mozilla+, odd");
  ASSERT_EQ(flags.size(), 3u);
  EXPECT_EQ(flags[0].name + flags[0].status + flags[0].requestee, "review?bob@example.org");
  EXPECT_EQ(flags[1].name + flags[1].status + flags[1].requestee, "needinfo?");
  EXPECT_EQ(flags[2].name + flags[2].status, "approval-mozilla+");
  EXPECT_TRUE(bugzilla::flags_in("?, (x), )(, +").empty());
}

TEST(Bugzilla, NobodyIsCalledByAnAddress) {
  const auto person = bugzilla::person("ann@example.org", "", "bugzilla:x");
  EXPECT_EQ(person.name, "ann");
  EXPECT_EQ(person.email, "ann@example.org");
  EXPECT_TRUE(person.login.empty());
  EXPECT_FALSE(bugzilla::person("nobody@mozilla.org", "Nobody", "bugzilla:x").known());
}

}  // namespace
}  // namespace resident
