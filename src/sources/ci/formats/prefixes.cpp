#include <algorithm>
#include <array>
#include <sources/ci/formats/any_log.hpp>
#include <sources/ci/formats/format.hpp>
#include <sources/ci/formats/prefixes.hpp>
#include <sources/ci/formats/text_lines.hpp>

namespace resident::ci {

namespace {

// Do nearly all lines of the begin of the text, that are not blank, begin so?
bool is_usual(std::string_view text, const Pattern& begin) {
  constexpr std::size_t kFewest = 4;
  std::size_t lines = 0, with = 0;
  std::string_view head = text.substr(0, kSniffed);
  if (head.size() < text.size()) head = head.substr(0, head.rfind('\n') + 1);
  each_line(head, [&](std::string_view line) {
    if (trim(line).empty()) return;
    ++lines;
    std::string_view rest = line;
    with += begin.take_front(rest) ? 1 : 0;
  });
  return lines >= kFewest && with * 20 >= lines * 19;
}

const Pattern& time_at_begin() {
  // Before it `gh run view --log` has the job and the step.
  static const Pattern pattern(
      R"((?:[^\t\n]*\t[^\t\n]*\t)?\[?[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\]?(?: [0-9]{2}[OE][+ ]| |$))");
  return pattern;
}

}  // namespace

std::optional<std::string> without_times(std::string_view text) {
  if (text.empty() || !is_usual(text, time_at_begin())) return std::nullopt;
  std::string plain;
  plain.reserve(text.size());
  each_line(text, [&](std::string_view line) {
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    (void)time_at_begin().take_front(line);
    plain.append(line) += '\n';
  });
  return plain;
}

std::vector<std::pair<std::string, std::string>> by_speaker(std::string_view text) {
  static const std::array<Pattern, 3> kBegins{
      Pattern(R"((?:\x1b\[[0-9;]*m)*\[([\w@/.:-]+)\](?:\x1b\[[0-9;]*m)*(?: |$))"),
      Pattern(R"((?:\x1b\[[0-9;]*m)*([\w@/.-]+) +\|(?:\x1b\[[0-9;]*m)*(?: |$))"),
      Pattern(R"((?:\x1b\[[0-9;]*m)*(@?[\w/.-]+:[A-Za-z][\w-]*):(?:\x1b\[[0-9;]*m)*(?: |$))")};
  std::vector<std::pair<std::string, std::string>> parts;
  const auto begin =
      std::find_if(kBegins.begin(), kBegins.end(), [&](const Pattern& each) { return is_usual(text, each); });
  if (begin == kBegins.end()) return parts;
  constexpr std::size_t kMost = 100;
  each_line(text, [&](std::string_view line) {
    std::string speaker;
    if (!begin->take_front(line, &speaker)) return;
    auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& each) { return each.first == speaker; });
    if (found == parts.end()) {
      if (parts.size() >= kMost) return;
      found = parts.insert(parts.end(), {speaker, ""});
    }
    found->second.append(line) += '\n';
  });
  // "[INFO] …" of Maven and "[PASS] adds" are levels and outcomes, and nobody's name.
  constexpr std::array<std::string_view, 8> kLevels{"info",  "warn",  "warning", "debug",
                                                    "trace", "fatal", "notice",  "error"};
  for (const auto& [speaker, lines] : parts) {
    const std::string word = to_lower(speaker);
    if (status_word(word) || std::find(kLevels.begin(), kLevels.end(), word) != kLevels.end()) return {};
  }
  return parts;
}

}  // namespace resident::ci
