// Words as search takes them, of texts and of queries alike: those of text/tokens.hpp, and beside them what people look
// for by its signs. Of each word the first token is the whole, the others are what it is found by as well.
//
//   C++ c++17 C#       c++, c++17, c#             __init__       __init__, init
//   #12                #12, 12                    v3.11.4        3.11.4
//   python3.11         python3.11, python, 3.11   naïve          as it is, and naive
//   scripts without spaces: pairs of letters, each with the next, and the last alone
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <text/tokens.hpp>
#include <vector>

namespace resident {

inline constexpr std::size_t kMostIndexed = 100'000;  // words of one field: more than 400 kB of prose have
// What beside letters, digits and what is beyond ASCII is part of a token.
inline constexpr std::string_view kTokenSigns = "_.+#";

struct SearchWord {
  std::size_t begin = 0, end = 0;  // bytes
  bool is_run = false;             // of a script without spaces
  std::vector<std::string> tokens;
};

// The first from `at` on, which then is where it ends; false: there is none. A word may have no tokens: "the".
bool next_search_word(std::string_view text, std::size_t& at, SearchWord& word);
std::vector<std::string> search_tokens(std::string_view text, std::size_t most = kMostIndexed);
// The same joined by spaces, as FTS5 takes it.
std::string words_text(std::string_view text);

}  // namespace resident
