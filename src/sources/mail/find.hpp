// Whether a text holds some words, by the C library's search, which looks at more bytes at once than std::string::find:
// of each mail's text some dozen words are asked for.
#pragma once

#include <cstring>
#include <string_view>

namespace resident::mail {

inline bool holds(std::string_view text, std::string_view words) {
  return memmem(text.data(), text.size(), words.data(), words.size()) != nullptr;
}

}  // namespace resident::mail
