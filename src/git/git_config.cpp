#include <base/text.hpp>
#include <git/git_config.hpp>

namespace resident::git {

namespace {

// A value with its quotes, escapes and comments taken off (git-config, "Syntax"); git's own rules for blanks.
std::string value_of_line(std::string_view text) {
  std::string value;
  bool quoted = false;
  std::size_t kept = 0;  // up to here blanks at the end are meant
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!quoted && (c == '#' || c == ';')) break;
    if (c == '"') {
      quoted = !quoted;
      kept = value.size();
    } else if (c == '\\' && at + 1 < text.size()) {
      const char next = text[++at];
      value += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      kept = value.size();
    } else {
      value += c;
      if (quoted) kept = value.size();
    }
  }
  while (value.size() > kept && (value.back() == ' ' || value.back() == '\t')) value.pop_back();
  return value;
}

}  // namespace

std::vector<ConfigSetting> read_settings(const std::string& config) {
  std::vector<ConfigSetting> result;
  std::string section;
  for (std::string_view line : split(config, '\n')) {
    line = trim(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const std::size_t end = line.find(']');
      const std::string_view name = trim(line.substr(1, end == std::string_view::npos ? end : end - 1));
      const std::size_t blank = name.find_first_of(" \t");
      section = to_lower(name.substr(0, blank));
      if (blank != std::string_view::npos) {
        std::string_view middle = trim(name.substr(blank));
        if (middle.size() >= 2 && middle.front() == '"') middle = middle.substr(1, middle.size() - 2);
        section += "." + std::string(middle);
      }
      if (end == std::string_view::npos) continue;
      line = trim(line.substr(end + 1));
      if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    }
    const std::size_t equal = line.find('=');
    const std::string key = section + "." + to_lower(trim(line.substr(0, equal)));
    result.push_back({key, equal == std::string_view::npos ? "true" : value_of_line(trim(line.substr(equal + 1)))});
  }
  return result;
}

}  // namespace resident::git
