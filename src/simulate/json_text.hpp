// JSON written straight into a string: the simulation writes gigabytes of it, once,
// and never reads it back. Commas are put where they belong; an empty key means an
// element of an array.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace resident::simulation {

class JsonText {
 public:
  void begin_object(std::string_view key = {}) { open(key, '{'); }
  void end_object() { text_ += '}'; }
  void begin_array(std::string_view key = {}) { open(key, '['); }
  void end_array() { text_ += ']'; }
  void add(std::string_view key, std::string_view value) {
    name(key);
    quote(value);
  }
  void add(std::string_view key, const std::string& value) { add(key, std::string_view(value)); }
  void add(std::string_view key, const char* value) { add(key, std::string_view(value)); }
  void add(std::string_view key, std::integral auto value) {
    name(key);
    if constexpr (std::same_as<decltype(value), bool>)
      text_ += value ? "true" : "false";
    else
      fmt::format_to(std::back_inserter(text_), "{}", value);
  }
  void add(std::string_view key, double value, int digits = 4) {
    name(key);
    fmt::format_to(std::back_inserter(text_), "{:.{}g}", value, digits);
  }
  void add_json(std::string_view key, std::string_view json) {
    name(key);
    text_ += json;
  }
  void add_null(std::string_view key) {
    name(key);
    text_ += "null";
  }
  void new_line() { text_ += '\n'; }

  const std::string& text() const { return text_; }
  void clear() { text_.clear(); }
  // Goes on after text that ended in this character and was written elsewhere.
  void restart(char last) { text_.assign(1, last); }

 private:
  void open(std::string_view key, char bracket) {
    name(key);
    text_ += bracket;
  }
  void name(std::string_view key) {
    const std::size_t last = text_.find_last_not_of('\n');
    if (last != std::string::npos && text_[last] != '{' && text_[last] != '[') text_ += ',';
    if (key.empty()) return;
    quote(key);
    text_ += ':';
  }
  void quote(std::string_view value) {
    text_ += '"';
    std::size_t plain = 0;  // what needs no escape is copied at once
    for (std::size_t i = 0; i < value.size(); ++i) {
      const char c = value[i];
      if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
      text_.append(value.substr(plain, i - plain));
      plain = i + 1;
      if (c == '\n')
        text_ += "\\n";
      else if (static_cast<unsigned char>(c) >= 0x20)
        (text_ += '\\') += c;
      else
        fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<int>(c));
    }
    text_.append(value.substr(plain));
    text_ += '"';
  }
  std::string text_;
};

}  // namespace resident::simulation
