// Small helps for forms that are lines of text or JSON: what readers of reports share.
#pragma once

#include <simdjson.h>

#include <base/text.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace resident {

// Calls each(line) for every line without its end (\n or \r\n).
template <class Each>
void each_line(std::string_view bytes, const Each& each) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    each(line);
  }
}

// Without the codes of a terminal's colours.
inline std::string without_colours(std::string_view line) {
  std::string plain;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\x1b' && at + 1 < line.size() && line[at + 1] == '[') {
      at += 2;
      while (at < line.size() && (line[at] < '@' || line[at] > '~')) ++at;
      continue;
    }
    plain += line[at];
  }
  return plain;
}

inline bool has(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

// The number at the beginning; nothing where there is none.
inline std::optional<double> leading_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end != text.data() ? std::optional(value) : std::nullopt;
}

// A member of a JSON object: "" or nothing where it is absent or of another type.
inline std::string_view text_of(const simdjson::dom::element& object, std::string_view key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}
inline std::optional<double> number_of(const simdjson::dom::element& object, std::string_view key) {
  double value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

// An object whose end is missing, as far as it goes: its open text and itself closed. A log that cuts long lines leaves
// such. "" where even that would be none.
inline std::string closed_object(std::string_view line) {
  bool in_text = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (in_text && line[at] == '\\') {
      if (++at >= line.size()) line = line.substr(0, at - 1);
      continue;
    }
    if (line[at] == '"') in_text = !in_text;
  }
  return in_text ? std::string(line) + "\"}" : std::string();
}

// Each line that is a JSON object, in turn; how many lines began like one and were not. each(element).
template <class Each>
std::size_t each_json_line(std::string_view bytes, const Each& each) {
  simdjson::dom::parser parser;
  std::size_t broken = 0;
  each_line(bytes, [&](std::string_view line) {
    line = trim(line);
    if (!line.starts_with('{')) return;
    simdjson::dom::element element;
    if (parser.parse(simdjson::padded_string(line)).get(element) != simdjson::SUCCESS) {
      ++broken;
      const std::string closed = closed_object(line);
      if (closed.empty() || parser.parse(simdjson::padded_string(closed)).get(element) != simdjson::SUCCESS) return;
    }
    each(element);
  });
  return broken;
}

}  // namespace resident
