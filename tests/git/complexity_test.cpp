#include <gtest/gtest.h>

#include <algorithm>
#include <git/complexity.hpp>
#include <random>
#include <string>

namespace resident::git {

namespace {

void expect(const std::string& content, std::int64_t lines, std::int64_t code_lines, std::int64_t total,
            std::int64_t deepest) {
  const Complexity found = complexity_of(content);
  EXPECT_EQ(found.lines, lines) << content;
  EXPECT_EQ(found.code_lines, code_lines) << content;
  EXPECT_EQ(found.indentation_total, total) << content;
  EXPECT_EQ(found.indentation_max, deepest) << content;
}

TEST(Complexity, CountsLinesAsBlameDoes) {
  expect("", 0, 0, 0, 0);
  expect("\n", 1, 0, 0, 0);
  expect("a", 1, 1, 0, 0);
  expect("a\n", 1, 1, 0, 0);
  expect("a\nb", 2, 2, 0, 0);
  expect("a\r\n\r\n \t\v\f\r\nb", 4, 2, 0, 0);
}

TEST(Complexity, ALevelIsATabOrTheFilesOwnUnit) {
  expect("if a:\n    if b:\n        c\n    d\n", 4, 4, 4, 2);
  expect("if a:\n  if b:\n    c\n  d\n", 4, 4, 4, 2);
  expect("f() {\n\tif (a) {\n\t\tb();\n\t}\n}\n", 5, 5, 4, 2);
  // Tabs with spaces behind them: four spaces a level, as nothing says otherwise.
  expect("f\n\t    a\n", 2, 2, 2, 2);
  // Less than a unit is no level.
  expect("a\n    b\n    c\n     d\n", 4, 4, 3, 1);
}

TEST(Complexity, TheUnitIsTheMostFrequentStep) {
  EXPECT_EQ(indentation_unit(""), 4);
  EXPECT_EQ(indentation_unit("a\nb\n"), 4);
  EXPECT_EQ(indentation_unit("a\n  b\nc\n  d\ne\n        f\n"), 2);
  EXPECT_EQ(indentation_unit("a\n\n\n   b\n"), 3);
  EXPECT_EQ(indentation_unit("a\n  b\nc\n    d\n"), 4);       // equally frequent
  EXPECT_EQ(indentation_unit("a\n            b\n"), 4);       // beyond 8 it is alignment
  EXPECT_EQ(indentation_unit("a\n\tb\n  c\n\td\n  e\n"), 4);  // nothing but tabs before them
}

TEST(Complexity, OneAbsurdLineCountsForLittle) {
  expect("a\n" + std::string(1 << 20, '\t') + "b\n", 2, 2, kMaxLevel, kMaxLevel);
}

TEST(Complexity, TakesAnyBytes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    std::string content;
    for (std::uint64_t length = random() % 400; length > 0; --length)
      content += random() % 3 ? " \t\n\r"[random() % 4] : static_cast<char>(random() % 256);
    const Complexity found = complexity_of(content);
    const auto newlines = std::count(content.begin(), content.end(), '\n');
    EXPECT_EQ(found.lines, newlines + (!content.empty() && content.back() != '\n'));
    EXPECT_LE(found.code_lines, found.lines);
    EXPECT_LE(found.indentation_total, found.indentation_max * found.code_lines);
    EXPECT_GE(found.indentation_total, found.indentation_max);
    EXPECT_EQ(complexity_of(content + "\n  \n").indentation_total, found.indentation_total);
  }
}

}  // namespace

}  // namespace resident::git
