// Changes of status that decide nothing: the word was written in another way, mended, or renamed for all at once.
// Promises: told by the words, by how often each is used and by what else the commit changed, never by a list of words;
// where it is not clear, it is a decision.
#pragma once

#include <sources/proposals/history.hpp>
#include <vector>

namespace resident {

// Sets the kind of every change that is not a first one. carriers: for each commit, how many proposals had a word
// before it, as counted by the pass over the history.
struct WordUse {
  std::string commit, word;
  std::int64_t before = 0;  // proposals that had it in the first parent
};
void tell_words_from_decisions(std::vector<Proposal>& proposals, const std::vector<WordUse>& uses);

// The same word but for letters' case, marks and white space.
bool is_same_word(std::string_view from, std::string_view to);
// One is a form, or a slip of the pen, of the other.
bool is_form_of(std::string_view from, std::string_view to);

}  // namespace resident
