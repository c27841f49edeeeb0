#include <algorithm>
#include <analyses/triage/reported.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <set>
#include <utility>
#include <vector>

namespace resident {

namespace {

constexpr std::size_t kBold = 7, kColon = 8;  // levels of headings that are none to Markdown

// How deep a heading it is: 1 to 6 by "#", then bold lines, then "Steps to reproduce the behavior:"; 0: none.
std::size_t heading_level(std::string_view line) {
  constexpr std::size_t kLongest = 80;
  const std::size_t signs = std::min(line.find_first_not_of('#'), line.size());
  if (signs > 0 && signs <= 6 && (signs == line.size() || line[signs] == ' ')) return signs;
  if (line.size() > kLongest) return 0;
  if (line.size() > 4 && line.starts_with("**") && (line.ends_with("**") || line.ends_with("**:"))) return kBold;
  static const Pattern field(R"((?i)^[\w ]*(?:steps|reproduc|repro\b|version|behaviou?r)[\w ]*:$)");
  return field.found_in(line) ? kColon : 0;
}

bool is_placeholder(std::string_view line) {
  static const Pattern placeholder(
      R"((?i)^(?:_no response_|no response|n/?a|none|-|\d[.)]|(?:\d[.)]|[-*])?\s*(?:go to|click on|scroll down to)\s*['"‘“]\.{2,}['"’”]|\d[.)] (?:see error|\.{2,}|…))$)");
  return placeholder.found_in(line);
}

std::string without_comments(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find("<!--", at);
    result += text.substr(at, begin - at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = text.find("-->", begin);
    if (end == std::string_view::npos) break;
    at = end + 3;
  }
  return result;
}

}  // namespace

std::string without_blank_fields(std::string_view body) {
  static const Pattern example(R"((?i)\[e\.g\.[^\]\n]*\]|\(e\.g\.[^)\n]*\))");
  const std::string text = without_comments(body);
  std::string result;
  std::vector<std::pair<std::size_t, std::string_view>> headings;  // of which nothing stands below yet
  bool in_code = false;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view plain = trim(line);
    const bool is_fence = plain.starts_with("```") || plain.starts_with("~~~");
    if (is_fence) in_code = !in_code;
    if (!in_code && !is_fence) {
      if (plain.empty()) {
        result += '\n';
        continue;
      }
      if (const std::size_t level = heading_level(plain); level != 0) {
        std::erase_if(headings, [&](const auto& each) { return each.first >= level; });
        headings.emplace_back(level, line);
        continue;
      }
      if (is_placeholder(plain)) continue;
    }
    for (const auto& [level, heading] : headings) (result += heading) += '\n';
    headings.clear();
    std::string kept(line);
    if (!in_code && !is_fence) example.replace_all(kept, "");
    (result += kept) += '\n';
  }
  return result;
}

std::unordered_set<std::int64_t> assigned_items(const Context& context) {
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const auto rows = context.database.query("SELECT item_id, assignee_id FROM assignee WHERE project_id = :project",
                                                {{"project", context.project_id}});
       rows->next();)
    pairs.emplace(rows->integer(0), rows->integer(1));
  // What came later undone, the newest first.
  for (const auto rows = context.database.query(
           "SELECT item_id, subject_id, kind FROM event WHERE project_id = :project AND kind IN ('assigned', "
           "'unassigned') AND occurred_at > :as_of AND subject_id IS NOT NULL ORDER BY occurred_at DESC, position DESC",
           context.parameters());
       rows->next();) {
    const std::pair pair{rows->integer(0), rows->integer(1)};
    if (rows->text(2) == "assigned")
      pairs.erase(pair);
    else
      pairs.insert(pair);
  }
  std::unordered_set<std::int64_t> items;
  for (const auto& pair : pairs) items.insert(pair.first);
  return items;
}

}  // namespace resident
