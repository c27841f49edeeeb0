#include <base/csv.hpp>

namespace resident {

std::string csv_quoted(std::string_view text) {
  const bool is_plain =
      text.find_first_of(",\"\r\n") == std::string_view::npos && !text.starts_with(' ') && !text.ends_with(' ');
  if (is_plain) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string csv_text(std::string_view text) {
  const bool begins_formula =
      !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
  return csv_quoted(begins_formula ? "'" + std::string(text) : std::string(text));
}

}  // namespace resident
