#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <analyses/search/query.hpp>
#include <base/error.hpp>

namespace resident {
namespace {

TEST(SearchQuery, WordsPhrasesAndFilters) {
  const auto query =
      parse_search(R"(is:open label:"good first issue" crash "index out of range" -windows Foo_bar before:2024-01-31)");
  EXPECT_EQ(query.is, std::vector<std::string>{"open"});
  EXPECT_EQ(query.labels, std::vector<std::string>{"good first issue"});
  EXPECT_TRUE(query.before);
  EXPECT_EQ(fts5_expression(query, false), R"((("crash" AND "index out rang" AND "foo_bar")) NOT ("window"))");
}

std::string expression_of(const char* text) {
  return fts5_expression(parse_search(text), false);
}

TEST(SearchQuery, WhatSignsHoldTogetherIsWantedInARow) {
  EXPECT_EQ(expression_of("std::map"), R"(("std map"))");
  EXPECT_EQ(expression_of("https://example.org/x"), R"(("https exampl org x"))");
  EXPECT_EQ(expression_of("foo.bar baz"), R"(("foo bar" AND "baz"))");
  EXPECT_EQ(expression_of("foo,bar"), R"(("foo" AND "bar"))");
  EXPECT_EQ(expression_of("--dry-run"), R"(("dri run"))");
  EXPECT_EQ(expression_of("C++"), R"(("c++"))");
  EXPECT_EQ(expression_of("__init__"), R"(("__init__"))");
  EXPECT_EQ(expression_of("#12"), R"(("#12"))");
  EXPECT_EQ(expression_of("v3.11.4"), R"(("3.11.4"))");
}

TEST(SearchQuery, ADashLeavesOutWhereSomethingElseIsAsked) {
  EXPECT_EQ(expression_of("-Werror"), R"(("werror"))");
  EXPECT_EQ(expression_of("build -Werror"), R"((("build")) NOT ("werror"))");
  EXPECT_EQ(expression_of("build \"-Werror\""), R"(("build" AND "werror"))");
  EXPECT_EQ(expression_of("returns -1"), R"(("return" AND "1"))");
  EXPECT_EQ(expression_of("make -j fails"), R"(("make" AND "j" AND "fail"))");
  EXPECT_TRUE(parse_search("is:open -C").terms.at(0).is_excluded);
  EXPECT_EQ(expression_of("make -j8"), R"((("make")) NOT ("j8"))");
  EXPECT_EQ(expression_of("build -dry-run"), R"((("build")) NOT ("dri run"))");
  const auto query = parse_search("is:open -windows");
  ASSERT_EQ(query.terms.size(), 1u);
  EXPECT_TRUE(query.terms[0].is_excluded);
  EXPECT_EQ(fts5_excluded(query), R"("window")");
}

TEST(SearchQuery, AFilterBehindADashLeavesOut) {
  const SearchQuery query = parse_search("crash -label:bug -author:@zoe -is:open");
  EXPECT_EQ(query.excluded.labels, std::vector<std::string>{"bug"});
  EXPECT_EQ(query.excluded.authors, std::vector<std::string>{"zoe"});
  EXPECT_EQ(query.excluded.is, std::vector<std::string>{"open"});
  EXPECT_TRUE(query.empty());
  ASSERT_EQ(query.terms.size(), 1u);
  EXPECT_THROW(parse_search("crash -before:2024-01-01"), Error);
}

TEST(SearchQuery, AFilterThatIsNoneIsToldAndAWordIsNot) {
  for (const char* slip :
       {"labl:bug", "autor:ada", "assignee:ada", "assigne:ada", "milestone:9", "created:>2024-01-01"})
    EXPECT_THROW(parse_search(std::string("crash ") + slip), Error) << slip;
  for (const char* word : {"std::map", "https://example.org/a", "note:x", "error:", "\"labl:bug\"", "C:/x", "later:on"})
    EXPECT_NO_THROW(parse_search(std::string("crash ") + word)) << word;
}

TEST(SearchQuery, ScriptsWithoutSpaces) {
  EXPECT_EQ(expression_of("日本語"), R"(("日本 本語"))");
  EXPECT_EQ(expression_of("語"), R"(("語"*))");
  EXPECT_EQ(expression_of("Pythonで"), R"(("python" AND "で"*))");
  EXPECT_EQ(expression_of("\"日本語 の\""), R"(("の"* AND "日本 本語 語"))");
}

TEST(SearchQuery, NothingToLookForIsAnError) {
  for (const char* text : {"", "   ", "\"\"", "the", "++ --", "in:title"})
    EXPECT_THROW(check_asks_something(parse_search(text)), Error) << text;
  for (const char* text : {"author:", "label:\"\"", "is:", "before:"}) EXPECT_THROW(parse_search(text), Error) << text;
  EXPECT_NO_THROW(check_asks_something(parse_search("is:open")));
  try {
    parse_search("is:opne");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean open?");
  }
}

TEST(SearchQuery, FieldsAndPrefixes) {
  EXPECT_EQ(fts5_expression(parse_search("in:title serv*"), false), R"(title : ("serv"*))");
  EXPECT_EQ(fts5_expression(parse_search("in:comments serv*"), false), R"(replies : ("serv"*))");
  EXPECT_EQ(fts5_expression(parse_search("is:open"), false), "");
}

TEST(SearchQuery, FiltersThatCannotBeAreErrors) {
  EXPECT_THROW(parse_search("before:yesterday"), Error);
  EXPECT_THROW(parse_search("is:purple"), Error);
  EXPECT_THROW(parse_search("in:drawer"), Error);
}

// Whatever is typed, only quoted words and our own operators reach the engine.
RC_GTEST_PROP(SearchQuery, NothingOfTheUsersReachesTheEngineUnquoted, (const std::string& text)) {
  SearchQuery query;
  try {
    query = parse_search(text);
  } catch (const Error&) {
    return;
  }
  std::string outside;
  bool inside = false;
  for (const char c : fts5_expression(query, true)) {
    if (c == '"') {
      inside = !inside;
    } else if (!inside) {
      outside += c;
    }
  }
  RC_ASSERT(!inside);
  RC_ASSERT(outside.find_first_not_of(" ()*:ORANDTtitlebodyreplies") == std::string::npos);
}

}  // namespace
}  // namespace resident
