// What one post says: whether it asks, answers, consents, objects, announces, blocks,
// takes back, and whom it names. Pure functions of the text, so that each rule stands in
// a table of short texts (tests/text/speech_test.cpp) and can be fuzzed.
//
// The rules know English; of other languages they know question marks, names and nothing
// else, so that text they cannot read says little rather than something wrong. They look
// at one sentence at a time and take nothing from quoted lines, code, HTML comments or the
// targets of links. Time is linear in the text; only the first kReadSpeech bytes are read.
//
// Who may say what (a passer-by, a bot, somebody who merges) is for the caller to judge:
// model/queues/turn.hpp does for whose turn it is, owed.hpp for what an author owes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr std::size_t kReadSpeech = 20000;

// What a sentence does. A sentence may do several things.
enum class SpeechAct : std::uint8_t {
  question,  // ends with a question mark
  request,   // asks that something be done or said: "please …", "could you …", "this should be …"
  direct,  // … of somebody spoken to: "please …", "could you …"; a wish in passing ("this should be …") is not
  you,     // speaks in the second person
  asks_you,        // a question of somebody spoken to: "did you …", "what would you …"
  open_question,   // speaks of "we", "anyone", "should I": no question to one person
  rebase,          // asks for a rebase, or says that there are conflicts now
  nudge,           // asks whether it goes on: "still interested?", "any news?", "ping"
  consent,         // agrees to what stands: "LGTM", "looks good to me"
  consent_idea,    // agrees to the idea or to a part alone: "concept looks good", "first commit LGTM"
  ack,             // "ACK", "tested ACK": the word of projects that review by comment
  concept_ack,     // "Concept ACK", "Approach ACK"
  object,          // against it: "NACK", "I'm against this"
  reservation,     // "but", "except": what was said before holds in part
  announce,        // the speaker will do more on it: "I'll push a fix tomorrow", "working on it"
  promise_review,  // the speaker will review or test it: "I'll have a look"
  done,            // says that what was asked for is done: "Done", "Rebased", "please take another look"
  unfinished,      // "WIP", "not ready", "still to do"
  hold,            // asks that it not be merged (yet): "please don't merge", "on hold until …"
  release,         // takes that back: "can be merged now", "no longer blocked"
  withdraw,        // takes back what was asked: "never mind", "no need to change it"
  accept,          // accepts an answer: "makes sense", "fair enough", "you're right"
  command,         // speaks to a machine (commands.hpp): "/retest", "@dependabot rebase"; with one of those below, or
                   // hold, release, request and done, where people have to know what it does
  approve,         // "/lgtm", "@bors r+"
  take_back,       // "/lgtm cancel", "@bors r-"; in words, of the speaker's own: "I take back my LGTM"
  gives_up,        // the speaker will not go on with it: "feel free to take over"
  call             // "/cc @ada", "r? @ada": names who should look
};

struct Sentence {
  std::string text;              // as written, on one line, without Markdown's links and marks
  std::set<std::string> to;      // logins it names with @, in lower case
  std::uint32_t acts = 0;        // a bit for each SpeechAct
  bool addresses_alone = false;  // nothing but names: "@ada @bea"

  bool does(SpeechAct act) const { return (acts >> static_cast<unsigned>(act) & 1U) != 0; }
};

struct Speech {
  std::vector<Sentence> sentences;
  std::set<std::string> mentions;  // all logins named with @, in lower case

  // Nothing is said to people: no words at all, or commands alone that mean nothing to them.
  bool is_silent() const;
  bool does(SpeechAct act) const { return first(act) != nullptr; }
  // The first sentence that does it; null: none.
  const Sentence* first(SpeechAct act) const;
  // Something to be answered or done: a question, a request, a call for a rebase, a nudge.
  bool asks() const;
  // Consent with what stands and nothing that takes it back: no reservation, question, request, hold or "not done". A
  // command that approves does, whatever else is said.
  bool consents() const;
  // Logins that the asking sentences speak to; a line of names alone speaks for the sentences after it.
  std::set<std::string> asked() const;
};

Speech understand(std::string_view body);

// Whether a bot's comment says that the change has to be rebased: its first sentences say so of what is, not
// of what may be. The advice that comes with a report on CI does not.
bool bot_asks_for_rebase(std::string_view body);

// Whether it has commands to machines (commands.hpp) and nothing else: "/remove-lifecycle stale", or is a machine's own
// notice (notices.hpp). Such a post neither asks nor answers.
bool speaks_only_to_machines(std::string_view body);

// The text without quoted lines, code blocks and HTML comments: what its author says.
std::string own_words(std::string_view body);

}  // namespace resident
