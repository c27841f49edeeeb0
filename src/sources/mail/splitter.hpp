// Cuts an mbox into its mails, line by line. A mail begins at a "From " line with a
// date in it that stands at the start or after an empty line and is followed by a
// header; any other "From " is text. Quoting of both kinds (">From", ">>From") is
// taken back. A file that does not begin with such a line but with headers is one
// mail (maildir, .eml).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace resident::mail {

inline constexpr std::size_t kLargestMail = std::size_t{64} << 20;

class Splitter {
 public:
  // line: of the mail's first line, from 1. cut: it was larger than kLargestMail and ends there.
  using Each = std::function<void(std::uint64_t line, std::string_view separator, std::string_view mail, bool cut)>;
  explicit Splitter(Each each) : each_(std::move(each)) {}
  void line(std::string_view text);
  void finish();

 private:
  void append(std::string_view text);
  void give();
  Each each_;
  std::string mail_, separator_, pending_;  // pending_: a "From " line whose next line is to decide
  std::uint64_t number_ = 0, begin_ = 1, pending_number_ = 0;
  bool after_empty_ = true, has_pending_ = false, cut_ = false;
};

}  // namespace resident::mail
