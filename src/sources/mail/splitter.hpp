// Cuts an mbox into its mails, line by line. A mail begins at a "From " line. There is no standard for those but
// what programs write, so it is told from text that only looks like it by three things: what stands in it (a sender
// and a date in its place, a sender alone, nothing: Thunderbird, RFC 4155's mboxes, pipermail, public-inbox), that it
// stands at the start or after an empty line, and that headers of a mail follow it; the less there is of one, the
// more is asked of the others (docs/guide/mail.md has the table). Bytes count, whatever their encoding. Quoting of
// both kinds (">From", ">>From") is taken back. A file that does not begin with such a line but with headers is one
// mail (maildir, .eml).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

inline constexpr std::size_t kLargestMail = std::size_t{64} << 20;

// What a line says that begins with "From ".
enum class Separator {
  text,   // words and no date: of a sentence
  bare,   // nothing behind it, a dash, one word, or an address, and no date
  dated,  // a date in its place, but no sender that can be one before it
  whole,  // sender and date
};
Separator separator_of(std::string_view line);
// From its date on, whatever stands behind that; "" where there is none.
std::string_view date_of_separator(std::string_view line);

class Splitter {
 public:
  // line: of the mail's first line, from 1. cut: it was larger than kLargestMail and ends there.
  using Each = std::function<void(std::uint64_t line, std::string_view separator, std::string_view mail, bool cut)>;
  explicit Splitter(Each each) : each_(std::move(each)) {}
  void line(std::string_view text);
  void finish();

 private:
  // A "From " line, and the headers behind it, that are to decide.
  struct Pending {
    Separator kind = Separator::text;
    bool after_empty = false, at_start = false;
    bool in_single = false;  // the file began with headers: it may be one mail, whose text nobody quoted
    std::uint64_t number = 0;
    std::string separator;
    std::vector<std::string> headers;
    int usual = 0;          // headers that mails have
    bool has_core = false;  // one of those that hardly a mail lacks
  };
  bool begins_mail(std::string_view text);
  bool is_enough(const Pending& pending) const;
  void take_header(std::string_view text);
  void settle(bool is_mail);
  void text_line(std::string_view text);
  void append(std::string_view text);
  void give();
  Each each_;
  std::string mail_, separator_;
  Pending pending_;
  std::uint64_t number_ = 0, begin_ = 1;
  bool after_empty_ = true, has_pending_ = false, cut_ = false;
};

}  // namespace resident::mail
