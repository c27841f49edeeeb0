// What the author of an issue or pull request owes an answer to, as far as the thread
// shows it: who asked for what, when and in which words, or what the author announced
// and has not done. A pure function of the thread.
//
// It is made for sentences that are posted to people, so it says nothing rather than
// something that could be untrue: a remark counts only where somebody of the project
// made it, it speaks to the author and asks for something, the author has done nothing
// since, and nothing that was said or done later may have overtaken it. Whose turn it is
// (turn.hpp) is a wider question and is answered always.
#pragma once

#include <model/open_items.hpp>
#include <optional>
#include <string>

namespace resident {

struct Owed {
  enum class Kind {
    changes,    // a review asked for changes
    question,   // a question or a request
    rebase,     // a rebase is asked for
    nudge,      // asked whether it goes on
    announced,  // the author announced further work
  };
  Kind kind = Kind::question;
  std::size_t entry = 0;     // its place in the item's entries
  Timestamp at = 0;          // when it was said
  std::int64_t by = 0;       // who said it
  bool by_bot = false;       // rebase alone
  bool asked_by_us = false;  // a comment that this program sent stands after it
  std::string words;         // the sentence, as it was said; "": a request for changes without words
};

// as_of: texts that were edited later are not shown to have said it then.
std::optional<Owed> owed_by_author(const OpenItem& item, const People& people, Timestamp as_of);

// "sipa asked on 2019-07-23: “Could you rebase?”"
std::string owed_text(const Owed& owed, const People& people);

}  // namespace resident
