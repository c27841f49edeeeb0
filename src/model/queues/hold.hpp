// "Please do not merge yet", "/hold": who asked for it and since when, until it is taken back.
//
// In words it holds until its speaker or the author says otherwise, or its speaker approves. By a command ("/hold",
// "@rustbot blocked") it holds until anybody's "/hold cancel". The label that a machine sets for it takes it along when
// it goes.
#pragma once

#include <model/queues/heard.hpp>
#include <model/queues/turn.hpp>
#include <model/review_state.hpp>
#include <optional>
#include <set>
#include <string>

namespace resident {

// An open item that something waits for, and since when that was said.
struct Blocker {
  std::int64_t number = 0;
  Timestamp at = 0;
};

class Hold {
 public:
  struct Standing {
    std::int64_t person = 0;
    Timestamp at = 0;
    bool by_command = false;
    bool is_for_else = false;        // something has to happen first
    std::set<std::string> for_whom;  // logins: "please wait for @cyd", until one of them approves

    // Whether it is for the author to let go: who opened it keeps it back, in words, or once all else is done.
    bool is_for(std::int64_t author, bool is_all_done) const {
      return person == author && !is_for_else && (!by_command || is_all_done);
    }
  };

  void describe(const OpenItem& item, const Heard& description);
  void said(const Entry& entry, const Heard& heard, bool by_author);
  // By a review of the forge; heard: what it says.
  void approved(const Entry& entry, const Heard& heard);
  void unlabeled(const std::string& label);

  // Whose turn it makes of what would be the committer's (is_all_done) or a first review's, and why; nullopt: it makes
  // no difference, since all whom it waits for approved.
  struct Wait {
    Turn turn = Turn::nobody;
    Timestamp at = 0;
    std::string why;
    std::set<std::int64_t> people;
  };
  std::optional<Wait> wait(const OpenItem& item, bool is_all_done, const People& people,
                           const ReviewState& state) const;

 private:
  std::optional<Standing> standing_;
};

}  // namespace resident
