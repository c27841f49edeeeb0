#include <gtest/gtest.h>

#include <cmath>
#include <text/bm25.hpp>
#include <text/tokens.hpp>

namespace resident {
namespace {

using Words = std::vector<std::string>;

TEST(Tokens, CodeStaysWholeAndIsSplit) {
  EXPECT_EQ(text_tokens("AbfsDelegationToken"), (Words{"abfsdelegationtoken", "abf", "deleg", "token"}));
  EXPECT_EQ(text_tokens("foo_bar.baz()"), (Words{"foo_bar", "foo", "bar", "baz"}));
  EXPECT_EQ(text_tokens("HTTPServer"), (Words{"httpserver", "http", "server"}));
  EXPECT_EQ(text_tokens("jackson-databind 2.9.10.3"), (Words{"jackson", "databind", "2.9.10.3"}));
}

TEST(Tokens, WordsAreStemmedAndTheCommonestLeftOut) {
  EXPECT_EQ(text_tokens("The servers were crashing"), (Words{"server", "crash"}));
  EXPECT_EQ(text_tokens("naïve Größe"), (Words{"naïv", "grösse"}));
  EXPECT_TRUE(text_tokens("").empty());
  EXPECT_TRUE(text_tokens("… !? --").empty());
}

TEST(Tokens, CaseAndNormalFormBeyondAsciiAreOne) {
  EXPECT_EQ(text_tokens("Ärger ÖFFNEN"), text_tokens("ärger öffnen"));
  EXPECT_EQ(text_tokens("Ошибка ЗАПУСКЕ"), text_tokens("ошибка запуске"));
  EXPECT_EQ(text_tokens("Σίσυφος"), text_tokens("ΣΊΣΥΦΟΣ"));  // a sigma ends one way and stands another
  EXPECT_EQ(text_tokens("STRASSE"), text_tokens("Straße"));
  EXPECT_EQ(text_tokens("cafe\xCC\x81"), text_tokens("caf\xC3\xA9"));  // decomposed and composed
  EXPECT_EQ(text_tokens("ＦＵＬＬ ﬁle"), text_tokens("full file"));
  EXPECT_EQ(text_tokens("co\xC2\xADoperate"), text_tokens("cooperate"));  // a soft hyphen
}

TEST(Tokens, PunctuationOfEveryScriptParts) {
  EXPECT_EQ(text_tokens("崩溃，请修复。"), (Words{"崩溃", "请修", "修复"}));
  EXPECT_EQ(text_tokens("«слово»—другое"), (Words{"слово", "другое"}));
  EXPECT_EQ(text_tokens("一\xE3\x80\x80二"), (Words{"一", "二"}));     // an ideographic space
  EXPECT_EQ(text_tokens("\xEF\xB7\xBA"), (Words{"صلىاللهعليهوسلم"}));  // a ligature of four words brings no spaces
}

TEST(Tokens, ScriptsWithoutSpacesAreCutIntoPairs) {
  EXPECT_EQ(text_tokens("日本語"), (Words{"日本", "本語"}));
  EXPECT_EQ(text_tokens("ユーザー"), (Words{"ユー", "ーザ", "ザー"}));  // the long vowel belongs to the word
  EXPECT_EQ(text_tokens("ﾃｽﾄ"), (Words{"テス", "スト"}));
  EXPECT_EQ(text_tokens("입력을"), (Words{"입력", "력을"}));
  EXPECT_EQ(text_tokens("Pythonで猫"), (Words{"python", "で猫"}));
  EXPECT_EQ(text_tokens("猫"), (Words{"猫"}));
  EXPECT_EQ(text_tokens("ภาษา").size(), 3u);
}

TEST(Tokens, PlacesOfPairsOverlap) {
  const std::string_view text = "a 日本語";
  const auto places = word_places(text);
  ASSERT_EQ(places.size(), 3u);
  EXPECT_EQ(text.substr(places[1].begin, places[1].end - places[1].begin), "日本");
  EXPECT_EQ(text.substr(places[2].begin, places[2].end - places[2].begin), "本語");
}

TEST(Tokens, HostileTextIsBounded) {
  EXPECT_TRUE(text_tokens(std::string(100'000, 'x')).empty());
  EXPECT_EQ(text_tokens(std::string(3'000'000, '_')).size(), 0u);
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "a1 ";
  EXPECT_LE(text_tokens(many).size(), kMostTokens + 3);
  EXPECT_EQ(text_tokens("\xff\xfe\x80 word").back(), "word");
}

std::vector<double> scores_of(const Bm25Index& index, const WordCounts& query, std::uint32_t end, std::size_t size) {
  std::vector<double> scores(size);
  std::vector<std::uint32_t> touched;
  index.score(query, end, 1, 10, scores, touched);
  return scores;
}

TEST(Bm25, ByHand) {
  Vocabulary words;
  Bm25Index index;
  index.add(words.count({"a", "b"}));
  index.add(words.count({"a", "a", "c", "d"}));
  index.add(words.count({"c"}));
  const auto scores = scores_of(index, words.count_known({"a", "zzz"}), 3, 3);
  const double idf = std::log(1 + (3 - 2 + 0.5) / (2 + 0.5)), mean = 7 / 3.0;
  EXPECT_NEAR(scores[0], idf * 2.2 * 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean)), 1e-12);
  EXPECT_NEAR(scores[1], idf * 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 4 / mean)), 1e-12);
  EXPECT_EQ(scores[2], 0);
}

// What comes later changes no score of what was there: a leak from the future would.
TEST(Bm25, LaterDocumentsChangeNothing) {
  Vocabulary words;
  Bm25Index before, after;
  const std::vector<Words> documents{{"crash", "start"}, {"crash", "stop", "stop"}, {"slow", "start"}, {"typo"}};
  for (const auto& each : documents) {
    before.add(words.count(each));
    after.add(words.count(each));
  }
  for (int i = 0; i < 50; ++i) after.add(words.count({"crash", "crash", "new"}));
  const auto query = words.count({"crash", "start"});
  const auto a = scores_of(before, query, 4, 54), b = scores_of(after, query, 4, 54);
  EXPECT_EQ(a, b);
  EXPECT_EQ(before.scale(query, 4, 1), after.scale(query, 4, 1));
  EXPECT_NE(scores_of(after, query, 54, 54)[0], a[0]);
}

}  // namespace
}  // namespace resident
