#include <algorithm>
#include <sources/interest/bytes.hpp>
#include <sources/interest/characters.hpp>
#include <sources/interest/python_code.hpp>

namespace resident::interest {

namespace {

constexpr int kDeepest = 32;             // f-strings and fields within each other
constexpr int kMostFailures = 64;        // of f-strings that do not end, each read to the end of the file
constexpr std::ptrdiff_t kShortest = 3;  // of code that names something: a.b

// Whether letters that mark an f-string or a t-string stand before the quote, and whether it is raw.
struct Prefix {
  bool formatted = false, raw = false;
};

Prefix prefix_of(const char* quote, const char* begin) {
  const char* start = quote;
  while (start > begin && quote - start < 3 && is_word_byte(start[-1])) --start;
  const auto length = quote - start;
  if (length == 0 || length > 2) return {};
  Prefix prefix;
  for (const char* at = start; at < quote; ++at) {
    const char letter = static_cast<char>(*at | 0x20);
    if ((letter == 'f' || letter == 't') && !prefix.formatted) {
      prefix.formatted = true;
    } else if (letter == 'r' && !prefix.raw) {
      prefix.raw = true;
    } else {
      return {};
    }
  }
  return prefix;
}

std::ptrdiff_t quotes_at(const char* at, const char* end) {
  return end - at >= 3 && at[1] == *at && at[2] == *at ? 3 : 1;
}

// Behind a backslash and what it escapes.
const char* skip_escape(const char* at, const char* end) {
  const bool two_bytes = end - at > 2 && at[1] == '\r' && at[2] == '\n';
  return std::min(at + (two_bytes ? 3 : 2), end);
}

}  // namespace

PythonCode::PythonCode(const char* begin, const char* end) : begin_(begin), end_(end), first_(begin) {
  if (std::string_view(begin, static_cast<std::size_t>(end - begin)).starts_with("\xEF\xBB\xBF")) first_ += 3;
  at_ = first_;
}

const char* PythonCode::string_end(const char* quote) const {
  const char mark = *quote;
  if (quotes_at(quote, end_) == 3) {
    for (const char* at = quote + 3;;) {
      at = find_any(at, end_, mark, '\\');
      if (at == end_) return end_;
      if (*at == '\\') {
        at = std::min(at + 2, end_);
      } else if (quotes_at(at, end_) == 3) {
        return at + 3;
      } else {
        ++at;
      }
    }
  }
  for (const char* at = quote + 1;;) {
    at = find_any(at, end_, mark, '\\', '\n', '\r');
    if (at == end_) return end_;
    if (*at == mark) return at + 1;
    if (*at != '\\') return at;
    at = skip_escape(at, end_);
  }
}

const char* PythonCode::read_string(const char* quote) {
  const char* plain_end = string_end(quote);
  const Prefix prefix = prefix_of(quote, begin_);
  fields_.clear();
  if (!prefix.formatted || find_byte(quote, plain_end, '{') == plain_end || failures_ >= kMostFailures)
    return plain_end;
  if (const char* end = read_fields(quote, prefix.raw, 0)) return end;
  ++failures_;
  fields_.clear();
  return plain_end;
}

const char* PythonCode::read_fields(const char* quote, bool raw, int depth) {
  if (depth > kDeepest) return nullptr;
  const std::ptrdiff_t quotes = quotes_at(quote, end_);
  for (const char* at = quote + quotes; at < end_;) {
    at = find_any(at, end_, *quote, '\\', '{', '\n');
    if (at == end_) return nullptr;
    if (*at == '\n') {
      if (quotes == 1) return nullptr;
      ++at;
    } else if (*at == '\\') {
      if (end_ - at > 1 && at[1] == '{') {
        ++at;
      } else if (!raw && end_ - at > 2 && at[1] == 'N' && at[2] == '{') {
        at = find_byte(at, end_, '}');
      } else {
        at = skip_escape(at, end_);
      }
    } else if (*at == '{') {
      if (end_ - at > 1 && at[1] == '{') {
        at += 2;
      } else if (!(at = read_field(at + 1, raw, quote, quotes, depth))) {
        return nullptr;
      }
    } else if (quotes == 1 || quotes_at(at, end_) == 3) {
      return at + quotes;
    } else {
      ++at;
    }
  }
  return nullptr;
}

const char* PythonCode::read_field(const char* at, bool raw, const char* quote, std::ptrdiff_t quotes, int depth) {
  const char* segment = at;
  const auto keep = [&](const char* stop) {
    if (stop - segment >= kShortest) fields_.push_back({segment, stop});
  };
  for (int brackets = 0; at < end_; ++at) {
    switch (*at) {
      case '"':
      case '\'': {
        keep(at);
        const Prefix prefix = prefix_of(at, segment);
        const char* stop = prefix.formatted ? read_fields(at, prefix.raw, depth + 1) : string_end(at);
        if (!stop || stop[-1] != *at) return nullptr;
        segment = stop;
        at = stop - 1;
        break;
      }
      case '#':
        keep(at);
        at = find_byte(at, end_, '\n');
        if (at == end_) return nullptr;
        segment = at;
        break;
      case '(':
      case '[':
      case '{':
        ++brackets;
        break;
      case ')':
      case ']':
        if (--brackets < 0) return nullptr;
        break;
      case '}':
        if (brackets == 0) {
          keep(at);
          return at + 1;
        }
        --brackets;
        break;
      case ':':
        if (brackets > 0) break;
        keep(at);
        return read_format(at + 1, raw, quote, quotes, depth);
      default:
        break;
    }
  }
  return nullptr;
}

// What stands behind the colon of a field: text with fields in it, up to the field's own bracket.
const char* PythonCode::read_format(const char* at, bool raw, const char* quote, std::ptrdiff_t quotes, int depth) {
  if (depth > kDeepest) return nullptr;
  while ((at = find_any(at, end_, *quote, '\\', '{', '}', '\n')) != end_) {
    if (*at == '}') return at + 1;
    if (*at == '{') {
      if (!(at = read_field(at + 1, raw, quote, quotes, depth + 1))) return nullptr;
    } else if (*at == '\\') {
      at = end_ - at > 1 && (at[1] == '{' || at[1] == '}') ? at + 1 : skip_escape(at, end_);
    } else if (quotes == 1 || (*at == *quote && quotes_at(at, end_) == 3)) {
      return nullptr;
    } else {
      ++at;
    }
  }
  return nullptr;
}

bool PythonCode::reaches(const char* place) {
  while (at_ < place) {
    const char* special = find_any(at_, place, '"', '\'', '#');
    if (special == place) {
      at_ = place;
    } else if (*special == '#') {
      at_ = comment_end_ = find_any(special, end_, '\n', '\r');
    } else {
      at_ = read_string(special);
    }
  }
  if (at_ == place) {
    fields_.clear();
    return true;
  }
  const auto field = std::upper_bound(fields_.begin(), fields_.end(), place,
                                      [](const char* wanted, const Field& each) { return wanted < each.end; });
  return field != fields_.end() && place >= field->begin;
}

namespace {

bool append_code_point(unsigned long point, std::string& text) {
  if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
  const auto put = [&text](unsigned long byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
  return true;
}

int digit_of(char c, int base) {
  const int value = is_digit(c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;
  return value < base ? value : -1;
}

// Digits of a number from `at` on, at most so many; their count goes back.
std::size_t read_digits(std::string_view inside, std::size_t at, std::size_t most, int base, unsigned long& value) {
  std::size_t count = 0;
  value = 0;
  for (; count < most && at + count < inside.size() && digit_of(inside[at + count], base) >= 0; ++count)
    value = value * static_cast<unsigned long>(base) + static_cast<unsigned long>(digit_of(inside[at + count], base));
  return count;
}

// The escape whose backslash is at `at`; gives where the text goes on, 0 where it is none that can be told.
std::size_t append_escape(std::string_view inside, std::size_t at, std::string& text) {
  if (at + 1 == inside.size()) return 0;
  const char letter = inside[at + 1];
  constexpr std::string_view kLetters = "abfnrtv\\'\"", kValues = "\a\b\f\n\r\t\v\\'\"";
  if (const auto place = kLetters.find(letter); place != std::string_view::npos) {
    text += kValues[place];
    return at + 2;
  }
  if (letter == '\n') return at + 2;
  if (letter == '\r') return at + (at + 2 < inside.size() && inside[at + 2] == '\n' ? 3 : 2);
  if (letter == 'N') return 0;
  unsigned long value = 0;
  if (const std::size_t octal = read_digits(inside, at + 1, 3, 8, value))
    return append_code_point(value, text) ? at + 1 + octal : 0;
  const std::size_t wanted = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  if (wanted == 0) {
    text += '\\';  // no escape at all: Python keeps both
    return at + 1;
  }
  if (read_digits(inside, at + 2, wanted, 16, value) != wanted || !append_code_point(value, text)) return 0;
  return at + 2 + wanted;
}

}  // namespace

bool append_python_text(std::string_view inside, bool raw, std::string& text) {
  for (std::size_t at = 0; at < inside.size();) {
    if (raw || inside[at] != '\\') {
      text += inside[at++];
    } else if (!(at = append_escape(inside, at, text))) {
      return false;
    }
  }
  return true;
}

}  // namespace resident::interest
