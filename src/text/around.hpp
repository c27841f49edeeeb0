// The words of a sentence, and what is around a phrase in it that takes its meaning away ("not LGTM", "once you add a
// test, LGTM"): for speech.hpp alone. Pure, linear in the sentence.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <text/speech.hpp>
#include <vector>

namespace resident {

struct Token {
  std::string word;            // lower case; "@login", "#12"
  bool begins_clause = false;  // but for fillers, a sentence or a clause begins here
};

// A byte of a word: a letter, a digit, "_", or part of a character beyond ASCII.
bool is_spoken_byte(char c);

// Words of a sentence, with typographic apostrophes as plain ones; the first 60 of them.
std::vector<Token> tokens_of(std::string_view text);

// Whether what stands around the words [begin, end) of the sentence takes away what they do.
bool is_taken_away(SpeechAct act, const std::vector<Token>& tokens, std::size_t begin, std::size_t end,
                   bool is_question);

}  // namespace resident
