#include <gtest/gtest.h>

#include <base/error.hpp>
#include <base/pattern.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/processor_time.hpp"

using resident::Error;
using resident::Pattern;

TEST(Pattern, FindsAnywhereAndMatchesTheWhole) {
  const Pattern word("b+");
  EXPECT_TRUE(word.found_in("abba"));
  EXPECT_FALSE(word.matches("abba"));
  EXPECT_TRUE(word.matches("bb"));
  EXPECT_FALSE(word.found_in(""));
}

TEST(Pattern, LooksAtNoMoreThanTheViewItIsGiven) {
  const std::string_view whole = "12345";
  std::int64_t number = 0;
  EXPECT_TRUE(Pattern(R"(^(\d+)$)").found_in(whole.substr(1, 3), &number));
  EXPECT_EQ(number, 234);
}

TEST(Pattern, GivesGroupsAsTextViewsAndNumbers) {
  const Pattern pattern(R"((\w+)=(\d+)(;)?)");
  std::string name, end = "left from before";
  int value = 0;
  ASSERT_TRUE(pattern.found_in(" x=08", &name, &value, &end));
  EXPECT_EQ(name, "x");
  EXPECT_EQ(value, 8);
  EXPECT_EQ(end, "");  // it took no part
  std::string_view view;
  const std::string text = "size=1;";
  ASSERT_TRUE(pattern.found_in(text, &view));
  EXPECT_EQ(view.data(), text.data());
  EXPECT_EQ(view, "size");
}

TEST(Pattern, ANumberThatDoesNotFitIsNotFound) {
  int small = 7;
  EXPECT_FALSE(Pattern(R"((\d+))").found_in("99999999999", &small));
  std::int64_t large = 0;
  EXPECT_TRUE(Pattern(R"((\d+))").found_in("99999999999", &large));
  EXPECT_EQ(large, 99999999999);
  EXPECT_FALSE(Pattern(R"((\d*)x)").found_in("x", &small));
}

TEST(Pattern, WalksThroughAText) {
  const Pattern number(R"(#(\d+))");
  std::string_view rest = "fixes #1, #2 and #33.";
  std::vector<int> found;
  for (int value = 0; number.find_next(rest, &value);) found.push_back(value);
  EXPECT_EQ(found, (std::vector<int>{1, 2, 33}));
  EXPECT_EQ(rest, ".");
  std::string_view subject = "Re: Re: x Re: y";
  int times = 0;
  while (Pattern(R"(Re:\s*)").take_front(subject)) ++times;
  EXPECT_EQ(times, 2);
  EXPECT_EQ(subject, "x Re: y");
}

TEST(Pattern, SearchesFromAPlaceWithWhatIsBeforeItInSight) {
  const Pattern word(R"(\bab)");
  std::string_view found[1];
  EXPECT_FALSE(word.search("xab", 1, Pattern::Anchor::none, found));
  ASSERT_TRUE(word.search("x ab", 2, Pattern::Anchor::start, found));
  EXPECT_EQ(found[0], "ab");
}

TEST(Pattern, AskedForMoreGroupsThanItHasFindsNothing) {
  std::string group;
  EXPECT_FALSE(Pattern("a").found_in("a", &group));
  EXPECT_TRUE(Pattern("a").found_in("a"));
}

TEST(Pattern, Replaces) {
  std::string text = "a1 b2";
  EXPECT_EQ(Pattern(R"([a-z](\d))").replace_first(text, R"(<\1>)"), 1U);
  EXPECT_EQ(text, "<1> b2");
  EXPECT_EQ(Pattern(R"(\d)").replace_all(text, "n"), 2U);
  EXPECT_EQ(text, "<n> bn");
  EXPECT_EQ(Pattern("z").replace_all(text, ""), 0U);
}

TEST(Pattern, SaysWhatIsWrongWithABadOne) {
  EXPECT_EQ(Pattern::fault_of("a(b"), "missing ): a(b");
  EXPECT_EQ(Pattern::fault_of("a(b)"), "");
  EXPECT_THROW(Pattern("a(b"), Error);
}

TEST(Pattern, TakesTimeThatGrowsWithTheTextAlone) {
  // Ten to the hundredth ways to split the text; engines that try them one after another never end.
  const std::string text(200'000, 'a');
  const double begun = resident::test::processor_seconds();
  EXPECT_FALSE(Pattern("^(a+)+(a|aa)+(a|b)*$!").found_in(text));
  EXPECT_LT(resident::test::processor_seconds() - begun, 5);
}
