// One form for what people write in several: letters without case and in one normal form, in every script. Unicode's
// own rules (ICU): NFKC_Casefold of UAX #31 (The Unicode Standard 15, section 3.13), so that "Straße" and "STRASSE",
// "Σίσυφος" and "ΣΊΣΥΦΟΣ", composed and decomposed letters, full-width and plain ones are the same. What a letter is,
// and which scripts are written without spaces between words, is Unicode's, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace resident {

// Without case, in NFKC. Of what is left of ASCII nothing but a-z, 0-9 and '_' stays: no separator comes in by way of a
// compatibility mapping (U+FDFA is four words).
std::string fold_letters(std::string_view text);
// The same for names and labels, whose spaces and signs count: "Good First Issue", "überprüfung".
std::string fold_name(std::string_view text);
// Of folded text the letters without their marks, in scripts whose readers leave these out when they type: Latin,
// Greek, Cyrillic (but й stays: it is a letter of its own), Arabic, Hebrew; and ø đ ł ħ ŧ ı æ œ as o d l h t i ae oe.
std::string without_marks(std::string_view folded);

enum class Letter : std::uint8_t {
  none,    // spaces, punctuation, controls, what is no UTF-8
  word,    // letters, digits, and marks of scripts that put spaces between words
  pair,    // letters of scripts that do not (Han, Kana, Thai, Lao, Khmer, Burmese …), and Hangul, whose words grow
           // endings
  mark,    // belongs to what stands before it: combining marks of all scripts, joiners, soft hyphens
  symbol,  // a word of its own: pictographs
};

// The kind of the character at `at`, beyond ASCII, and where the next begins.
Letter letter_at(std::string_view text, std::size_t at, std::size_t& next);

}  // namespace resident
