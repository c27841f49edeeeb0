#include <algorithm>
#include <base/text.hpp>
#include <cli/site/hints.hpp>
#include <vector>

namespace resident::site {

namespace {

char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

// Whether it names a command of ours, or an option; commands of others (`git blame --first-parent`) are no hints.
bool is_hint(std::string_view text) {
  std::string outside;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = text[at] == '`' ? text.find('`', at + 1) : std::string_view::npos;
    if (end == std::string_view::npos) {
      outside += text[at];
      continue;
    }
    if (text.substr(at + 1).starts_with("resident ")) return true;
    outside += '`';
    at = end;
  }
  for (const char* command : {"resident add ", "resident sync", "resident doctor", "resident.toml"})
    if (outside.find(command) != std::string::npos) return true;
  for (std::size_t at = outside.find("--"); at != std::string::npos; at = outside.find("--", at + 1))
    if ((at == 0 || outside[at - 1] == ' ' || outside[at - 1] == '(') && at + 2 < outside.size() &&
        is_letter(outside[at + 2]))
      return true;
  return false;
}

// Its parts, each with the separator behind it. A separator counts outside of `code` and of (parentheses).
std::vector<std::string> parts_of(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts(1);
  bool is_code = false;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '`') is_code = !is_code;
    if (!is_code && text[at] == '(') ++depth;
    if (!is_code && text[at] == ')') --depth;
    if (!is_code && depth <= 0 && text.substr(at).starts_with(separator)) {
      parts.back() += separator;
      parts.emplace_back();
      at += separator.size() - 1;
      continue;
    }
    parts.back() += text[at];
  }
  return parts;
}

std::string without_parentheses(std::string_view text) {
  std::string out;
  bool is_code = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '`') is_code = !is_code;
    if (!is_code && text[at] == '(') {
      std::size_t end = at + 1;
      for (int depth = 1; end < text.size() && depth > 0; ++end)
        depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
      if (is_hint(text.substr(at, end - at))) {
        while (out.ends_with(' ')) out.pop_back();
        at = end - 1;
        continue;
      }
    }
    out += text[at];
  }
  return out;
}

// Without the parts that are hints, by the separators from the weightiest to the lightest.
std::string without(std::string_view text, std::size_t level) {
  static constexpr std::string_view kSeparators[] = {". ", "; ", ": ", ", "};
  if (!is_hint(text)) return std::string(text);
  if (level == std::size(kSeparators)) return {};
  const std::string_view separator = kSeparators[level];
  const std::vector<std::string> parts = parts_of(text, separator);
  std::string out;
  for (const std::string& part : parts) {
    const bool has_separator = &part != &parts.back();
    std::string kept = without(
        has_separator ? std::string_view(part).substr(0, part.size() - separator.size()) : std::string_view(part),
        level + 1);
    // What stands behind a colon goes with what it explained, and a clause goes with its beginning.
    if (kept.empty() && (level == 2 || (level == 3 && out.empty()))) break;
    if (level == 0 && !kept.empty() && !part.starts_with(kept.substr(0, 8))) kept.front() = to_upper(kept.front());
    if (!kept.empty()) out += kept + (has_separator ? std::string(separator) : std::string());
  }
  while (!out.empty() && (out.ends_with(' ') || out.ends_with(';') || out.ends_with(':') || out.ends_with(',')))
    out.pop_back();
  if (!out.empty() && text.ends_with('.') && !out.ends_with('.')) out += '.';
  return out;
}

}  // namespace

std::string without_hints(std::string_view text) {
  return is_hint(text) ? without(without_parentheses(text), 0) : std::string(text);
}

void leave_out_hints(Result& result) {
  for (std::string* text : {&result.claim, &result.definition, &result.method, &result.uncertainty, &result.coverage})
    *text = without_hints(*text);
  for (std::string& note : result.notes) note = without_hints(note);
  std::erase_if(result.notes, [](const std::string& note) { return note.empty(); });
  for (Column& column : result.columns) column.description = without_hints(column.description);
  for (auto& row : result.rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (auto* text = std::get_if<std::string>(&row[i]);
          text && (text->starts_with("not known") || result.columns[i].name == "definition"))
        *text = without_hints(*text);
}

}  // namespace resident::site
