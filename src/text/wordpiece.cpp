#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <text/wordpiece.hpp>

namespace resident::text {

namespace {

constexpr std::size_t kMostPieces = 1'000'000, kLongestPiece = 400;  // bytes; BERT's have 30,522 of at most 18
constexpr std::size_t kLongestWord = 100;                            // characters; a longer word is [UNK]
constexpr std::string_view kInner = "##";

constexpr std::size_t kLongestReadWord = 4 * (kLongestWord + 1);  // bytes; the rest of a longer one is not kept

// Characters that are words by themselves: the CJK ideographs of BERT's multilingual notes (no kana, no hangul).
bool is_ideograph(UChar32 c) {
  static constexpr std::array<std::pair<UChar32, UChar32>, 8> blocks{{{0x4E00, 0x9FFF},
                                                                      {0x3400, 0x4DBF},
                                                                      {0x20000, 0x2A6DF},
                                                                      {0x2A700, 0x2B73F},
                                                                      {0x2B740, 0x2B81F},
                                                                      {0x2B820, 0x2CEAF},
                                                                      {0xF900, 0xFAFF},
                                                                      {0x2F800, 0x2FA1F}}};
  return std::any_of(blocks.begin(), blocks.end(),
                     [c](const auto& block) { return c >= block.first && c <= block.second; });
}

bool is_space(UChar32 c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || (U_GET_GC_MASK(c) & U_GC_Z_MASK) != 0;
}

// What is not text: controls, formats, private use, what is not assigned, and the stand-in for broken bytes.
bool is_left_out(UChar32 c) {
  if (c <= 0 || c == 0xFFFD) return true;
  constexpr std::uint32_t kOthers = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_CS_MASK;
  return (U_GET_GC_MASK(c) & kOthers) != 0;
}

// All of ASCII that is neither letter, digit nor space counts, also what Unicode calls a symbol.
bool is_punctuation(UChar32 c) {
  if (c < 128) return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
  return u_ispunct(c);
}

void append(std::string& word, UChar32 c) {
  std::array<char, U8_MAX_LENGTH> bytes{};
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, c);
  word.append(bytes.data(), static_cast<std::size_t>(length));
}

// The canonical decomposition (NFD) of one character; marks need no reordering, since they are left out.
template <class Take>
void each_part(UChar32 c, const Take& take) {
  if (c < 128) return take(c);
  UErrorCode status = U_ZERO_ERROR;
  static const UNormalizer2* const canonical = unorm2_getNFDInstance(&status);
  std::array<UChar, 32> parts{};  // the longest has four characters
  std::int32_t count = -1;
  if (canonical)
    count = unorm2_getDecomposition(canonical, c, parts.data(), static_cast<std::int32_t>(parts.size()), &status);
  if (U_FAILURE(status) || count < 0) return take(c);  // it has none
  for (std::int32_t i = 0; i < count;) {
    UChar32 part = 0;
    U16_NEXT(parts.data(), i, count, part);
    take(part);
  }
}

// Calls `take` with each word, until it says false.
template <class Take>
void each_word(std::string_view text, const Take& take) {
  std::string word;
  bool goes_on = true;
  const auto end_word = [&] {
    if (!word.empty() && goes_on) goes_on = take(word);
    word.clear();
  };
  const auto add = [&](UChar32 part) {
    if (u_charType(part) == U_NON_SPACING_MARK) return;  // an accent
    const UChar32 lower = u_tolower(part);
    const bool is_alone = is_ideograph(lower) || is_punctuation(lower);
    if (is_alone) end_word();
    if (word.size() < kLongestReadWord) append(word, lower);
    if (is_alone) end_word();
  };
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t size = text.size();
  for (std::size_t i = 0; i < size && goes_on;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c >= 0 && is_space(c))
      end_word();
    else if (!is_left_out(c))
      each_part(c, add);
  }
  end_word();
}

}  // namespace

WordPiece WordPiece::parse(std::string_view vocabulary, const std::string& origin) {
  const auto fail = [&](const std::string& why) -> Error {
    return Error(
        fmt::format("{} is no vocabulary: {}", origin, why),
        "it is the vocab.txt that lies beside the model: one piece a line, [UNK], [CLS], [SEP] and [PAD] among them");
  };
  WordPiece made;
  for (std::size_t begin = 0; begin < vocabulary.size();) {
    const std::size_t end = std::min(vocabulary.find('\n', begin), vocabulary.size());
    std::string_view piece = vocabulary.substr(begin, end - begin);
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    if (piece.size() > kLongestPiece) throw fail(fmt::format("line {} is too long", made.size_ + 1));
    if (made.size_ == kMostPieces) throw fail("it has more than a million lines");
    made.numbers_[std::string(piece)] = static_cast<std::int64_t>(made.size_++);
    begin = end + 1;
  }
  const auto special = [&](const char* name) {
    const auto found = made.numbers_.find(name);
    if (found == made.numbers_.end()) throw fail(fmt::format("it has no {}", name));
    return found->second;
  };
  made.unknown_ = special("[UNK]");
  made.begin_ = special("[CLS]");
  made.end_ = special("[SEP]");
  made.pad_ = special("[PAD]");
  return made;
}

// The longest piece that the rest begins with, again and again; where there is none, the whole word is unknown.
bool WordPiece::add_pieces(const std::string& word, std::size_t most, std::vector<std::int64_t>& numbers) const {
  const std::size_t before = numbers.size();
  const auto begins_character = [&](std::size_t at) { return at == word.size() || !U8_IS_TRAIL(word[at]); };
  std::size_t characters = 0;
  for (std::size_t i = 0; i < word.size() && characters <= kLongestWord; ++i) characters += begins_character(i) ? 1 : 0;
  bool is_known = characters <= kLongestWord;
  std::string piece;
  for (std::size_t begin = 0; is_known && begin < word.size();) {
    std::size_t end = word.size();
    auto found = numbers_.end();
    for (; end > begin; --end) {
      if (!begins_character(end)) continue;
      piece.assign(begin == 0 ? "" : kInner).append(word, begin, end - begin);
      if ((found = numbers_.find(piece)) != numbers_.end()) break;
    }
    is_known = found != numbers_.end();
    if (is_known) numbers.push_back(found->second);
    begin = end;
  }
  if (!is_known) {
    numbers.resize(before);
    numbers.push_back(unknown_);
  }
  if (numbers.size() < most) return true;
  numbers.resize(most);
  return false;
}

std::vector<std::int64_t> WordPiece::numbers(std::string_view text, std::size_t most) const {
  std::vector<std::int64_t> numbers{begin_};
  if (most > 2) each_word(text, [&](const std::string& word) { return add_pieces(word, most - 1, numbers); });
  numbers.push_back(end_);
  return numbers;
}

std::vector<std::string> WordPiece::words(std::string_view text, std::size_t most) {
  std::vector<std::string> words;
  if (most > 0)
    each_word(text, [&](const std::string& word) {
      words.push_back(word);
      return words.size() < most;
    });
  return words;
}

}  // namespace resident::text
