#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <text/fold.hpp>
#include <utility>

namespace resident {

namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string normalized(const icu::Normalizer2* form, std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, error);
  return U_SUCCESS(error) ? result : std::string(text);
}

const icu::Normalizer2* form_of(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode error = U_ZERO_ERROR;
  return get(error);
}

bool is_pair_script(UScriptCode script) {
  switch (script) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_HANGUL:
    case USCRIPT_YI:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TAI_LE:
    case USCRIPT_NEW_TAI_LUE:
    case USCRIPT_LANNA:
    case USCRIPT_TAI_VIET:
    case USCRIPT_JAVANESE:
    case USCRIPT_BALINESE:
      return true;
    default:
      return false;
  }
}

// The sign of a long vowel and the sign of repetition belong to no script alone.
bool is_pair_letter(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &error);
  if (is_pair_script(script)) return true;
  return script == USCRIPT_COMMON && (uscript_hasScript(c, USCRIPT_KATAKANA) || uscript_hasScript(c, USCRIPT_HAN));
}

bool drops_marks(UScriptCode script) {
  return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC || script == USCRIPT_ARABIC ||
         script == USCRIPT_HEBREW;
}

constexpr std::array<std::pair<UChar32, std::string_view>, 9> kPlainLetters{{{0xF8, "o"},
                                                                             {0x111, "d"},
                                                                             {0xF0, "d"},
                                                                             {0x142, "l"},
                                                                             {0x127, "h"},
                                                                             {0x167, "t"},
                                                                             {0x131, "i"},
                                                                             {0xE6, "ae"},
                                                                             {0x153, "oe"}}};

void append(std::string& text, UChar32 c) {
  icu::UnicodeString(c).toUTF8String(text);
}

UChar32 character_at(std::string_view text, std::size_t at, std::size_t& next) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t size = text.size();
  UChar32 c = 0;
  next = at;
  U8_NEXT(bytes, next, size, c);
  return c;
}

}  // namespace

std::string fold_name(std::string_view text) {
  if (is_ascii(text)) return to_lower(text);
  static const icu::Normalizer2* const form = form_of(icu::Normalizer2::getNFKCCasefoldInstance);
  return normalized(form, text);
}

std::string fold_letters(std::string_view text) {
  std::string folded = fold_name(text);
  std::erase_if(folded, [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_';
  });
  return folded;
}

std::string without_marks(std::string_view folded) {
  if (is_ascii(folded)) return std::string(folded);
  static const icu::Normalizer2* const apart = form_of(icu::Normalizer2::getNFDInstance);
  static const icu::Normalizer2* const together = form_of(icu::Normalizer2::getNFCInstance);
  const std::string letters = normalized(apart, folded);
  std::string result;
  UChar32 base = 0;
  for (std::size_t at = 0, next = 0; at < letters.size(); at = next) {
    const UChar32 c = character_at(letters, at, next);
    if (c < 0) continue;
    UErrorCode error = U_ZERO_ERROR;
    if (u_charType(c) == U_NON_SPACING_MARK && drops_marks(uscript_getScript(base, &error))) {
      const bool is_short_i = c == 0x306 && base == 0x438;
      if (!is_short_i) continue;
    }
    if (u_charType(c) != U_NON_SPACING_MARK) base = c;
    const auto* plain =
        std::find_if(kPlainLetters.begin(), kPlainLetters.end(), [&](const auto& each) { return each.first == c; });
    if (plain != kPlainLetters.end())
      result += plain->second;
    else
      append(result, c);
  }
  return normalized(together, result);
}

Letter letter_at(std::string_view text, std::size_t at, std::size_t& next) {
  const UChar32 c = character_at(text, at, next);
  if (c < 0) return Letter::none;
  if (c == 0xAD || c == 0x200C || c == 0x200D) return Letter::mark;
  const auto type = u_charType(c);
  if (type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || type == U_ENCLOSING_MARK) return Letter::mark;
  // Half-width signs of voiced sounds are letters by name and marks by use.
  if (c == 0xFF9E || c == 0xFF9F) return Letter::mark;
  if ((U_MASK(type) & (U_GC_L_MASK | U_GC_N_MASK)) != 0) return is_pair_letter(c) ? Letter::pair : Letter::word;
  return type == U_OTHER_SYMBOL ? Letter::symbol : Letter::none;
}

}  // namespace resident
