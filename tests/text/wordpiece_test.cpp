#include <gtest/gtest.h>

#include <base/error.hpp>
#include <text/wordpiece.hpp>

namespace resident::text {
namespace {

using Words = std::vector<std::string>;

std::string vocabulary(std::initializer_list<std::string_view> pieces) {
  std::string lines = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
  for (const auto piece : pieces) lines.append(piece) += '\n';
  return lines;
}
constexpr std::int64_t kPad = 0, kUnknown = 1, kBegin = 2, kEnd = 3;  // and the others from 4

std::vector<std::int64_t> inner(const WordPiece& pieces, std::string_view text, std::size_t most = 512) {
  auto numbers = pieces.numbers(text, most);
  EXPECT_EQ(numbers.front(), kBegin);
  EXPECT_EQ(numbers.back(), kEnd);
  return {numbers.begin() + 1, numbers.end() - 1};
}

Words words(std::string_view text) {
  return WordPiece::words(text, 1000);
}

TEST(WordPiece, LowerCaseWithoutAccents) {
  EXPECT_EQ(words("Der Größe nach, ÀÉÎÕÜ"), (Words{"der", "große", "nach", ",", "aeiou"}));
  EXPECT_EQ(words("re\u0301sume\u0301"), (Words{"resume"}));  // already decomposed
  EXPECT_EQ(words("ΑΒΓ ΏΣ"), (Words{"αβγ", "ωσ"}));
  EXPECT_EQ(words("Việt"), (Words{"viet"}));          // two accents on one letter
  EXPECT_EQ(words("İstanbul"), (Words{"istanbul"}));  // its dot is an accent
  EXPECT_EQ(words("ЙОГУРТ"), (Words{"иогурт"}));
  EXPECT_EQ(words("각"), (Words{"\u1100\u1161\u11A8"}));  // Hangul comes apart as well: it is decomposed too
}

TEST(WordPiece, MarksStandAlone) {
  EXPECT_EQ(words("don't!"), (Words{"don", "'", "t", "!"}));
  EXPECT_EQ(words("a_b==c^2 $5`~|"), (Words{"a", "_", "b", "=", "=", "c", "^", "2", "$", "5", "`", "~", "|"}));
  EXPECT_EQ(words("wait…what—now「x」¿"), (Words{"wait", "…", "what", "—", "now", "「", "x", "」", "¿"}));
  EXPECT_EQ(words("5€ ±1"), (Words{"5€", "±1"}));      // beyond ASCII a symbol is no punctuation
  EXPECT_EQ(words("why\u037E"), (Words{"why", ";"}));  // the Greek question mark is a semicolon, decomposed
}

TEST(WordPiece, IdeographsStandAloneKanaDoesNot) {
  EXPECT_EQ(words("在Linux上crash了"), (Words{"在", "linux", "上", "crash", "了"}));
  EXPECT_EQ(words("カタカナ"), (Words{"カタカナ"}));
  EXPECT_EQ(words("\U00020000\u3400"), (Words{"\U00020000", "\u3400"}));
  EXPECT_EQ(words("\uF900"), (Words{"\u8C48"}));  // a compatibility ideograph is what it stands for
}

TEST(WordPiece, WhatIsNoTextIsLeftOut) {
  EXPECT_EQ(words("a\tb\r\nc\u00A0d\u2003e\u2028f"), (Words{"a", "b", "c", "d", "e", "f"}));
  EXPECT_EQ(words(std::string_view("a\0b\x01"
                                   "c\x7F",
                                   6)),
            (Words{"abc"}));
  EXPECT_EQ(words("in\u200Bvis\u00ADi\uFEFFble \uFFFD \uE000"), (Words{"invisible"}));
  EXPECT_EQ(words("\xFF\xC3(\x80 ok\xE2\x82"), (Words{"(", "ok"}));  // not UTF-8
  EXPECT_TRUE(words("").empty());
  EXPECT_TRUE(words("\u0301\u0302").empty());  // accents of nothing
}

// The example of Devlin et al.: unaffable is un, ##aff, ##able.
TEST(WordPiece, TheLongestPieceFirst) {
  const auto pieces = WordPiece::parse(vocabulary({"un", "##aff", "##able", "##a", "u", "aff", "unaf"}), "test");
  EXPECT_EQ(inner(pieces, "UNaffable"),
            (std::vector<std::int64_t>{kUnknown}));  // unaf, ##f…: there is no ##f, and no way back
  const auto others = WordPiece::parse(vocabulary({"un", "##aff", "##able", "##a", "u", "aff"}), "test");
  EXPECT_EQ(inner(others, "UNaffable"), (std::vector<std::int64_t>{4, 5, 6}));
  EXPECT_EQ(inner(others, "aff unaa"), (std::vector<std::int64_t>{9, 4, 7, 7}));
  EXPECT_EQ(inner(others, "unx aff"),
            (std::vector<std::int64_t>{kUnknown, 9}));  // a whole word is unknown, not its rest
}

TEST(WordPiece, PiecesEndBetweenCharacters) {
  const auto pieces = WordPiece::parse(vocabulary({"ß", "##ßa", "##\xC3", "ко", "##ты"}), "test");
  EXPECT_EQ(inner(pieces, "ßßa"), (std::vector<std::int64_t>{4, 5}));
  EXPECT_EQ(inner(pieces, "ßß"), (std::vector<std::int64_t>{kUnknown}));  // half of a ß is none
  EXPECT_EQ(inner(pieces, "коты"), (std::vector<std::int64_t>{7, 8}));
}

TEST(WordPiece, WordsOfMoreThanAHundredCharactersAreUnknown) {
  const auto pieces = WordPiece::parse(vocabulary({"x", "##x", "ж", "##ж"}), "test");
  EXPECT_EQ(inner(pieces, std::string(100, 'x')).size(), 100u);
  EXPECT_EQ(inner(pieces, std::string(101, 'x')), (std::vector<std::int64_t>{kUnknown}));
  EXPECT_EQ(inner(pieces, std::string(5'000'000, 'x') + " x"), (std::vector<std::int64_t>{kUnknown, 4}));
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "ж";
  EXPECT_EQ(inner(pieces, hundred).size(), 100u);
  EXPECT_EQ(inner(pieces, hundred + "ж"), (std::vector<std::int64_t>{kUnknown}));
}

TEST(WordPiece, NoMoreThanAskedFor) {
  const auto pieces = WordPiece::parse(vocabulary({"a", "##b", "##c"}), "test");
  EXPECT_EQ(pieces.numbers("a a a a", 5), (std::vector<std::int64_t>{kBegin, 4, 4, 4, kEnd}));
  EXPECT_EQ(pieces.numbers("a abc", 5), (std::vector<std::int64_t>{kBegin, 4, 4, 5, kEnd}));  // within a word
  EXPECT_EQ(pieces.numbers("a", 2), (std::vector<std::int64_t>{kBegin, kEnd}));
  EXPECT_EQ(pieces.numbers("", 9), (std::vector<std::int64_t>{kBegin, kEnd}));
  EXPECT_EQ(pieces.numbers("a a a", 5), (std::vector<std::int64_t>{kBegin, 4, 4, 4, kEnd}));
  EXPECT_EQ(pieces.pad(), kPad);
}

TEST(WordPiece, ATextCannotForgeItsEnd) {
  const auto pieces = WordPiece::parse(vocabulary({"[", "]", "sep", "a"}), "test");
  EXPECT_EQ(inner(pieces, "a [SEP] a"), (std::vector<std::int64_t>{7, 4, 6, 5, 7}));
}

TEST(WordPiece, AVocabularyHasTheSpecialPieces) {
  EXPECT_EQ(WordPiece::parse("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nword\r\n", "test").numbers("word", 9),
            (std::vector<std::int64_t>{kBegin, 4, kEnd}));
  EXPECT_EQ(WordPiece::parse("[PAD]\n[UNK]\n[CLS]\n[SEP]\nword", "test").size(), 5u);  // no line end at the end
  for (const char* bad : {"", "[PAD]\n[UNK]\n[CLS]\n", "{\"model\": {}}", "a\nb\n"})
    EXPECT_THROW(WordPiece::parse(bad, "test"), Error) << bad;
  EXPECT_THROW(WordPiece::parse(vocabulary({std::string(10'000, 'x')}), "test"), Error);
  EXPECT_THROW(WordPiece::parse(vocabulary({std::string(2'000'000, '\n')}), "test"), Error);
}

}  // namespace
}  // namespace resident::text
