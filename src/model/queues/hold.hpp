// "Please do not merge yet", "/hold": who asked for it and since when, until it is taken back.
//
// In words it holds until its speaker or the author says otherwise, or its speaker approves. By a command ("/hold",
// "@rustbot blocked") it holds until anybody's "/hold cancel". The label that a machine sets for it takes it along when
// it goes.
#pragma once

#include <model/queues/heard.hpp>
#include <optional>

namespace resident {

class Hold {
 public:
  struct Standing {
    std::int64_t person = 0;
    Timestamp at = 0;
    bool by_command = false;
  };

  void describe(const OpenItem& item, const Heard& description);
  void said(const Entry& entry, const Heard& heard, bool by_author);
  // By a review of the forge; heard: what it says.
  void approved(const Entry& entry, const Heard& heard);
  void unlabeled(const std::string& label);

  const std::optional<Standing>& standing() const { return standing_; }

 private:
  std::optional<Standing> standing_;
};

}  // namespace resident
