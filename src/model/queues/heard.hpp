// What a post on a pull request says, as whose turn it is needs it: by the project's own
// patterns (ReviewRules, configuration) and by what speech.hpp knows of English. Made
// once a run; hearing is a pure function of the text.
#pragma once

#include <algorithm>
#include <base/pattern.hpp>
#include <base/references.hpp>
#include <config/config.hpp>
#include <model/open_items.hpp>
#include <model/queues/approval_words.hpp>
#include <optional>
#include <set>
#include <string>
#include <text/speech.hpp>
#include <vector>

namespace resident {

struct Heard {
  std::string words;  // own_words
  Speech speech;
  bool approves = false;        // by the project's word for it: "ACK 0123abc"
  bool consents = false;        // in other words: "LGTM"; nothing is asked beside it. Or by a command: "/lgtm"
  bool takes_back = false;      // by a command, an approval that was given in words: "/lgtm cancel", "@bors r-"
  bool takes_back_own = false;  // in words, the speaker's own: "I take back my LGTM"
  bool gives_up = false;        // will not go on with it: "feel free to take over"
  bool by_command = false;      // holds or releases by one: "/hold"
  // "ACK mod the rename", "LGTM once you rebased", "please fix the typo before merging": of something that the author
  // has to do
  bool sets_condition = false;
  bool suggests_change = false;  // has a block of code that the forge offers to put in the place of the lines
  bool is_for_later = false;     // in few words, leaves something to another pull request
  bool agrees_to_idea = false;   // "Concept ACK", "nice idea", and no reservation
  // Asks nothing of the author: "fine by me", "no strong opinion", an ACK that does not count, a test that found
  // no fault, the hope that another pull request makes it unnecessary.
  bool leaves_it = false;
  bool only_suggests = false;  // its questions are ideas: "maybe take the other icon?"
  bool objects = false;
  bool calls_for_rebase = false;
  bool nudges = false;           // asks whether it goes on, or points to what replaces it, …
  bool names_successor = false;  // … the latter
  bool promises = false;         // a review, by the speaker
  bool announces = false;        // more work, by the speaker
  bool says_ready = false;       // "Done", "please take another look"
  bool holds = false;            // "please do not merge yet"
  bool releases = false;         // "can be merged now"
  bool asks = false;             // a question or a request
  bool has_question = false;
  bool speaks_to_one = false;          // in the second person
  std::set<std::string> asked;         // logins, in lower case, that are asked or called without more words
  std::set<std::string> approves_for;  // "@bors r=cyd": whose approval it tells
  bool holds_for_else = false;         // "please do not merge before the release"
  std::set<std::string> held_for;      // "please wait for @cyd": for whom it is held

  // Begins a question or a wish in the second person with a name, "@cyd, what do you think?", that nobody here has: it
  // is put to somebody who has done nothing in the project yet.
  bool asks_strangers(const People& people) const;

  // Of a description: whom it asks for a review, by a command ("r? @cyd") or in words ("@cyd, could you review this?").
  std::set<std::string> called_reviewers() const;

  // "@ada, this needs an overhaul": without a question or "please", which asks nobody.
  bool only_tells() const { return !has_question && !speaks_to_one; }
  bool is_silent() const { return speech.is_silent(); }
  // Holds, releases or calls somebody by commands, and says nothing else: nobody has looked at it by that.
  bool only_arranges() const {
    return only_commands() && !speech.does(SpeechAct::approve) && !speech.does(SpeechAct::take_back) &&
           !speech.does(SpeechAct::request) && !speech.does(SpeechAct::done);
  }
  // Speaks to machines alone, and does something by it: "/lgtm cancel".
  bool only_commands() const {
    return !speech.sentences.empty() && std::ranges::all_of(speech.sentences, [](const Sentence& sentence) {
      return sentence.does(SpeechAct::command);
    });
  }
};

class Ear {
 public:
  // references: how "#12" and addresses are read.
  explicit Ear(const ReviewRules& rules, ReferenceRules references = {});

  Heard hear(std::string_view body) const;
  bool is_approval(std::string_view words) const { return approval_.approve(words); }
  // A bot says that there are conflicts, or asks for a rebase: in its first sentences, and of what is.
  bool is_call_for_rebase(std::string_view body) const;
  // Numbers of this repository that it says it is blocked on, in order; stacked_too: also those that it builds on.
  // What a pattern finds counts where it is such a number, and so do those that follow it in a list.
  std::vector<std::int64_t> blockers(std::string_view body, bool stacked_too) const;
  bool is_unfinished(std::string_view title) const;
  // "[DNM] …", "Do not merge: …".
  bool is_held(std::string_view title) const;
  bool wants_opinions(std::string_view words) const { return feedback_.found_in(words); }

 private:
  ReferenceRules references_;
  static void take_command(const Sentence& sentence, Heard& heard);
  bool sets_condition(const Heard& heard, std::string_view words) const;
  bool leaves_it(const Heard& heard) const;

  ApprovalWords approval_;
  Pattern partial_, objection_, rebase_, keeps_, ready_, blocked_, stacked_, work_in_progress_, superseded_, ask_,
      feedback_, conditional_, later_;
};

// Whose logins these are, as far as they are known. logins: in lower case.
std::set<std::int64_t> people_named(const std::set<std::string>& logins, const People& people);

// The label of these that a configured name means: whatever its case, with "-" or "_" for a blank, behind a group
// ("status: blocked"); null: none.
const std::string* label_in(const std::set<std::string>& labels, std::string_view wanted);

// When the label was set last; when it was opened, where nothing tells.
Timestamp labelled_at(const OpenItem& item, const std::string& label);

// When it was made a draft last; when it was opened, where nothing tells.
Timestamp drafted_at(const OpenItem& item);

// A label that tells how things stand: "Needs rebase", "CI failed", "merge conflict". While it is there, it holds.
bool is_label_of_state(std::string_view label);
// One that says that it is not to be merged now: "do-not-merge/hold".
bool is_label_of_hold(std::string_view label);
// Of those of state, one that tells of CI.
bool is_label_of_ci(std::string_view label);

}  // namespace resident
