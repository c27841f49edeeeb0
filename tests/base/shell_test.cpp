#include <gtest/gtest.h>

#include <base/shell.hpp>

namespace resident {
namespace {

TEST(Shell, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_word("demo"), "demo");
  EXPECT_EQ(shell_word("a/b-c.d_1"), "a/b-c.d_1");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("two words"), "'two words'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word("two\nlines"), "'two lines'");
}

}  // namespace
}  // namespace resident
