#include <algorithm>
#include <array>
#include <git/complexity.hpp>

namespace resident::git {

namespace {

constexpr std::size_t kLargestUnit = 8;
constexpr std::int64_t kUsualUnit = 4;

struct Line {
  std::int64_t spaces = 0, tabs = 0;  // before the text
  bool is_blank = true;
};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

Line read_line(std::string_view text) {
  Line line;
  for (const char c : text) {
    if (!is_space(c)) {
      line.is_blank = false;
      break;
    }
    line.spaces += c == ' ';
    line.tabs += c == '\t';
  }
  return line;
}

template <class Each>
void each_line(std::string_view content, const Each& each) {
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    each(read_line(content.substr(0, end)));
    if (end == std::string_view::npos) return;
    content.remove_prefix(end + 1);
  }
}

}  // namespace

std::int64_t indentation_unit(std::string_view content) {
  std::array<std::int64_t, kLargestUnit + 1> steps{};
  std::int64_t before = 0;
  bool is_known = false;
  each_line(content, [&](const Line& line) {
    if (line.is_blank) return;
    const std::int64_t step = line.spaces - before;
    if (is_known && line.tabs == 0 && step > 0 && step <= static_cast<std::int64_t>(kLargestUnit))
      ++steps[static_cast<std::size_t>(step)];
    before = line.spaces;
    is_known = line.tabs == 0;
  });
  const auto most = std::max_element(steps.rbegin(), steps.rend());  // the larger of equals
  return *most == 0 ? kUsualUnit : std::distance(most, steps.rend()) - 1;
}

Complexity complexity_of(std::string_view content) {
  Complexity result;
  const std::int64_t unit = indentation_unit(content);
  each_line(content, [&](const Line& line) {
    ++result.lines;
    if (line.is_blank) return;
    ++result.code_lines;
    const std::int64_t level = std::min(kMaxLevel, line.tabs + line.spaces / unit);
    result.indentation_total += level;
    result.indentation_max = std::max(result.indentation_max, level);
  });
  return result;
}

}  // namespace resident::git
