// Words of reports and of code, as search and the finders of similar reports see them.
// Code-aware: `AbfsDelegationTokenManager`, `foo_bar.baz()` and `ValueError` stay whole
// and are also split into their words; versions ("2.9.10") stay whole. English words
// are stemmed (Snowball, Porter 2001), the commonest are dropped, all is lower case.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr std::size_t kMostTokens = 20000;  // of one text; what is beyond is not read

std::vector<std::string> text_tokens(std::string_view text, std::size_t most = kMostTokens);
// The same word by word, for one word of a query: "fooBar" gives {"foobar", "foo", "bar"}.
void add_word_tokens(std::string_view word, std::vector<std::string>& tokens);
// Snowball's English stem of one lower-case word.
std::string word_stem(const std::string& word);
// Commonest words of English, which carry nothing.
bool is_stop_word(std::string_view lower_case_word);

// Where each word stands, for excerpts.
struct WordPlace {
  std::size_t begin, end;  // bytes
};
std::vector<WordPlace> word_places(std::string_view text);

}  // namespace resident
