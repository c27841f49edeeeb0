#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <charconv>
#include <sources/mail/bugs/debbugs_commands.hpp>

namespace resident::mail {

namespace {

constexpr std::size_t kLongestLine = 2000, kMostBugs = 200;

std::optional<std::int64_t> bug_number(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number == 0 || number > 999'999'999) return {};
  return number;
}

// Words between blanks and, where they may stand, commas.
std::vector<std::string_view> words_of(std::string_view text, std::string_view between) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(between);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return words;
}

bool takes_bugs(std::string_view text, std::vector<std::int64_t>& bugs, std::string_view between) {
  for (const auto word : words_of(text, between)) {
    const auto number = bug_number(word);
    if (!number || bugs.size() >= kMostBugs) return false;
    bugs.push_back(*number);
  }
  return !bugs.empty();
}

// "+ patch - moreinfo", "= patch", "patch": each with the sign before it; the first sign counts if there is none.
std::vector<std::string> signed_words(std::string_view text) {
  std::vector<std::string> result;
  char sign = '+';
  for (std::string_view word : words_of(text, " \t,")) {
    if (std::string_view("+-=").find(word.front()) != std::string_view::npos) {
      sign = word.front();
      if (sign == '=') result.assign(1, "=");
      word.remove_prefix(1);
      if (sign == '=') sign = '+';
    }
    if (!word.empty()) result.push_back(sign + std::string(word));
  }
  return result;
}

bool is_version(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+-:~/") ==
             std::string_view::npos;
}

// What stands behind the number; false where it does not fit the command.
bool take_rest(std::string_view rest, BugCommand& command) {
  const std::string& name = command.name;
  const auto all_versions = [&] {
    for (const auto word : words_of(rest, " \t,")) {
      if (!is_version(word)) return false;
      command.values.emplace_back(word);
    }
    return true;
  };
  if (name == "close") {
    if (!rest.empty() && !(rest[0] >= '0' && rest[0] <= '9')) return false;
    if (!rest.empty()) command.values.emplace_back(rest);
    return true;
  }
  if (name == "found") return all_versions();
  if (name == "notfound" || name == "fixed" || name == "notfixed") return all_versions() && !command.values.empty();
  if (name == "merge" || name == "forcemerge") return takes_bugs(rest, command.others, " \t");
  if (name == "clone") return takes_bugs(rest, command.others, " \t");
  if (name == "block" || name == "unblock") {
    const std::size_t blank = std::min(rest.find_first_of(" \t"), rest.size());
    const std::string word = to_lower(rest.substr(0, blank));
    return (word == "by" || word == "with") && takes_bugs(rest.substr(blank), command.others, " \t,");
  }
  if (name == "tags" || name == "usertags" || name == "affects") {
    command.values = signed_words(rest);
    return name == "affects" || !command.values.empty();
  }
  if (name == "severity") {
    static constexpr std::array<std::string_view, 7> kSeverities{"critical", "grave", "serious", "important",
                                                                 "normal",   "minor", "wishlist"};
    const std::string value = to_lower(rest);
    command.values.push_back(value);
    return std::find(kSeverities.begin(), kSeverities.end(), value) != kSeverities.end();
  }
  if (name == "reassign") {
    // "a, b" are packages; of "a 1.2-1" the second is a version.
    const bool has_several = rest.find(',') != std::string_view::npos;
    const auto words = words_of(rest, " \t,");
    if (words.empty() || (!has_several && words.size() > 2)) return false;
    for (const auto word : words) {
      std::string value = command.values.empty() || has_several ? to_lower(word) : std::string(word);
      if (value.starts_with("source:")) value = "src:" + value.substr(7);
      command.values.push_back(std::move(value));
    }
    if (has_several) command.values = {fmt::format("{}", fmt::join(command.values, ", "))};
    return true;
  }
  if (name == "unmerge" || name == "notforwarded" || name == "noowner") return rest.empty();
  if (name == "reopen") {
    command.values.emplace_back(rest);
    return true;
  }
  // retitle, forwarded, owner, submitter
  if (rest.empty()) return false;
  command.values.emplace_back(rest);
  return true;
}

// Letters come before all else, a tilde before the end.
int order_of(char c) {
  if (c == '~') return -1;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return c;
  return c == 0 || (c >= '0' && c <= '9') ? 0 : c + 256;
}

int compare_parts(std::string_view a, std::string_view b) {
  const auto is_digit = [](std::string_view text) { return !text.empty() && text[0] >= '0' && text[0] <= '9'; };
  while (!a.empty() || !b.empty()) {
    while ((!a.empty() && !is_digit(a)) || (!b.empty() && !is_digit(b))) {
      const int x = order_of(a.empty() ? '\0' : a[0]), y = order_of(b.empty() ? '\0' : b[0]);
      if (x != y) return x - y;
      if (!a.empty()) a.remove_prefix(1);
      if (!b.empty()) b.remove_prefix(1);
    }
    while (a.starts_with('0')) a.remove_prefix(1);
    while (b.starts_with('0')) b.remove_prefix(1);
    int difference = 0;
    while (is_digit(a) && is_digit(b)) {
      if (difference == 0) difference = a[0] - b[0];
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    if (is_digit(a)) return 1;
    if (is_digit(b)) return -1;
    if (difference != 0) return difference;
  }
  return 0;
}

struct VersionParts {
  std::int64_t epoch = 0;
  std::string_view upstream, revision;
};

VersionParts parts_of(std::string_view version) {
  VersionParts parts;
  if (const std::size_t colon = version.find(':'); colon != std::string_view::npos) {
    std::from_chars(version.data(), version.data() + colon, parts.epoch);
    version.remove_prefix(colon + 1);
  }
  const std::size_t dash = version.rfind('-');
  parts.upstream = version.substr(0, dash);
  if (dash != std::string_view::npos) parts.revision = version.substr(dash + 1);
  return parts;
}

}  // namespace

std::optional<BugCommand> parse_command(std::string_view line) {
  line = trim(line.substr(0, kLongestLine));
  const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
  BugCommand command;
  command.name = to_lower(line.substr(0, blank));
  std::string_view rest = trim(line.substr(blank));
  if (command.name == "tag" || command.name == "usertag" || command.name == "affect") command.name += "s";
  if (command.name == "priority") command.name = "severity";
  static constexpr std::array<std::string_view, 23> kKnown{
      "close",        "reopen", "found",      "notfound", "fixed",   "notfixed", "reassign", "severity",
      "tags",         "merge",  "forcemerge", "unmerge",  "block",   "unblock",  "retitle",  "forwarded",
      "notforwarded", "owner",  "noowner",    "clone",    "affects", "usertags", "submitter"};
  if (std::find(kKnown.begin(), kKnown.end(), command.name) == kKnown.end()) return std::nullopt;
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const auto number = bug_number(rest.substr(0, end));
  if (!number) return std::nullopt;
  command.bug = *number;
  if (!take_rest(trim(rest.substr(end)), command)) return std::nullopt;
  return command;
}

bool ends_commands(std::string_view line) {
  static const Pattern end(R"((?i)^(?:stop|quit|--|thank(?:s|\s*you)?|kthxbye)\.*\s*$)");
  return end.found_in(line.substr(0, kLongestLine));
}

int compare_versions(std::string_view a, std::string_view b) {
  const VersionParts x = parts_of(a), y = parts_of(b);
  if (x.epoch != y.epoch) return x.epoch < y.epoch ? -1 : 1;
  if (const int upstream = compare_parts(x.upstream, y.upstream); upstream != 0) return upstream;
  return compare_parts(x.revision, y.revision);
}

}  // namespace resident::mail
