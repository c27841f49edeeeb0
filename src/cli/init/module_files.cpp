#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cctype>
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

// "[ch]" at the beginning of the text, as MAINTAINERS has it; "" for none.
std::string_view class_at(std::string_view text) {
  const std::size_t end = text.find(']');
  if (!text.starts_with('[') || end == std::string_view::npos || end < 2) return {};
  for (const char c : text.substr(1, end - 1))
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') return {};
  return text.substr(0, end + 1);
}

// Stars and question marks stop at a slash, "**" does not.
std::string body_of_glob(std::string_view glob, bool has_classes) {
  std::string pattern;
  for (std::size_t at = 0; at < glob.size();) {
    const std::string_view rest = glob.substr(at);
    const std::string_view one_of = has_classes ? class_at(rest) : std::string_view();
    if (!one_of.empty()) {
      pattern += one_of;
      at += one_of.size();
    } else if (rest.starts_with("**/")) {
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

// One line of such a file: what it says of paths, as a pattern and as it is written.
struct OwnedPlace {
  std::string pattern, written, name;
  bool is_folder() const { return written.ends_with('/'); }
};

// More rules than are worth their time are too many: folders say most, and among them those near the top. In the order
// given; those left out are counted.
void take_rules(std::vector<OwnedPlace> places, ModuleSuggestion& result) {
  const auto drop = [&](const auto& is_one) {
    const std::size_t before = places.size();
    std::erase_if(places, is_one);
    result.left_out += before - places.size();
  };
  if (places.size() > kMostRules) drop([](const OwnedPlace& each) { return !each.is_folder(); });
  const auto depth = [](const OwnedPlace& each) { return std::count(each.written.begin(), each.written.end(), '/'); };
  while (places.size() > kMostRules) {
    std::ptrdiff_t deepest = 0;
    for (const OwnedPlace& each : places) deepest = std::max(deepest, depth(each));
    const bool is_flat =
        std::all_of(places.begin(), places.end(), [&](const auto& each) { return depth(each) == deepest; });
    if (is_flat) {
      result.left_out += places.size() - kMostRules;
      places.resize(kMostRules);
    } else {
      drop([&](const OwnedPlace& each) { return depth(each) == deepest; });
    }
  }
  for (OwnedPlace& each : places) result.rules.push_back({std::move(each.pattern), std::move(each.name)});
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

std::string pattern_of_glob(std::string_view glob, bool has_classes) {
  if (glob.empty() || glob.size() > kLongestGlob || std::count(glob.begin(), glob.end(), '*') > kMostStars) return {};
  const bool is_folder = glob.ends_with('/');
  if (is_folder) glob.remove_suffix(1);
  const bool is_anchored = glob.find('/') != std::string_view::npos;
  if (glob.starts_with('/')) glob.remove_prefix(1);
  if (glob.empty()) return {};
  const bool is_whole = glob.ends_with("/*");
  return fmt::format("{}{}{}", is_anchored ? "^" : "(?:^|/)", body_of_glob(glob, has_classes),
                     is_folder  ? "/"
                     : is_whole ? "$"
                                : "(?:/|$)");
}

ModuleSuggestion modules_of_codeowners(const std::string& file, std::string_view text, bool are_expressions) {
  ModuleSuggestion result{file, {}, 0};
  std::vector<OwnedPlace> places;
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
    if (pattern.empty() || name.empty() || !is_clean_text(pattern) || !Pattern::fault_of(pattern).empty())
      ++result.left_out;
    else
      places.push_back({pattern, word, name});
  }
  // There the last line that matches wins.
  std::reverse(places.begin(), places.end());
  take_rules(std::move(places), result);
  return result;
}

ModuleSuggestion modules_of_maintainers(const std::string& file, std::string_view text) {
  ModuleSuggestion result{file, {}, 0};
  std::vector<OwnedPlace> places;
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
    // Paths start at the top, as they stand.
    const std::string pattern = pattern_of_glob(glob.starts_with('/') ? glob : "/" + glob, true);
    if (pattern.empty() || !is_clean_text(pattern) || !Pattern::fault_of(pattern).empty())
      ++result.left_out;
    else
      places.push_back({pattern, glob, title});
  }
  // Sections overlap; the narrowest is the part that people speak of.
  std::stable_sort(places.begin(), places.end(),
                   [](const OwnedPlace& a, const OwnedPlace& b) { return a.written.size() > b.written.size(); });
  take_rules(std::move(places), result);
  return result;
}

}  // namespace resident::init
