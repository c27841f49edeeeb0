#include <base/text.hpp>
#include <text/passages.hpp>

namespace resident::text {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool opens_code(std::string_view line) {
  return line.starts_with("```") || line.starts_with("~~~");
}
bool is_jira_fence(std::string_view line, std::string_view& rest) {
  for (const std::string_view name : {"{code", "{noformat"}) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) continue;
    const std::size_t end = line.find('}', at);
    if (end == std::string_view::npos) continue;
    rest = line.substr(end + 1);
    return true;
  }
  return false;
}
// "at org.x.Y(Z.java:12)", "File "x.py", line 3, in f", "#3 0x… in f".
bool is_frame(std::string_view line) {
  if (line.starts_with("at ") && line.find('(') != std::string_view::npos) return true;
  if (line.starts_with("File \"") && line.find(", line ") != std::string_view::npos) return true;
  if (line.starts_with("Caused by:")) return true;
  return line.size() > 3 && line[0] == '#' && is_digit(line[1]) && line.find(" in ") != std::string_view::npos;
}

void append(std::string& to, std::string_view line) {
  to += line;
  to += '\n';
}

}  // namespace

Passages passages_of(std::string_view body) {
  Passages passages;
  bool in_code = false, in_comment = false;
  for (const std::string_view line : split(body.substr(0, kReadBytes), '\n')) {
    const std::string_view words = trim(line);
    std::string_view rest;
    if (in_comment) {
      in_comment = words.find("-->") == std::string_view::npos;
    } else if (opens_code(words)) {
      in_code = !in_code;
    } else if (is_jira_fence(words, rest)) {
      in_code = !in_code;
      std::string_view more;
      if (is_jira_fence(rest, more)) {  // opened and closed on one line
        in_code = !in_code;
        append(passages.code, rest);
      } else {
        append(in_code ? passages.code : passages.prose, rest);
      }
    } else if (in_code || is_frame(words)) {
      append(passages.code, words);
    } else if (words.starts_with("<!--")) {
      in_comment = words.find("-->") == std::string_view::npos;
    } else if (words.starts_with(">")) {
      append(passages.quoted, words.substr(1));
    } else {
      append(passages.prose, words);
    }
  }
  return passages;
}

}  // namespace resident::text
