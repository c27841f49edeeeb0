// What an author says who will not go on with a pull request: that somebody may take it over ("feel free to pick this
// up"), or that another takes its place ("superseded by #12"). Until they push, or say that it is ready or goes on.
#pragma once

#include <model/queues/heard.hpp>
#include <model/queues/turn.hpp>
#include <optional>
#include <string>

namespace resident {

class Leaving {
 public:
  struct Standing {
    Turn turn = Turn::committer;  // who has to do something about it
    Timestamp at = 0;
    std::string why;
  };

  // The author's own words, at that moment.
  void said(Timestamp at, const Heard& heard);
  void pushed() { standing_.reset(); }

  const std::optional<Standing>& standing() const { return standing_; }

 private:
  std::optional<Standing> standing_;
};

}  // namespace resident
