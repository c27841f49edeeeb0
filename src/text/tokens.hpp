// Words of reports and of code, as search and the finders of similar reports see them.
// Code-aware: `AbfsDelegationTokenManager`, `foo_bar.baz()` and `ValueError` stay whole
// and are also split into their words; versions ("2.9.10") stay whole. English words
// are stemmed (Snowball, Porter 2001), the commonest are dropped, all is without case and in one normal form
// (fold.hpp). Scripts without spaces between words are cut into pairs of letters, each with the next: what is in such
// pairs in a row is in the text, whatever its words are, and no dictionary changes its mind between two releases.
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

// Where each word stands, for excerpts; of scripts without spaces each pair of letters.
struct WordPlace {
  std::size_t begin, end;  // bytes
};
std::vector<WordPlace> word_places(std::string_view text);

// A stretch of text that is one word, or a run of a script without spaces.
struct TextWord {
  std::size_t begin = 0, end = 0;  // bytes
  bool is_run = false;             // of a script without spaces
};

// The first from `at` on, which then is where it ends; false: there is none.
bool next_word(std::string_view text, std::size_t& at, TextWord& word);
// Where a number that begins at `at` ends, with the dots in it.
std::size_t end_of_number(std::string_view text, std::size_t at);
// Pairs of letters of a run; a letter alone stands for itself. with_last: and the last letter, so that each letter of
// the run begins one of the words.
void add_pairs(std::string_view run, std::vector<std::string>& tokens, bool with_last);

template <class Each>
void for_each_word(std::string_view text, const Each& each) {
  TextWord word;
  for (std::size_t at = 0; next_word(text, at, word);) each(word);
}

}  // namespace resident
