// Conversations that somebody began and others may have answered: discussions,
// topics of forums, threads of mailing lists, and issues; each with who asked,
// whether it is a question, whether anybody else has replied, whether an answer was
// accepted, and who had the last word. All as of the context's moment: what was
// written, closed or accepted later is not seen. (Texts are those of today: no
// channel tells what a post said before it was edited.)
//
// Bots neither ask nor answer: their posts do not count. Of a deleted account it is
// not known who it was; it counts as somebody else than a known asker.
#pragma once

#include <model/open_items.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

enum class ThreadState {
  unanswered,   // nobody but the asker has written
  asker_waits,  // somebody replied, the asker wrote again, and nobody since
  replied,      // somebody else had the last word; whether it helped is not known
  thanked,      // the asker's last words are thanks or "solved"
  answered,     // an answer was accepted
};
std::string_view name_of(ThreadState state);

struct Question {
  bool is_question = false;
  std::string why;  // what decided it, for people: "its title asks", "labelled question"
};

// Whether an opening text asks something, by rules over title, own words (no quotes, no code) and labels or tags.
// docs/accuracy.md says how often it is right.
Question judge_question(std::string_view title, std::string_view body, const std::vector<std::string>& tags = {});
// Whether somebody's last words say that it is settled ("thanks, that worked") and ask nothing more.
bool sounds_settled(std::string_view body);

struct ThreadSummary {
  std::string kind;                    // issue, discussion, topic, mail, chat
  std::string key;                     // thread_key; of an issue "issue/NUMBER"
  std::int64_t item_id = 0;            // of an issue
  std::string channel;                 // "" for issues
  std::optional<std::int64_t> number;  // of issues and discussions of a forge, which count together
  std::string title, body, url;        // body: of what began it
  std::vector<std::string> tags;       // or labels
  std::int64_t asker = 0;              // person; 0: a deleted account
  bool asker_is_bot = false;
  Timestamp asked_at = 0;
  bool is_open = true;
  bool is_locked = false;  // of an issue: only those who may write to the repository can answer
  Question question;
  ThreadState state = ThreadState::unanswered;
  std::int64_t posts = 0;    // after the first, bots' left out
  std::int64_t replies = 0;  // of those, by others than the asker
  std::optional<Timestamp> first_reply_at;
  std::int64_t first_replier = 0;
  std::optional<Timestamp> answered_at;  // when an answer was accepted
  Timestamp last_at = 0;                 // of the last word
  std::int64_t last_by = 0;
  // Since when somebody waits for the project: the asking, or the asker's first word after the last reply.
  Timestamp waiting_since = 0;

  bool waits() const {
    return is_open && !is_locked && (state == ThreadState::unanswered || state == ThreadState::asker_waits);
  }
};

struct ThreadWishes {
  bool channels = true;  // discussions, topics, mail
  bool issues = true;
  bool only_open = true;  // as of the moment
  bool questions = true;  // whether they are some is judged, by their words
};

// In order of asked_at, then kind and key. One query a table, whatever the number of threads.
std::vector<ThreadSummary> load_threads(const Context& context, const People& people, const ThreadWishes& wishes = {});

}  // namespace resident
