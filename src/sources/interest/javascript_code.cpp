#include <algorithm>
#include <iterator>
#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/javascript_code.hpp>

namespace resident::interest {

namespace {

constexpr std::string_view kBeforePatterns[] = {"return", "typeof", "case", "in",   "of",    "delete", "void",
                                                "throw",  "new",    "do",   "else", "yield", "await",  "instanceof"};
constexpr std::string_view kConditions[] = {"if", "while", "for", "with"};
constexpr std::ptrdiff_t kFarthest = 400;  // back to the bracket of a condition

bool is_name_byte(char c) {
  return is_word_byte(c) || c == '$';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

const char* JavascriptCode::skip_blank(const char* at) const {
  while (at < end_) {
    if (is_blank(*at)) {
      ++at;
    } else if (*at == '/' && end_ - at > 1 && at[1] == '/') {
      at = find_any(at, end_, '\n', '\r');
    } else if (*at == '/' && end_ - at > 1 && at[1] == '*') {
      for (at += 2; (at = find_byte(at, end_, '*')) != end_ && !(end_ - at > 1 && at[1] == '/');) ++at;
      at = std::min(at + 2, end_);
    } else {
      return at;
    }
  }
  return end_;
}

const char* JavascriptCode::skip_back(const char* at) const {
  for (;;) {
    while (at > begin_ && is_blank(at[-1])) --at;
    if (at - begin_ < 4 || at[-1] != '/' || at[-2] != '*') return at;
    const std::string_view before(begin_, static_cast<std::size_t>(at - begin_ - 2));
    const std::size_t open = before.rfind("/*");
    if (open == std::string_view::npos) return at;
    at = begin_ + open;
  }
}

const char* JavascriptCode::skip_string(const char* quote) const {
  for (const char* at = quote + 1;;) {
    at = find_any(at, end_, *quote, '\\', '\n', '\r');
    if (at == end_) return quote + 1;
    if (*at == *quote) return at + 1;
    if (*at != '\\') return quote + 1;  // text of JSX: an apostrophe
    at = std::min(at + (end_ - at > 2 && at[1] == '\r' && at[2] == '\n' ? 3 : 2), end_);
  }
}

const char* JavascriptCode::skip_template(const char* at) {
  for (;;) {
    at = find_any(at, end_, '`', '\\', '$');
    if (at == end_) return end_;
    if (*at == '`') return at + 1;
    if (*at == '\\') {
      at = std::min(at + 2, end_);
    } else if (end_ - at > 1 && at[1] == '{') {
      braces_.push_back(0);
      return at + 2;
    } else {
      ++at;
    }
  }
}

const char* JavascriptCode::skip_pattern(const char* slash) const {
  bool in_class = false;
  for (const char* at = slash + 1; at < end_ && *at != '\n' && *at != '\r'; ++at) {
    if (*at == '\\') {
      ++at;
    } else if (*at == '[') {
      in_class = true;
    } else if (*at == ']') {
      in_class = false;
    } else if (*at == '/' && !in_class) {
      return at + 1;
    }
  }
  return slash + 1;  // a division after all, or JSX
}

// Whether the bracket that closes here is that of if (…), after which a statement stands.
bool JavascriptCode::is_after_condition(const char* bracket) const {
  const char* first = bracket - begin_ > kFarthest ? bracket - kFarthest : begin_;
  int depth = 0;
  for (const char* at = bracket; at > first; --at) {
    if (*at == ')') ++depth;
    if (*at == '(' && --depth == 0) {
      const char* stop = at;
      while (stop > first && is_blank(stop[-1])) --stop;
      const char* start = stop;
      while (start > first && is_name_byte(start[-1])) --start;
      return is_one_of(std::string_view(start, static_cast<std::size_t>(stop - start)), kConditions);
    }
  }
  return false;
}

bool JavascriptCode::begins_pattern(const char* slash) const {
  const char* at = slash;
  bool is_new_line = false;
  while (at > begin_ && is_blank(at[-1])) is_new_line = *--at == '\n' || is_new_line;
  if (at == begin_) return true;
  const char before = at[-1];
  if (is_name_byte(before)) {
    const char* start = at;
    while (start > begin_ && is_name_byte(start[-1])) --start;
    const std::string_view word(start, static_cast<std::size_t>(at - start));
    return is_one_of(word, kBeforePatterns) && (start == begin_ || start[-1] != '.');
  }
  switch (before) {
    case ')':
      return is_after_condition(at - 1);
    case ']':
    case '"':
    case '\'':
    case '`':
      return false;
    case '}':
      return is_new_line;
    case '<':
      return at != slash;  // else a closing tag
    case '+':
    case '-':
      return at - begin_ < 2 || at[-2] != before;
    default:
      return true;
  }
}

const char* JavascriptCode::read_special(const char* special) {
  switch (*special) {
    case '`':
      // In text of JSX it may be alone.
      return find_byte(special + 1, end_, '`') == end_ ? special + 1 : skip_template(special + 1);
    case '{':
      ++braces_.back();
      return special + 1;
    case '}':
      if (braces_.back() > 0) {
        --braces_.back();
        return special + 1;
      }
      braces_.pop_back();
      return skip_template(special + 1);
    case '/':
      if (end_ - special > 1 && (special[1] == '/' || special[1] == '*')) {
        if (special[1] == '/') return comment_end_ = find_any(special, end_, '\n', '\r');
        const char* at = special + 2;
        while ((at = find_byte(at, end_, '*')) != end_ && !(end_ - at > 1 && at[1] == '/')) ++at;
        return comment_end_ = std::min(at + 2, end_);
      }
      return begins_pattern(special) ? skip_pattern(special) : special + 1;
    default:
      return skip_string(special);
  }
}

bool JavascriptCode::reaches(const char* place) {
  while (at_ < place) {
    const char* special = braces_.empty() ? find_any(at_, place, '"', '\'', '`', '/')
                                          : find_any(at_, place, '"', '\'', '`', '/', '{', '}');
    at_ = special == place ? place : read_special(special);
  }
  return at_ == place;
}

}  // namespace resident::interest
