// What an analysis declares is all that its command, its tool and its place on a page need.
#include <gtest/gtest.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <analyses/pages.hpp>
#include <cli/command.hpp>
#include <server/page_request.hpp>
#include <set>
#include <sstream>

namespace resident {
namespace {

bool has_parameter(const Analysis& analysis, std::string_view name) {
  return std::any_of(analysis.parameters.begin(), analysis.parameters.end(),
                     [&](const auto& parameter) { return parameter.name == name; });
}

TEST(Registration, NamesAreGivenOnce) {
  std::set<std::string> names;
  for (const Command* command : commands()) EXPECT_TRUE(names.insert(command->name).second) << command->name;
  names.clear();
  for (const Analysis* analysis : analyses())
    EXPECT_TRUE(names.insert(std::string(analysis->name)).second) << analysis->name;
}

TEST(Registration, WhatIsDeclaredIsThere) {
  std::set<std::string_view> pages;
  for (const auto& page : shown_pages()) EXPECT_TRUE(pages.insert(page.slug).second) << page.slug;
  for (const Analysis* analysis : analyses()) {
    for (const auto& section : analysis->sections) {
      EXPECT_TRUE(pages.contains(section.page)) << analysis->name << " wants to stand on " << section.page;
      for (const auto& [name, value] : section.arguments)
        EXPECT_TRUE(has_parameter(*analysis, name)) << analysis->name << " takes no " << name;
    }
    if (analysis->command.summary.empty()) continue;
    EXPECT_NE(std::find(std::begin(groups::kAll), std::end(groups::kAll), analysis->command.group),
              std::end(groups::kAll))
        << analysis->name << ": no heading " << analysis->command.group;
    if (!analysis->command.positional.empty()) {
      EXPECT_TRUE(has_parameter(*analysis, analysis->command.positional)) << analysis->name;
    }
  }
}

TEST(Registration, CommandsStandUnderTheirHeadingInTheHelp) {
  std::ostringstream out, err;
  const FixedClock clock(0);
  Invocation invocation{out, err, clock};
  ASSERT_EQ(run_command_line({"--help"}, invocation), 0) << err.str();
  const std::string help = out.str();
  std::size_t from = 0;
  for (const auto& group : command_groups()) {
    from = help.find(std::string(group.name) + ":\n", from);
    ASSERT_NE(from, std::string::npos) << group.name;
    ASSERT_FALSE(group.commands.empty()) << group.name;
    for (const Command* command : group.commands) {
      from = help.find("\n  " + command->name + " ", from);
      ASSERT_NE(from, std::string::npos) << command->name << " does not stand under " << group.name;
    }
  }
  for (const Analysis* analysis : analyses())
    if (!analysis->command.summary.empty()) {
      EXPECT_NE(help.find(std::string(analysis->command.summary)), std::string::npos) << analysis->name;
    }
}

TEST(Registration, EveryPageThatShowsIsInTheNavigation) {
  const auto& navigation = server::navigation();
  EXPECT_EQ(navigation.front().second, "Today");
  for (const auto& page : shown_pages()) {
    EXPECT_TRUE(page.markdown || !sections_of(page.slug).empty()) << page.slug << " is empty";
    const std::string address = page.slug == "today" ? "/" : "/" + std::string(page.slug);
    const bool is_listed = std::find(navigation.begin(), navigation.end(),
                                     std::pair(address, std::string(page.title))) != navigation.end();
    EXPECT_EQ(is_listed, page.reach == PageReach::everywhere) << page.slug;
    // What stands in the file alone has no address, or one of another making.
    if (page.reach == PageReach::in_file) continue;
    EXPECT_EQ(server::slug_of(address), page.slug);
  }
}

}  // namespace
}  // namespace resident
