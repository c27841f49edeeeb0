#include <gtest/gtest.h>

#include <sources/git/ignored_revisions.hpp>

namespace resident {
namespace {

TEST(IgnoredRevisionsFile, IsReadAsGitDoes) {
  const std::string first(40, 'a'), second(64, '1');
  const auto ids =
      revisions_of("# Reformatting\n" + first + "\n\n  " + second + "  # with a word\nabc1234\n--author=me\n" + first);
  EXPECT_EQ(ids, (std::unordered_set<std::string>{first, second}));
  EXPECT_TRUE(revisions_of("").empty());
}

}  // namespace
}  // namespace resident
