// HTML as text: no parser of documents, only what a reader needs to see.
#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cstdint>
#include <sources/decode/decode.hpp>
#include <utility>

namespace resident::mail {

namespace {

constexpr int kDeepestQuote = 12;  // beyond, marks of quoting say nothing more

void append_character(std::string& text, std::uint32_t code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The entity at the start of text, "&amp;…": its bytes are taken; 0 where it is none.
std::size_t append_entity(std::string& result, std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 16> names{{{"amp", '&'},
                                                                              {"lt", '<'},
                                                                              {"gt", '>'},
                                                                              {"quot", '"'},
                                                                              {"apos", '\''},
                                                                              {"nbsp", ' '},
                                                                              {"hellip", 0x2026},
                                                                              {"mdash", 0x2014},
                                                                              {"ndash", 0x2013},
                                                                              {"lsquo", 0x2018},
                                                                              {"rsquo", 0x2019},
                                                                              {"ldquo", 0x201C},
                                                                              {"rdquo", 0x201D},
                                                                              {"copy", 0xA9},
                                                                              {"times", 0xD7},
                                                                              {"rarr", 0x2192}}};
  const std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string_view name = text.substr(1, end - 1);
  if (name[0] == '#') {
    const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    std::uint32_t code = 0;
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    if (digits.empty() || digits.size() > 7) return 0;
    for (const char letter : digits) {
      const char small = static_cast<char>(letter | 0x20);
      if (letter >= '0' && letter <= '9')
        code = code * (hexadecimal ? 16 : 10) + static_cast<std::uint32_t>(letter - '0');
      else if (hexadecimal && small >= 'a' && small <= 'f')
        code = code * 16 + static_cast<std::uint32_t>(small - 'a' + 10);
      else
        return 0;
    }
    append_character(result, code);
    return end + 1;
  }
  for (const auto& [known, code] : names)
    if (name == known) {
      append_character(result, code);
      return end + 1;
    }
  return 0;
}

class Reader {
 public:
  explicit Reader(std::string_view html) : html_(html) {}

  std::string read() {
    while (at_ < html_.size()) {
      const char letter = html_[at_];
      if (letter == '<' && tag()) continue;
      if (letter == '&') {
        std::string character;
        if (const std::size_t taken = append_entity(character, html_.substr(at_)); taken > 0) {
          put(character);
          at_ += taken;
          continue;
        }
      }
      ++at_;
      if (preformatted_ > 0) {
        if (letter == '\n')
          line_break();
        else if (letter != '\r')
          put(std::string_view(&html_[at_ - 1], 1));
      } else if (letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r') {
        space_ = true;
      } else {
        put(std::string_view(&html_[at_ - 1], 1));
      }
    }
    return std::string(trim(result_));
  }

 private:
  void put(std::string_view text) {
    if (at_line_start_) {
      for (int i = 0; i < std::min(quoted_, kDeepestQuote); ++i) result_ += "> ";
      at_line_start_ = false;
      space_ = false;
    }
    if (space_ && !result_.empty() && result_.back() != ' ') result_ += ' ';
    space_ = false;
    result_ += text;
  }
  void line_break() {
    result_ += '\n';
    at_line_start_ = true;
    space_ = false;
  }
  void new_line() {
    if (!at_line_start_) line_break();
  }
  void paragraph() {
    new_line();
    if (!result_.empty() && !result_.ends_with("\n\n")) result_ += '\n';
  }

  // Takes the tag at the place; false where "<" begins none.
  bool tag() {
    if (html_.substr(at_, 4) == "<!--") {
      const std::size_t end = html_.find("-->", at_ + 4);
      at_ = end == std::string_view::npos ? html_.size() : end + 3;
      return true;
    }
    std::size_t name_at = at_ + 1;
    const bool closes = name_at < html_.size() && html_[name_at] == '/';
    if (closes) ++name_at;
    std::size_t name_end = name_at;
    while (name_end < html_.size() && name_end < name_at + 20 &&
           ((html_[name_end] >= '0' && html_[name_end] <= '9') ||
            ((html_[name_end] | 0x20) >= 'a' && (html_[name_end] | 0x20) <= 'z')))
      ++name_end;
    const bool declaration = name_at < html_.size() && (html_[name_at] == '!' || html_[name_at] == '?');
    if (name_end == name_at && !declaration) return false;
    const std::string name = to_lower(html_.substr(name_at, name_end - name_at));
    std::size_t end = html_.find('>', name_end);
    if (end == std::string_view::npos) end = html_.size() - 1;
    at_ = end + 1;
    if ((name == "script" || name == "style" || name == "head" || name == "title") && !closes) {
      skip_to_end_of(name);
    } else if (name == "br") {
      line_break();
    } else if (name == "blockquote") {
      paragraph();
      quoted_ = std::max(0, quoted_ + (closes ? -1 : 1));
    } else if (name == "pre") {
      new_line();
      preformatted_ = std::max(0, preformatted_ + (closes ? -1 : 1));
      put("```");
      line_break();
    } else if (name == "li" && !closes) {
      new_line();
      put("- ");
    } else if (name == "p" || name == "ul" || name == "ol" || name == "table" ||
               (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6')) {
      paragraph();
    } else if (name == "div" || name == "tr" || name == "aside" || name == "section" || name == "hr") {
      new_line();
    } else if (name == "td" || name == "th") {
      space_ = true;
    } else if (name == "code" && preformatted_ == 0) {
      put("`");
    }
    return true;
  }

  void skip_to_end_of(const std::string& name) {
    while (at_ < html_.size()) {
      const std::size_t next = html_.find("</", at_);
      if (next == std::string_view::npos) {
        at_ = html_.size();
        return;
      }
      at_ = next + 2;
      if (to_lower(html_.substr(at_, name.size())) != name) continue;
      const std::size_t end = html_.find('>', at_);
      at_ = end == std::string_view::npos ? html_.size() : end + 1;
      return;
    }
  }

  std::string_view html_;
  std::string result_;
  std::size_t at_ = 0;
  int quoted_ = 0, preformatted_ = 0;
  bool at_line_start_ = true, space_ = false;
};

}  // namespace

std::string html_to_text(std::string_view html) {
  return Reader(html).read();
}

}  // namespace resident::mail
