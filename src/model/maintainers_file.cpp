#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <model/maintainers_file.hpp>
#include <optional>

namespace resident {

namespace {

constexpr std::size_t kMostPatterns = 200'000;

int slashes(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '/'));
}

struct PathPattern {
  std::string prefix;              // the pattern itself, where nothing in it is special
  std::optional<Pattern> regular;  // else
  bool is_folder = false;
  int slashes_in = 0, depth = 0;

  bool fits(std::string_view path) const {
    if (!is_folder && slashes(path) != slashes_in) return false;
    if (!regular) return path.starts_with(prefix);
    std::string_view rest = path;
    return regular->take_front(rest);
  }
};

// As read_maintainer_file() makes a regular expression of it.
std::optional<PathPattern> path_pattern(const std::string& value) {
  PathPattern pattern;
  pattern.is_folder = value.ends_with('/');
  pattern.slashes_in = slashes(value);
  pattern.depth = value.starts_with('*') ? -1 : pattern.slashes_in + (pattern.is_folder ? 0 : 1);
  if (value.find_first_of("*?[]()+{}|^$\\") == std::string::npos) {
    pattern.prefix = value;
    return pattern;
  }
  std::string expression;
  for (const char c : value) expression += c == '.' ? "\\." : c == '*' ? ".*" : c == '?' ? "." : std::string(1, c);
  if (!Pattern::fault_of(expression).empty()) return std::nullopt;
  pattern.regular.emplace(expression);
  return pattern;
}

// Perl's /x: blanks outside of brackets, and what follows "#", are not of the expression.
std::optional<Pattern> loose_pattern(const std::string& value) {
  std::string expression;
  bool in_brackets = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      expression.append(value, i++, 2);
      continue;
    }
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if (!in_brackets && (c == ' ' || c == '\t')) continue;
    if (!in_brackets && c == '#') break;
    expression += c;
  }
  if (expression.empty() || !Pattern::fault_of(expression).empty()) return std::nullopt;
  return Pattern(expression);
}

}  // namespace

struct MaintainersFile::Section {
  MaintainerSection said;
  std::vector<PathPattern> files, excluded;
  std::vector<Pattern> names, keywords;
};

MaintainersFile::MaintainersFile(const Context& context, const People& people) {
  std::size_t patterns = 0;
  std::string before;
  for (const auto rows = context.database.query("SELECT section, kind, value, identity_id FROM maintainer_line WHERE "
                                                "project_id = :project ORDER BY source_id, "
                                                "position",
                                                {{"project", context.project_id}});
       rows->next();) {
    if (sections_.empty() || before != rows->text(0)) {
      before = rows->string(0);
      sections_.emplace_back();
      sections_.back().said.name = before;
    }
    Section& section = sections_.back();
    const std::string_view kind = rows->text(1);
    const std::string value = rows->string(2);
    if (kind == "M" || kind == "R") {
      if (const std::int64_t person = people.person(rows->optional_integer(3)); person != 0)
        (kind == "M" ? section.said.maintainers : section.said.reviewers).push_back(person);
    } else if (kind == "S") {
      section.said.status = value;
    } else if (++patterns > kMostPatterns || value.empty()) {
      continue;
    } else if (kind == "F" || kind == "X") {
      if (auto pattern = path_pattern(value))
        (kind == "F" ? section.files : section.excluded).push_back(std::move(*pattern));
    } else if (kind == "N" || kind == "K") {
      if (auto pattern = loose_pattern(value))
        (kind == "N" ? section.names : section.keywords).push_back(std::move(*pattern));
    }
  }
}

MaintainersFile::~MaintainersFile() = default;

bool MaintainersFile::is_empty() const {
  return sections_.empty();
}

bool MaintainersFile::has_keywords() const {
  return std::any_of(sections_.begin(), sections_.end(), [](const Section& each) { return !each.keywords.empty(); });
}

std::vector<MaintainerSection> MaintainersFile::sections_of(const std::vector<std::string>& paths,
                                                            std::string_view diff) const {
  std::vector<MaintainerSection> result;
  for (const Section& section : sections_) {
    std::optional<int> depth;
    char by = 'F';
    for (const std::string& path : paths) {
      const auto fits = [&](const PathPattern& each) { return each.fits(path); };
      if (std::any_of(section.excluded.begin(), section.excluded.end(), fits)) continue;
      for (const PathPattern& each : section.files)
        if (each.fits(path) && each.depth > depth.value_or(-2)) depth = each.depth, by = 'F';
      if (!depth && std::any_of(section.names.begin(), section.names.end(),
                                [&](const Pattern& each) { return each.found_in(path); }))
        depth = 0, by = 'N';
    }
    if (!depth && !diff.empty())
      for (std::string_view rest = diff; !rest.empty() && !depth;) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (!line.starts_with('+') && !line.starts_with('-')) continue;
        if (std::any_of(section.keywords.begin(), section.keywords.end(),
                        [&](const Pattern& each) { return each.found_in(line.substr(1)); }))
          depth = -2, by = 'K';
      }
    if (!depth) continue;
    result.push_back(section.said);
    result.back().depth = *depth;
    result.back().by = by;
  }
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.depth > b.depth; });
  return result;
}

}  // namespace resident
