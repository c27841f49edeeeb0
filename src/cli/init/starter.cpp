#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cli/init/starter.hpp>
#include <functional>

namespace resident::init {

namespace {

// Text in TOML's basic quotes.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : clean_text(text)) {
    if (letter == '"' || letter == '\\') {
      result += '\\';
      result += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(letter));
    } else {
      result += letter;
    }
  }
  return result + "\"";
}

// Patterns are read best without escapes.
std::string quoted_pattern(const std::string& text) {
  const bool is_plain = std::none_of(
      text.begin(), text.end(), [](char c) { return c == '\'' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return is_plain ? "'" + text + "'" : quoted(text);
}

std::string list_of(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& each : words) result += (result.empty() ? "" : ", ") + quoted(each);
  return "[" + result + "]";
}

// A part of a table's name.
std::string table_key(const std::string& name) {
  const bool is_bare = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return is_bare ? name : quoted(name);
}

// A key that is shown switched off, with what stands without it (of the chosen preset).
struct ShownKey {
  const char* section;  // "": the project's own table
  const char* key;
  const char* remark;
  std::string (*value)(const ProjectConfig&);
};

const std::vector<ShownKey>& shown_keys() {
  static const std::vector<ShownKey> list{
      {"", "maintainers", "Logins of those who may merge. Without it: learnt from who merged in the last two years.",
       [](const ProjectConfig&) {
         return list_of({"ada", "grace"});
       }},
      {"", "bots", "Accounts that are bots, beside those that are found by their names.",
       [](const ProjectConfig& config) {
         return list_of(config.bots.bots.empty() ? std::vector<std::string>{"our-bot"} : config.bots.bots);
       }},
      {"", "release_tags", "Which tags begin a release cycle (a pattern, RE2).",
       [](const ProjectConfig& config) { return quoted_pattern(config.release_tags); }},
      {"review", "required_approvals",
       "How many approvals make it the committer's turn: a number, or auto (found from what the project does).",
       [](const ProjectConfig& config) {
         const int required = config.review.required_approvals;
         return required > 0 ? std::to_string(required) : quoted("auto");
       }},
      {"review", "approval_by_comment",
       "Whether a comment that begins with ACK approves: yes, no, or auto (found from what the project does).",
       [](const ProjectConfig& config) { return quoted(config.review.approval_by_comment); }},
      {"triage", "first_response_days", "Within how many days somebody is promised a first answer.",
       [](const ProjectConfig& config) { return std::to_string(config.triage.first_response_days); }},
      {"triage", "stale_days", "After how many days without activity an issue is stale.",
       [](const ProjectConfig& config) { return std::to_string(config.triage.stale_days); }},
      {"triage", "urgent_labels", "Labels that come first in both queues.",
       [](const ProjectConfig& config) { return list_of(config.triage.urgent_labels); }},
      {"write", "allowed",
       "What `resident plan --apply` may send to the forge once you said yes: label, comment, close and others. "
       "Without it: nothing.",
       [](const ProjectConfig&) {
         return list_of({"label", "comment"});
       }},
  };
  return list;
}

void add_shown(std::string& text, const std::string& section, const ProjectConfig& preset) {
  for (const ShownKey& each : shown_keys()) {
    if (each.section != section) continue;
    text += fmt::format("# {}\n#{} = {}\n", each.remark, each.key, each.value(preset));
  }
}

void add_key(std::string& text, const std::string& key, const std::string& remark, const std::string& value,
             bool is_on) {
  text += fmt::format("# {}\n{}{} = {}\n", remark, is_on ? "" : "#", key, value);
}

void add_modules(std::string& text, const StarterSettings& settings, const std::string& table) {
  if (settings.modules.empty()) return;
  text += fmt::format(
      "\n# The parts of the code that have experts of their own, from {}: the first pattern (RE2) that a path matches "
      "wins.\n",
      one_line(settings.modules_from));
  for (const ModuleRule& rule : settings.modules)
    text += fmt::format("[[{}.modules]]\npattern = {}\nname = {}\n", table, quoted_pattern(rule.pattern),
                        quoted(rule.name));
}

}  // namespace

std::string starter_text(const StarterSettings& settings) {
  const std::string table = "project." + table_key(settings.name);
  const ProjectConfig preset =
      Config::parse(fmt::format("[project.x]\npreset = {}\n", quoted(settings.preset)), "preset").project("x");
  std::string text =
      "# Settings of Resident for this project, begun by `resident init`. A line that begins with # is off and shows "
      "what\n# counts without it, or an example. Every key: docs/guide/configuration.md. A token never stands here.\n";
  text += fmt::format("\n[{}]\n", table);
  std::string presets;
  for (const std::string& each : preset_names()) presets += (presets.empty() ? "" : ", ") + each;
  add_key(text, "preset",
          fmt::format("The settings to start from ({}). Here: {}.", presets, one_line(settings.preset_reason)),
          quoted(settings.preset), true);
  add_key(text, "url", "Address of the repository, for links.",
          quoted(settings.url.empty() ? "https://HOST/OWNER/NAME" : settings.url), !settings.url.empty());
  add_key(text, "me", "Your login at the forge: what waits for you comes first in Today, your week in the report.",
          quoted(settings.me.empty() ? "login" : settings.me), !settings.me.empty());
  if (settings.modules.empty())
    text += "# Modules, the parts of the code that have experts, are folders; [[" + table +
            ".modules]] says it otherwise.\n";
  add_shown(text, "", preset);
  std::string section;
  for (const ShownKey& each : shown_keys()) {
    if (each.section == section || each.section[0] == '\0') continue;
    section = each.section;
    text += fmt::format("\n[{}.{}]\n", table, section);
    add_shown(text, section, preset);
  }
  add_modules(text, settings, table);
  if (!settings.forge_host.empty())
    text += fmt::format("\n[forge.{}]\n# What runs there: its name does not say it.\nkind = {}\n",
                        quoted(settings.forge_host), quoted(settings.forge_kind));
  return text;
}

std::vector<std::string> starter_keys() {
  std::vector<std::string> keys{"preset", "url", "me", "modules"};
  for (const ShownKey& each : shown_keys())
    keys.push_back(each.section[0] == '\0' ? std::string(each.key) : fmt::format("{}.{}", each.section, each.key));
  return keys;
}

std::string difference_of(const std::string& before, const std::string& after) {
  if (before == after) return {};
  constexpr std::size_t kMostLines = 2000;  // of each: a table of their products is kept
  auto old_lines = split(before, '\n'), new_lines = split(after, '\n');
  for (auto* lines : {&old_lines, &new_lines})
    if (!lines->empty() && lines->back().empty()) lines->pop_back();
  if (old_lines.size() > kMostLines || new_lines.size() > kMostLines)
    return fmt::format("{} lines there, {} here\n", old_lines.size(), new_lines.size());
  // The longest common subsequence: files of a screen or two.
  const std::size_t width = new_lines.size() + 1;
  std::vector<std::uint16_t> longest((old_lines.size() + 1) * width, 0);
  for (std::size_t i = old_lines.size(); i-- > 0;)
    for (std::size_t j = new_lines.size(); j-- > 0;)
      longest[i * width + j] = old_lines[i] == new_lines[j]
                                   ? static_cast<std::uint16_t>(longest[(i + 1) * width + j + 1] + 1)
                                   : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  std::vector<std::string> lines;
  const auto add = [&](char sign, std::string_view line) { lines.push_back(sign + one_line(line)); };
  std::size_t i = 0, j = 0;
  while (i < old_lines.size() || j < new_lines.size()) {
    if (i < old_lines.size() && j < new_lines.size() && old_lines[i] == new_lines[j]) {
      add(' ', old_lines[i]);
      ++i, ++j;
    } else if (i < old_lines.size() &&
               (j == new_lines.size() || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      add('-', old_lines[i++]);
    } else {
      add('+', new_lines[j++]);
    }
  }
  // Two lines around each change are enough to see where it is.
  constexpr std::size_t kAround = 2;
  std::string text;
  std::size_t shown_to = 0;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].front() == ' ') continue;
    const std::size_t from = std::max(shown_to, at > kAround ? at - kAround : 0);
    if (from > shown_to && !text.empty()) text += "…\n";
    const std::size_t to = std::min(lines.size(), at + kAround + 1);
    for (std::size_t each = from; each < to; ++each) text += lines[each] + "\n";
    shown_to = std::max(shown_to, to);
  }
  return text;
}

}  // namespace resident::init
