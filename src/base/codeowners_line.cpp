#include <base/codeowners_line.hpp>
#include <base/text.hpp>

namespace resident {

std::optional<CodeownersLine> codeowners_line(std::string_view line) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  CodeownersLine result;
  line = trim(line);
  for (std::size_t at = 0; at < line.size();) {
    if (is_blank(line[at])) {
      ++at;
      continue;
    }
    if (line[at] == '#') break;
    std::string word;
    for (; at < line.size() && !is_blank(line[at]); ++at) {
      if (line[at] == '\\' && at + 1 < line.size() && (is_blank(line[at + 1]) || line[at + 1] == '#')) ++at;
      word += line[at];
    }
    if (result.pattern.empty())
      result.pattern = std::move(word);
    else
      result.owners.push_back(std::move(word));
  }
  if (result.pattern.empty()) return std::nullopt;
  return result;
}

}  // namespace resident
