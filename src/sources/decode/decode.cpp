#include <iconv.h>

#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cerrno>
#include <memory>
#include <sources/decode/decode.hpp>
#include <unordered_map>

namespace resident::mail {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kMostConverters = 64;  // kept open; mails name few charsets, hostile ones many
constexpr std::size_t kLongestCharsetName = 40;

// By letter; -1: none of base64's.
constexpr std::array<signed char, 256> kBase64 = [] {
  std::array<signed char, 256> values{};
  values.fill(-1);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < letters.size(); ++i)
    values[static_cast<unsigned char>(letters[i])] = static_cast<signed char>(i);
  values['-'] = 62;  // RFC 4648, 5
  values['_'] = 63;
  return values;
}();

int hexadecimal_value(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  std::string convert(std::string_view text) {
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    std::string result;
    std::array<char, 4096> buffer{};
    char* in = const_cast<char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
      char* out = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t code = iconv(handle_, &in, &left, &out, &room);
      const int reason = errno;
      result.append(buffer.data(), buffer.size() - room);
      if (code != static_cast<std::size_t>(-1)) break;
      if (reason == E2BIG) continue;
      result += kReplacement;  // a sequence that is none, or half of one at the end
      if (left == 0) break;
      ++in, --left;
    }
    return result;
  }

 private:
  iconv_t handle_;
};

// One a thread: iconv's handles have state.
Converter* converter_of(const std::string& charset) {
  thread_local std::unordered_map<std::string, std::unique_ptr<Converter>> open;
  if (const auto found = open.find(charset); found != open.end()) return found->second.get();
  if (open.size() >= kMostConverters) open.clear();
  auto made = std::make_unique<Converter>(charset);
  if (!made->known()) made.reset();
  return open.emplace(charset, std::move(made)).first->second.get();
}

bool is_charset_name(const std::string& name) {
  if (name.empty() || name.size() > kLongestCharsetName) return false;
  // A name with "//" would switch iconv's options on.
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:+") == std::string::npos;
}

}  // namespace

std::string decode_base64(std::string_view text) {
  std::string result(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  unsigned bits = 0;
  int count = 0;
  for (const char letter : text) {
    const int value = kBase64[static_cast<unsigned char>(letter)];
    if (value < 0) continue;
    bits = ((bits << 6) | static_cast<unsigned>(value)) & 0xFFFFFF;
    count += 6;
    if (count >= 8) {
      count -= 8;
      result[size++] = static_cast<char>((bits >> count) & 0xFF);
    }
  }
  result.resize(size);
  return result;
}

std::string decode_quoted_printable(std::string_view text, bool in_header) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (in_header && letter == '_') {
      result += ' ';
      continue;
    }
    if (letter != '=') {
      result += letter;
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
    if (end == text.size() || text[end] == '\n') {
      i = end;  // a line that goes on
      continue;
    }
    const int high = hexadecimal_value(text[i + 1]), low = i + 2 < text.size() ? hexadecimal_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      result += letter;
      continue;
    }
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::string to_utf8(std::string_view text, std::string charset) {
  charset = to_lower(trim(charset));
  const bool plain = charset.empty() || charset == "us-ascii" || charset == "utf-8" || charset == "utf8" ||
                     charset == "ascii" || charset == "unknown-8bit" || charset == "x-unknown";
  if (plain && is_clean_text(text)) return std::string(text);
  // What calls itself Latin-1 is Windows-1252 nowadays, as browsers read it (WHATWG Encoding, 4.2).
  if (charset == "iso-8859-1" || charset == "latin1") charset = "windows-1252";
  if (charset == "gb2312") charset = "gb18030";
  // In these ASCII is what it is everywhere.
  const bool keeps_ascii = charset.starts_with("windows-") || charset.starts_with("iso-8859-");
  if (keeps_ascii && std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) > 0; }))
    return std::string(text);
  if (!plain && is_charset_name(charset))
    if (Converter* converter = converter_of(charset)) return converter->convert(text);
  if (is_clean_text(text)) return std::string(text);
  if (Converter* converter = converter_of("windows-1252")) return converter->convert(text);
  return clean_text(text);
}

std::string decode_words(std::string_view text) {
  std::string result, pending, pending_charset;
  const auto flush = [&] {
    if (!pending.empty()) result += to_utf8(pending, pending_charset);
    pending.clear();
  };
  bool after_word = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = text.find("=?", at);
    const std::string_view between = text.substr(at, begin == std::string_view::npos ? begin : begin - at);
    const bool only_space = between.find_first_not_of(" \t\r\n") == std::string_view::npos;
    const std::size_t charset_end = begin == std::string_view::npos ? begin : text.find('?', begin + 2);
    const bool has_encoding =
        charset_end != std::string_view::npos && charset_end + 2 < text.size() && text[charset_end + 2] == '?';
    const std::size_t end = has_encoding ? text.find("?=", charset_end + 3) : std::string_view::npos;
    const char encoding = has_encoding ? static_cast<char>(text[charset_end + 1] | 0x20) : ' ';
    // Space between two encoded words is not text (RFC 2047, 6.2).
    if (!(after_word && only_space && end != std::string_view::npos)) {
      flush();
      result += after_word || !between.empty() ? to_utf8(between, {}) : std::string();
    }
    if (begin == std::string_view::npos) break;
    if (end == std::string_view::npos || (encoding != 'b' && encoding != 'q')) {
      flush();
      result += "=?";
      at = begin + 2;
      after_word = false;
      continue;
    }
    std::string charset(text.substr(begin + 2, charset_end - begin - 2));
    if (const std::size_t star = charset.find('*'); star != std::string::npos) charset.resize(star);  // RFC 2231
    const std::string_view content = text.substr(charset_end + 3, end - charset_end - 3);
    if (to_lower(charset) != to_lower(pending_charset)) flush();
    pending_charset = charset;
    // A character may be split between two words.
    pending += encoding == 'b' ? decode_base64(content) : decode_quoted_printable(content, true);
    at = end + 2;
    after_word = true;
  }
  flush();
  return result;
}

}  // namespace resident::mail
