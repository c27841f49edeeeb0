// Which comments approve, where comments can: by the project's own word (review.approval_pattern) or by a command to
// a machine that merges ("/lgtm", "@bors r+": text/commands.hpp).
#pragma once

#include <base/pattern.hpp>
#include <config/config.hpp>
#include <string>
#include <string_view>

namespace resident {

class ApprovalWords {
 public:
  explicit ApprovalWords(const ReviewRules& rules);

  // words: own_words of the comment.
  bool approve(std::string_view words) const;
  // A condition in SQL that holds for every body that may approve; for the usual pattern it spares most of them.
  std::string condition(std::string_view column) const;
  // The same of bodies that may approve by a command.
  static std::string command_condition(std::string_view column);

 private:
  Pattern pattern_;
  bool is_usual_;
};

}  // namespace resident
