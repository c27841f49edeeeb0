#include <re2/re2.h>

#include <base/text.hpp>
#include <sources/mail/splitter.hpp>

namespace resident::mail {

namespace {

bool is_separator(std::string_view line) {
  if (!line.starts_with("From ")) return false;
  static const RE2 pattern(R"(^From .{0,300}\d{1,2}:\d{2}(?::\d{2})?\b.{0,40}\b\d{4}\b)");
  return RE2::PartialMatch(line, pattern);
}

bool is_header(std::string_view line) {
  if (line.starts_with(">From ")) return true;  // old mailers kept the former separator
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 100) return false;
  return line.substr(0, colon).find_first_of(" \t") == std::string_view::npos;
}

}  // namespace

void Splitter::line(std::string_view text) {
  ++number_;
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (has_pending_) {
    has_pending_ = false;
    if (is_header(text)) {
      give();
      separator_ = pending_;
      begin_ = pending_number_;
    } else {
      append(pending_);
      after_empty_ = false;
    }
  }
  if (after_empty_ && is_separator(text)) {
    pending_ = text;
    pending_number_ = number_;
    has_pending_ = true;
    return;
  }
  after_empty_ = text.empty();
  if (text.starts_with('>')) {
    const std::size_t letter = text.find_first_not_of('>');
    if (letter != std::string_view::npos && text.substr(letter).starts_with("From ")) text.remove_prefix(1);
  }
  append(text);
}

void Splitter::append(std::string_view text) {
  if (mail_.size() + text.size() + 1 > kLargestMail) {
    cut_ = true;
    return;
  }
  mail_ += text;
  mail_ += '\n';
}

void Splitter::give() {
  if (!trim(mail_).empty()) each_(begin_, separator_, mail_, cut_);
  mail_.clear();
  separator_.clear();
  cut_ = false;
}

void Splitter::finish() {
  if (has_pending_) append(pending_);
  has_pending_ = false;
  give();
  after_empty_ = true;
  number_ = 0;
  begin_ = 1;
}

}  // namespace resident::mail
