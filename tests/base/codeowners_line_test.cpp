#include <gtest/gtest.h>

#include <base/codeowners_line.hpp>

namespace resident {
namespace {

struct Row {
  const char* line;
  const char* pattern;
  std::vector<std::string> owners;
};

TEST(CodeownersLines, AreReadAsGithubDoes) {
  const Row rows[] = {
      {"*  @all", "*", {"@all"}},
      {"*.js    @js-owner #This is an inline comment.", "*.js", {"@js-owner"}},
      {"docs/\t@writers\t@org/team", "docs/", {"@writers", "@org/team"}},
      {R"(/Testing/Path\ With\ Space/ @ian)", "/Testing/Path With Space/", {"@ian"}},
      {R"(/apps/\#1 @sharp)", "/apps/#1", {"@sharp"}},
      {"/src/c#/ @cyd", "/src/c#/", {"@cyd"}},
      {R"(\#file @cyd)", "#file", {"@cyd"}},
      {"/apps/github # nobody", "/apps/github", {}},
      {"/apps/ docs@example.com\r", "/apps/", {"docs@example.com"}},
  };
  for (const Row& row : rows) {
    const auto read = codeowners_line(row.line);
    ASSERT_TRUE(read) << row.line;
    EXPECT_EQ(read->pattern, row.pattern) << row.line;
    EXPECT_EQ(read->owners, row.owners) << row.line;
  }
  for (const char* line : {"", "   ", "# order matters", "\t# so"}) EXPECT_FALSE(codeowners_line(line)) << line;
}

}  // namespace
}  // namespace resident
