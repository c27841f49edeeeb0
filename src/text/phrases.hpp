// Phrases by which speech.cpp knows what a sentence does, as a table. A phrase is words
// apart by spaces; "a|b" is either, "(a|b)" may be missing, ".." stands for up to three
// words, "^" at the beginning: where the sentence (or a clause of it) begins.
#pragma once

#include <span>
#include <text/speech.hpp>

namespace resident {

struct PhraseRule {
  SpeechAct act;
  std::string_view words;
};

std::span<const PhraseRule> phrase_rules();

}  // namespace resident
