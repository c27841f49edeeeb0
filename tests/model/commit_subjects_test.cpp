#include <gtest/gtest.h>

#include <model/commit_links.hpp>

namespace resident {

namespace {

TEST(CommitSubjects, NumbersAndLabelsAreTakenOff) {
  EXPECT_EQ(without_numbers("Fix it. (GH-12). (#34) "), "Fix it");
  EXPECT_EQ(without_numbers("Fix (it)"), "Fix (it)");
  EXPECT_EQ(without_numbers("(#1)"), "");
  EXPECT_EQ(without_prefixes("bpo-12: Fix it"), "Fix it");
  EXPECT_EQ(without_prefixes("[3.9] fix(parser)!: it: is"), "is");
  EXPECT_EQ(split_branch_label("[3.9] Fix", {}).first, "3.9");
  EXPECT_EQ(split_branch_label("[3.9] Fix", {}).second, "Fix");
  EXPECT_EQ(split_branch_label("[doc] Fix", {}).first, "");
  EXPECT_EQ(split_branch_label("[stable] Fix", {{"stable", 2}}).first, "stable");
}

TEST(CommitSubjects, ManyWaysToSayRevert) {
  EXPECT_EQ(parse_revert("Revert \"Add a\"").title, "Add a");
  EXPECT_EQ(parse_revert("[3.9] bpo-1: Revert \"Add \"a\" (GH-1)\" (GH-2)").title, "Add \"a\" (GH-1)");
  EXPECT_EQ(parse_revert("Revert \"Revert \"Add a\"\" (#3)").title, "Revert \"Add a\"");
  EXPECT_EQ(parse_revert("Reapply \"Add a\"").title, "Revert \"Add a\"");
  EXPECT_EQ(parse_revert("revert: feat: add a").title, "feat: add a");
  EXPECT_EQ(parse_revert("bpo-44958: Revert GH-27844 (GH-28574)").numbers, std::vector<std::int64_t>{27844});
  EXPECT_EQ(parse_revert("Revert commits 2c1e258 and b2bf2bc (#9)").shas,
            (std::vector<std::string>{"2c1e258", "b2bf2bc"}));
  EXPECT_TRUE(parse_revert("Revert defaced accessed").shas.empty());
  EXPECT_TRUE(parse_revert("Reverted the change").is_revert);
  for (const char* subject : {"Add a", "Fix reverting", "Reapply it", "Revertible", "", "\"", "Un-revert 1234567"})
    EXPECT_FALSE(parse_revert(subject).is_revert) << subject;
  EXPECT_EQ(parse_revert("Revert \"").title, "");
}

}  // namespace

}  // namespace resident
