#include <fmt/format.h>
#include <wchar.h>
#include <xxhash.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <base/url.hpp>
#include <cctype>
#include <cstdint>
#include <cstring>

namespace resident {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// How many bytes from there on are ASCII and no NUL: most text is nothing else, and is looked at eight bytes at once.
std::size_t plain_bytes(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHigh = 0x8080808080808080, kOne = 0x0101010101010101;
  std::size_t end = at;
  for (; end + sizeof(std::uint64_t) <= text.size(); end += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + end, sizeof word);
    // Bytes from 1 to 127 have no high bit, and none after one is taken off each.
    if (((word | (word - kOne)) & kHigh) != 0) break;
  }
  while (end < text.size() && static_cast<signed char>(text[end]) > 0) ++end;
  return end - at;
}

// Length of the valid UTF-8 character at position, 0 if there is none; its code
// point goes to *code. Overlong forms, surrogates and NUL are not valid here.
std::size_t read_character(std::string_view text, std::size_t at, char32_t* code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first == 0) return 0;
  if (first < 0x80) {
    *code = first;
    return 1;
  }
  std::size_t length = 0;
  char32_t value = 0, smallest = 0;
  if ((first & 0xE0) == 0xC0) {
    length = 2, value = first & 0x1F, smallest = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3, value = first & 0x0F, smallest = 0x800;
  } else if ((first & 0xF8) == 0xF0) {
    length = 4, value = first & 0x07, smallest = 0x10000;
  } else {
    return 0;
  }
  if (at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    value = (value << 6) | (byte(at + i) & 0x3F);
  }
  if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return 0;
  *code = value;
  return length;
}

bool is_bidirectional_control(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

// Joiners (200C, 200D) stay: scripts and emoji need them.
bool is_invisible(char32_t code) {
  return code == 0x00AD || code == 0x180E || code == 0x200B || (code >= 0x2060 && code <= 0x2064) || code == 0xFEFF ||
         (code >= 0xE0000 && code <= 0xE0FFF);
}

// Width in columns; the tables are the widths of common blocks (Unicode TR 11).
int character_width(char32_t code) {
  if ((code >= 0x0300 && code <= 0x036F) || (code >= 0x200B && code <= 0x200F) || (code >= 0xFE00 && code <= 0xFE0F) ||
      (code >= 0x20D0 && code <= 0x20FF) || code == 0xFEFF || (code >= 0x1F3FB && code <= 0x1F3FF))
    return 0;
  if ((code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) || (code >= 0xAC00 && code <= 0xD7A3) ||
      (code >= 0xF900 && code <= 0xFAFF) || (code >= 0xFE30 && code <= 0xFE4F) || (code >= 0xFF00 && code <= 0xFF60) ||
      (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1F64F) ||
      (code >= 0x1F680 && code <= 0x1F6FF) || (code >= 0x1F900 && code <= 0x1F9FF) ||
      (code >= 0x20000 && code <= 0x3FFFD))
    return 2;
  return 1;
}

bool is_unreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
}

// Letters that words are set apart with spaces in: a run of others, such as Chinese, is a sentence rather than a name.
bool is_spaced_letter(char32_t code) {
  return (code >= 0x00C0 && code <= 0x052F) || (code >= 0x1E00 && code <= 0x1FFF);
}

bool is_name_character(char32_t code) {
  return (code < 0x80 && std::isalnum(static_cast<int>(code))) || code == '-' || code == '.' || is_spaced_letter(code);
}

// The characters of an address's first part that people use (RFC 5322's atext, without those that close quotations and
// code).
bool is_email_character(char32_t code) {
  return is_name_character(code) || code == '_' || code == '%' || code == '+' || code == '\'' || code == '&' ||
         code == '~';
}

// Where the character before `at` begins.
std::size_t character_before(std::string_view text, std::size_t at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

// Whether a name is one of a host on the internet, and no version ("1.2.3"), file ("2x.png") or host at home
// ("localhost").
bool is_mail_domain(std::string_view domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string last = to_lower(domain.substr(dot + 1));
  for (const char* ending : {"png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico"})
    if (last == ending) return false;
  if (last.starts_with("xn--")) return true;
  // "ann@host.example.c": a file that is called after an address.
  if (last.size() == 1 && last.front() >= 'a' && last.front() <= 'z') return is_mail_domain(domain.substr(0, dot));
  return last.size() >= 2 &&
         std::none_of(last.begin(), last.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

bool is_clean_text(std::string_view text) {
  for (std::size_t at = 0; (at += plain_bytes(text, at)) < text.size();) {
    char32_t code;
    const std::size_t length = read_character(text, at, &code);
    if (!length) return false;
    at += length;
  }
  return true;
}

std::string clean_text(std::string_view text, std::size_t max_bytes) {
  std::string result;
  result.reserve(std::min(text.size(), max_bytes));
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t plain = plain_bytes(text, at); plain > 0) {
      const std::size_t fits = std::min(plain, max_bytes - result.size());
      result += text.substr(at, fits);
      if (fits < plain) return result + "…";
      at += plain;
      continue;
    }
    char32_t code;
    const std::size_t length = read_character(text, at, &code);
    const std::string_view piece = length ? text.substr(at, length) : kReplacement;
    if (result.size() + piece.size() > max_bytes) return result + "…";
    result += piece;
    at += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::string one_line(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0;
    const std::size_t length = read_character(text, at, &code);
    if (!length) {
      result += kReplacement;
    } else if (is_control(code) || is_bidirectional_control(code)) {
      result += ' ';
    } else {
      result += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::string visible_text(std::string_view text) {
  constexpr std::string_view kOpening = "<!--", kClosing = "-->";
  std::string result;
  result.reserve(text.size());
  bool may_close = true;
  for (std::size_t at = 0; at < text.size();) {
    if (may_close && text.substr(at, kOpening.size()) == kOpening) {
      const std::size_t end = text.find(kClosing, at + kOpening.size());
      may_close = end != std::string_view::npos;
      if (may_close) {
        at = end + kClosing.size();
        continue;
      }
    }
    char32_t code = 0;
    const std::size_t length = read_character(text, at, &code);
    if (!length) {
      result += kReplacement;
    } else if (code == '\n' || code == '\t' ||
               !(is_control(code) || is_bidirectional_control(code) || is_invisible(code))) {
      result += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0xFFFD;
    const std::size_t length = read_character(text, at, &code);
    width += static_cast<std::size_t>(character_width(code));
    at += std::max<std::size_t>(length, 1);
  }
  return width;
}

std::string fit_width(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t width = 0, at = 0;
  while (at < text.size()) {
    char32_t code = 0xFFFD;
    const std::size_t length = std::max<std::size_t>(read_character(text, at, &code), 1);
    const auto next = static_cast<std::size_t>(character_width(code));
    if (width + next > columns - 1) break;
    width += next;
    at += length;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string escape_markdown(std::string_view text) {
  std::string result;
  // Before the sign between name and host is set apart, which no address is known by.
  for (const char c : blank_emails(one_line(text))) {
    if (std::string_view("\\`*_{}[]<>|#~!").find(c) != std::string_view::npos) result += '\\';
    if (c == '@') {
      result += "@\xE2\x80\x8B";  // a zero-width space: a report must not notify people
      continue;
    }
    result += c;
  }
  return result;
}

std::string escape_url(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_unreserved(c)) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string safe_url(std::string_view text) {
  const std::string scheme = to_lower(text.substr(0, 8));
  if (!scheme.starts_with("https://") && !scheme.starts_with("http://")) return {};
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0;
    const std::size_t length = read_character(text, at, &code);
    if (!length || code <= 0x20 || code == '"' || code == '<' || code == '>' || code == '\\' || is_control(code) ||
        is_bidirectional_control(code) || is_invisible(code))
      return {};
    at += length;
  }
  // RFC 3986, 3.2: what stands before an @ there is no host, however much it looks like one.
  const std::string_view rest = text.substr(text.find("//") + 2);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty() || authority.find('@') != std::string_view::npos) return {};
  return std::string(text);
}

std::string clean_url(std::string_view text) {
  constexpr std::size_t kLongest = 2000;
  std::string result;
  for (std::size_t at = 0; at < text.size() && result.size() <= kLongest;) {
    char32_t code = 0;
    const std::size_t length = read_character(text, at, &code);
    if (!length) return {};
    if (!is_bidirectional_control(code) && !is_invisible(code)) result += text.substr(at, length);
    at += length;
  }
  return result.size() > kLongest ? std::string() : safe_url(trim(result));
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return to_lower(text).find(to_lower(part)) != std::string::npos;
}

std::string near_miss(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  // A word whose every letter would have to change is another word: "h" is no slip for "a".
  std::size_t best_distance = std::min(std::max<std::size_t>(1, word.size() / 3) + 1, word.size());
  for (const std::string& candidate : candidates) {
    std::vector<std::vector<std::size_t>> distance(word.size() + 1, std::vector<std::size_t>(candidate.size() + 1));
    for (std::size_t i = 0; i <= word.size(); ++i) {
      for (std::size_t j = 0; j <= candidate.size(); ++j) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        const std::size_t substitution = distance[i - 1][j - 1] + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        distance[i][j] = std::min({distance[i - 1][j] + 1, distance[i][j - 1] + 1, substitution});
        if (i > 1 && j > 1 && word[i - 1] == candidate[j - 2] && word[i - 2] == candidate[j - 1])
          distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
      }
    }
    if (distance[word.size()][candidate.size()] < best_distance) {
      best_distance = distance[word.size()][candidate.size()];
      best = candidate;
    }
  }
  return best;
}

std::string with_thousands(long long number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 ? "-" : "") + digits;
}

std::string plural(long long count, std::string_view singular, std::string_view plural_form) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural_form.empty() ? fmt::format("{} {}s", with_thousands(count), singular)
                             : fmt::format("{} {}", with_thousands(count), plural_form);
}

// Names of hosts end in a word: what stands behind the @ of "tool@1.2.3" or "icon@2x.png" is none, nor is
// git@host:owner/name anybody's address.
std::string blank_emails(std::string_view text) {
  constexpr std::string_view kBot = "[bot]";
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at, end = at + 1;
    char32_t code = 0;
    // Accounts of bots at GitHub have addresses, too: 12+name[bot]@users.noreply.github.com.
    if (text.substr(copied, at - copied).ends_with(kBot)) begin -= kBot.size();
    while (begin > copied) {
      const std::size_t before = character_before(text, begin);
      if (before < copied || before + read_character(text, before, &code) != begin || !is_email_character(code)) break;
      begin = before;
    }
    for (std::size_t length;
         end < text.size() && (length = read_character(text, end, &code)) && is_name_character(code);)
      end += length;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    if (begin == at || !is_mail_domain(text.substr(at + 1, end - at - 1))) continue;
    // git@host:owner/name is a place to clone from.
    if (text.substr(begin, at - begin) == "git" && end < text.size() && (text[end] == ':' || text[end] == '/'))
      continue;
    result += text.substr(copied, begin - copied);
    result += "<e-mail>";
    copied = end;
  }
  result += text.substr(copied);
  return result;
}

std::string blank_passwords(std::string_view text) {
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 1)) {
    const std::size_t begin = at + 3;
    if (begin < copied) continue;
    const std::string_view rest = text.substr(begin, text.find_first_of("/?# \t\n\"'<>", begin) - begin);
    const std::size_t user_end = rest.rfind('@'), colon = rest.find(':');
    if (user_end == std::string_view::npos || colon > user_end) continue;
    result += text.substr(copied, begin - copied);
    result += "<token>";
    copied = begin + user_end;
  }
  result += text.substr(copied);
  return result;
}

std::string fingerprint(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(hash.high64), static_cast<std::uint64_t>(hash.low64));
}

std::size_t parse_memory(std::string_view text) {
  std::size_t number = 0, at = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && number < 1'000'000'000'000; ++at)
    number = number * 10 + static_cast<std::size_t>(text[at] - '0');
  const std::string unit = to_lower(text.substr(at));
  const int shift = unit == "k" || unit == "kb"   ? 10
                    : unit == "m" || unit == "mb" ? 20
                    : unit == "g" || unit == "gb" ? 30
                                                  : 0;
  if (at == 0 || (shift == 0 && !unit.empty()) || (number << shift) < (1u << 20))
    throw Error(ErrorKind::usage, "'" + one_line(text) + "' is no amount of memory", "give one such as 256M or 2G");
  return number << shift;
}

}  // namespace resident
