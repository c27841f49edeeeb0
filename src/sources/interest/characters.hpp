// Classes of bytes that the languages share. A byte beyond ASCII counts as a letter of a name, as it does in every
// identifier of these languages; what is no letter there does not stand in valid code outside strings and comments.
#pragma once

namespace resident::interest {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c) || static_cast<signed char>(c) < 0;
}

}  // namespace resident::interest
