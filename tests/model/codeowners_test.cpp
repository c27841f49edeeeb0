// CODEOWNERS by each forge's rules: lines, sections, and whom they name for a path.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <base/codeowners_file.hpp>
#include <model/codeowners.hpp>

namespace resident {
namespace {

// "section: owners; …", sections in the file's order.
std::string owners(std::string_view text, CodeownersForm form, std::string_view path) {
  const Codeowners file(read_codeowners(text, form), form);
  auto rules = file.of(path);
  std::sort(rules.begin(), rules.end(), [](const auto* a, const auto* b) { return a->line < b->line; });
  std::string result;
  for (const CodeownersRule* rule : rules)
    result += fmt::format("{}{}: {}{}", result.empty() ? "" : "; ", rule->section, fmt::join(rule->owners, " "),
                          rule->is_optional     ? " (optional)"
                          : rule->approvals > 1 ? fmt::format(" ({})", rule->approvals)
                                                : "");
  return result;
}

TEST(CodeownersFile, OfGitHub) {
  const char* text = "* @all\n/docs/ @docs\n*.c @ada @bea # comment\n/gen/\n";
  const auto of = [&](const char* path) { return owners(text, CodeownersForm::github, path); };
  EXPECT_EQ(of("README"), ": @all");
  EXPECT_EQ(of("docs/a/b.md"), ": @docs");
  EXPECT_EQ(of("src/a.c"), ": @ada @bea");
  EXPECT_EQ(of("gen/x"), ": ");
}

TEST(CodeownersFile, SectionsOfGitLab) {
  const char* text =
      "* @default\n\n[Documentation] @docs-team\ndocs/\nREADME.md\n\n[Database][2] @db\nmodel/db/\n"
      "config/db/setup.md @docs-team\n\n^[Style]\n*.css @style\n[documentation]\n/internal/README.md "
      "@ada\n!docs/generated/\n";
  const auto of = [&](const char* path) { return owners(text, CodeownersForm::gitlab, path); };
  EXPECT_EQ(of("main.c"), ": @default");
  EXPECT_EQ(of("docs/x.md"), ": @default; Documentation: @docs-team");
  EXPECT_EQ(of("a/docs/x.md"), ": @default; Documentation: @docs-team") << "at any depth";
  EXPECT_EQ(of("sub/README.md"), ": @default; Documentation: @docs-team");
  EXPECT_EQ(of("internal/README.md"), ": @default; Documentation: @ada") << "one section, the last line of it";
  EXPECT_EQ(of("model/db/t.sql"), ": @default; Database: @db (2)");
  EXPECT_EQ(of("config/db/setup.md"), ": @default; Database: @docs-team (2)");
  EXPECT_EQ(of("a.css"), ": @default; Style: @style (optional)");
  EXPECT_EQ(of("docs/generated/x.md"), ": @default") << "taken out of its section";
  EXPECT_TRUE(has_codeowners_sections(text));
  EXPECT_FALSE(has_codeowners_sections("* @ada\n/a/[x] @bea\n"));
  // A path without a slash at the end is a file.
  EXPECT_EQ(owners("/docs @a\n", CodeownersForm::gitlab, "docs/x"), "");
  EXPECT_EQ(owners("/docs/* @a\n", CodeownersForm::gitlab, "docs/a/x"), "");
  EXPECT_EQ(owners("/docs/**/*.md @a\n", CodeownersForm::gitlab, "docs/a/x.md"), ": @a");
}

TEST(CodeownersFile, ExpressionsOfGitea) {
  const char* text = ".*\\.js @js\nsrc/.* @ada @org/team\n!docs/.* @code\n(((\nbroken( @bea\n";
  const auto of = [&](const char* path) { return owners(text, CodeownersForm::gitea, path); };
  EXPECT_EQ(of("src/a.js"), ": @js; : @ada @org/team; : @code") << "all that match";
  EXPECT_EQ(of("docs/a.md"), "");
  EXPECT_EQ(of("a.json"), ": @code") << "the whole path";
}

}  // namespace
}  // namespace resident
