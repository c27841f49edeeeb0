#include <base/text.hpp>
#include <cctype>
#include <store/message_mask.hpp>

namespace resident {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_of_path(char c) {
  return is_word(c) || c == '.' || c == '-' || c == '+' || c == '~' || c == '@' || c == '%';
}

class Masker {
 public:
  explicit Masker(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size() && out_.size() < kLongestMasked + 64) {
      const char c = text_[at_];
      const bool begins = at_ == 0 || !is_word(text_[at_ - 1]);
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        if (!out_.empty() && out_.back() != ' ') out_ += ' ';
        ++at_;
      } else if ((c == '/' || (begins && std::isalpha(static_cast<unsigned char>(c)) && at_ + 2 < text_.size() &&
                               text_[at_ + 1] == ':' && (text_[at_ + 2] == '\\' || text_[at_ + 2] == '/'))) &&
                 path()) {
      } else if (begins && is_word(c) && word()) {
      } else if (is_digit(c)) {
        number();
      } else {
        out_ += c;
        ++at_;
      }
    }
    std::string masked = clean_text(out_, kLongestMasked);
    while (!masked.empty() && masked.back() == ' ') masked.pop_back();
    return masked;
  }

 private:
  // The folders of a path with two parts or more; its last part is read on.
  bool path() {
    std::size_t end = at_, last = at_;
    int parts = 0;
    if (text_[end] != '/') end += 2;
    while (end < text_.size() && (text_[end] == '/' || text_[end] == '\\')) {
      last = end;
      ++end;
      const std::size_t start = end;
      while (end < text_.size() && is_of_path(text_[end])) ++end;
      if (end == start) break;
      ++parts;
    }
    if (parts < 2 || (at_ > 0 && (is_word(text_[at_ - 1]) || text_[at_ - 1] == '/' || text_[at_ - 1] == ':')))
      return false;
    out_ += "…/";
    at_ = last + 1;
    return true;
  }

  // An address, a hash or a number that is a whole word.
  bool word() {
    std::size_t end = at_;
    while (end < text_.size() && (is_word(text_[end]) || (text_[end] == '-' && end + 1 < text_.size() &&
                                                          is_hex(text_[end + 1]) && end - at_ >= 8)))
      ++end;
    const std::string_view whole = text_.substr(at_, end - at_);
    if (whole.size() > 2 && whole[0] == '0' && (whole[1] == 'x' || whole[1] == 'X')) {
      out_ += "ADDRESS";
      at_ = end;
      return true;
    }
    bool digits = false, all_hex = true;
    for (const char c : whole) {
      digits = digits || is_digit(c);
      all_hex = all_hex && (is_hex(c) || c == '-');
    }
    if (whole.size() >= 8 && digits && all_hex) {
      out_ += whole.find_first_not_of("0123456789-") == std::string_view::npos ? "N" : "ID";
      at_ = end;
      return true;
    }
    return false;
  }

  // "31", "1.25", "10:00:00", "2024-01-31T10:00:00Z": one N.
  void number() {
    while (at_ < text_.size() &&
           (is_digit(text_[at_]) ||
            ((text_[at_] == '.' || text_[at_] == ',' || text_[at_] == ':' || text_[at_] == '-' || text_[at_] == 'T') &&
             at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))))
      ++at_;
    out_ += 'N';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string mask_message(std::string_view message) {
  return Masker(message).run();
}

}  // namespace resident
