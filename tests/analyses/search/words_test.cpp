#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <analyses/search/words.hpp>
#include <base/text.hpp>
#include <text/fold.hpp>

namespace resident {
namespace {

using Words = std::vector<std::string>;

TEST(SearchWords, SignsThatArePartOfAWordStay) {
  EXPECT_EQ(search_tokens("C++"), (Words{"c++", "c"}));
  EXPECT_EQ(search_tokens("g++ -std=c++17"), (Words{"g++", "g", "std", "c++17", "c++", "c"}));
  EXPECT_EQ(search_tokens("C# F#"), (Words{"c#", "c", "f#", "f"}));
  EXPECT_EQ(search_tokens("a+b"), (Words{"b"}));
  EXPECT_EQ(search_tokens("x = i++ + y"), (Words{"x", "i++", "y"}));
  EXPECT_EQ(search_tokens("Foo#bar"), (Words{"foo", "bar"}));
}

TEST(SearchWords, NumbersOfItemsAndVersions) {
  EXPECT_EQ(search_tokens("see #12, owner/name#13"), (Words{"see", "#12", "12", "owner", "name", "#13", "13"}));
  EXPECT_EQ(search_tokens("&#39; #12ab34"), (Words{"39", "12", "ab34", "ab", "34"}));
  EXPECT_EQ(search_tokens("3.11.4 v3.11.4 V2.0"), (Words{"3.11.4", "3.11.4", "2.0"}));
  EXPECT_EQ(search_tokens("Python3.11"), (Words{"python3.11", "python", "3.11"}));
  EXPECT_EQ(search_tokens("end of step2. Next"), (Words{"end", "step2", "step", "next"}));
}

TEST(SearchWords, UnderscoresAtTheEdges) {
  EXPECT_EQ(search_tokens("__init__"), (Words{"__init__", "init"}));
  EXPECT_EQ(search_tokens("__init__.py"), (Words{"__init__", "init", "py"}));
  EXPECT_EQ(search_tokens("_foo_bar"), (Words{"_foo_bar", "foo_bar", "foo", "bar"}));
  EXPECT_EQ(search_tokens("class_"), (Words{"class_", "class"}));
  EXPECT_EQ(search_tokens("____"), Words{});
}

TEST(SearchWords, WithoutMarksToo) {
  EXPECT_EQ(search_tokens("naïve"), (Words{"naïv", "naiv"}));
  EXPECT_EQ(search_tokens("Łódź"), (Words{"łódź", "lodz"}));
  EXPECT_EQ(search_tokens("İstanbul").back(), "istanbul");
  EXPECT_EQ(search_tokens("ещё"), (Words{"ещё", "еще"}));
  EXPECT_EQ(search_tokens("Йод"), (Words{"йод"}));  // a letter of its own
  EXPECT_EQ(search_tokens("हिन्दी").size(), 1u);     // vowels of Devanagari are marks, and no ornament
}

// Each letter of a run begins one of its words, so that any part of a run can be asked for.
TEST(SearchWords, RunsEndWithTheirLastLetter) {
  EXPECT_EQ(search_tokens("日本語"), (Words{"日本", "本語", "語"}));
  EXPECT_EQ(search_tokens("Pythonで"), (Words{"python", "で"}));
}

// What reaches the engine holds no quote, space or operator, whatever the text is.
RC_GTEST_PROP(SearchWords, TokensHoldOnlyWhatTheEngineTakesForWords, (const std::string& raw)) {
  for (const auto& token : search_tokens(clean_text(raw))) {
    RC_ASSERT(!token.empty());
    for (const char c : token)
      RC_ASSERT(static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                kTokenSigns.find(c) != std::string_view::npos);
  }
}

TEST(SearchWords, HostileTextIsBounded) {
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "日";
  EXPECT_EQ(search_tokens(many).size(), kMostIndexed);
  EXPECT_EQ(search_tokens(std::string(1'000'000, '_')).size(), 0u);
  EXPECT_EQ(search_tokens(std::string(1'000'000, '#')).size(), 0u);
  // Marks without a letter, and a letter with ten thousand of them.
  std::string marks = "e";
  for (int i = 0; i < 10'000; ++i) marks += "\xCC\x81";
  EXPECT_LE(search_tokens(marks).size(), 2u);
}

}  // namespace
}  // namespace resident
