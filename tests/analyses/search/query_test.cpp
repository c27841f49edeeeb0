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

TEST(SearchQuery, UnknownKeysAreWords) {
  EXPECT_EQ(fts5_expression(parse_search("std::map"), false), R"(("std" AND "map"))");
  EXPECT_EQ(fts5_expression(parse_search("https://example.org/x"), false),
            R"(("https" AND "exampl" AND "org" AND "x"))");
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
