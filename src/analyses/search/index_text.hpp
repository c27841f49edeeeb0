// Text as FTS5 takes it: our own words (text/tokens.hpp), joined by spaces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace resident {

inline constexpr std::size_t kMostIndexed = 100'000;  // words of one field: more than 400 kB of prose have

std::string words_text(std::string_view text);

}  // namespace resident
