#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cli/init/module_files.hpp>
#include <optional>

namespace resident::init {

namespace {

// As owner_pattern_matches() has them.
constexpr std::size_t kLongestGlob = 500;
constexpr std::ptrdiff_t kMostStars = 8;
constexpr std::size_t kLongestName = 80;

void add_literal(std::string& pattern, char letter) {
  if (std::string_view(R"(\.+*?()|[]{}^$)").find(letter) != std::string_view::npos) pattern += '\\';
  pattern += letter;
}

// Stars and question marks stop at a slash, "**" does not.
std::string body_of_glob(std::string_view glob) {
  std::string pattern;
  for (std::size_t at = 0; at < glob.size();) {
    const std::string_view rest = glob.substr(at);
    if (rest.starts_with("**/")) {
      pattern += at == 0 || glob[at - 1] == '/' ? "(?:.*/)?" : ".*/";
      at += 3;
    } else if (rest.starts_with("**")) {
      pattern += ".*";
      at += 2;
    } else if (rest.front() == '*') {
      pattern += "[^/]*";
      ++at;
    } else if (rest.front() == '?') {
      pattern += "[^/]";
      ++at;
    } else {
      add_literal(pattern, rest.front());
      ++at;
    }
  }
  return pattern;
}

// A name for people: the path without what is a pattern in it.
std::string name_of_glob(std::string_view glob) {
  while (glob.starts_with('/')) glob.remove_prefix(1);
  while (glob.starts_with("**/")) glob.remove_prefix(3);
  bool cut = true;
  while (cut) {
    cut = false;
    for (const std::string_view end : {"/**", "/*", "/", "**"})
      if (glob.ends_with(end) && glob.size() > end.size()) {
        glob.remove_suffix(end.size());
        cut = true;
      }
  }
  return one_line(clean_text(glob, kLongestName));
}

// The name may hold backslashes only where they are meant for groups.
std::string module_name(std::string name) {
  std::erase(name, '\\');
  return std::string(trim(name));
}

// The first word and the rest; "\ " and "\#" belong to it. takes_any: a backslash takes whatever follows as it is, as
// Gitea has it: "\\." is a dot.
std::pair<std::string, std::string_view> first_word(std::string_view line, bool takes_any) {
  std::string word;
  std::size_t at = 0;
  for (; at < line.size() && line[at] != ' ' && line[at] != '\t'; ++at) {
    if (line[at] == '\\' && at + 1 < line.size() && (takes_any || line[at + 1] == ' ' || line[at + 1] == '#')) ++at;
    word += line[at];
  }
  return {word, trim(line.substr(at))};
}

// "[Name]", "^[Name][2] @owner": a section of GitLab's.
std::optional<std::string> section_name(std::string_view line) {
  if (line.starts_with('^')) line.remove_prefix(1);
  if (!line.starts_with('[')) return std::nullopt;
  const std::size_t end = line.find(']');
  if (end == std::string_view::npos || end < 2) return std::nullopt;
  return one_line(clean_text(trim(line.substr(1, end - 1)), kLongestName));
}

}  // namespace

std::string pattern_of_glob(std::string_view glob) {
  if (glob.empty() || glob.size() > kLongestGlob || std::count(glob.begin(), glob.end(), '*') > kMostStars) return {};
  const bool is_folder = glob.ends_with('/');
  if (is_folder) glob.remove_suffix(1);
  const bool is_anchored = glob.find('/') != std::string_view::npos;
  if (glob.starts_with('/')) glob.remove_prefix(1);
  if (glob.empty()) return {};
  const bool is_whole = glob.ends_with("/*");
  return fmt::format("{}{}{}", is_anchored ? "^" : "(?:^|/)", body_of_glob(glob),
                     is_folder  ? "/"
                     : is_whole ? "$"
                                : "(?:/|$)");
}

ModuleSuggestion modules_of_codeowners(const std::string& file, std::string_view text, bool are_expressions) {
  ModuleSuggestion result{file, {}, 0};
  std::string section;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.empty() || line.front() == '#') continue;
    if (!are_expressions)
      if (const auto name = section_name(line)) {
        section = *name;
        continue;
      }
    const auto [word, owners] = first_word(line, are_expressions);
    // What is everybody's is no part, and "!" takes something out of a part.
    if (word == "*" || word == "**" || word == "/" || word == ".*") continue;
    std::string pattern;
    if (!word.starts_with('!')) pattern = are_expressions ? fmt::format("^(?:{})$", word) : pattern_of_glob(word);
    const std::string name = module_name(section.empty() ? name_of_glob(word) : section);
    if (pattern.empty() || name.empty() || !is_clean_text(pattern) || !Pattern::fault_of(pattern).empty() ||
        result.rules.size() >= kMostRules) {
      ++result.left_out;
      continue;
    }
    result.rules.push_back({pattern, name});
  }
  // There the last line that matches wins.
  std::reverse(result.rules.begin(), result.rules.end());
  return result;
}

ModuleSuggestion modules_of_maintainers(const std::string& file, std::string_view text) {
  struct Place {
    std::string glob, name;
  };
  ModuleSuggestion result{file, {}, 0};
  std::vector<Place> places;
  std::string title;
  const auto is_field = [](std::string_view line) {
    return line.size() > 2 && line[0] >= 'A' && line[0] <= 'Z' && line[1] == ':';
  };
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view words = trim(line);
    if (words.empty()) continue;
    if (!is_field(line)) {
      // A heading is underlined, and no section.
      if (words.find_first_not_of("-=~") != std::string_view::npos)
        title = module_name(one_line(clean_text(words, kLongestName)));
      continue;
    }
    if (line[0] != 'F') continue;
    const std::string glob(trim(line.substr(2)));
    if (glob == "*" || glob == "*/" || title.empty()) continue;
    places.push_back({glob, title});
  }
  // Sections overlap; the narrowest is the part that people speak of.
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.glob.size() > b.glob.size(); });
  for (const Place& place : places) {
    // Paths start at the top, as they stand.
    const std::string pattern = pattern_of_glob(place.glob.starts_with('/') ? place.glob : "/" + place.glob);
    if (pattern.empty() || !is_clean_text(pattern) || !Pattern::fault_of(pattern).empty() ||
        result.rules.size() >= kMostRules)
      ++result.left_out;
    else
      result.rules.push_back({pattern, place.name});
  }
  return result;
}

}  // namespace resident::init
