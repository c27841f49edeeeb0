#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <config/bots.hpp>
#include <text/commands.hpp>
#include <vector>

namespace resident {

namespace {

template <std::size_t Size>
bool one_of(std::string_view word, const std::array<std::string_view, Size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// At blanks; in lower case.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' '))
    if (const std::string_view text = trim(word); !text.empty()) words.push_back(to_lower(text));
  return words;
}

bool ends_as_prose(std::string_view line) {
  return !line.empty() && std::string_view(".?!:;,").find(line.back()) != std::string_view::npos;
}

// "@cyd", "cyd,bea": logins, at commas.
void take_names(std::string_view word, std::set<std::string>& names) {
  for (std::string_view each : split(word, ',')) {
    each = trim(each);
    if (each.starts_with('@')) each.remove_prefix(1);
    while (!each.empty() && !is_name_byte(each.back())) each.remove_suffix(1);
    if (!each.empty() && each != "ghost" && each != "me") names.insert(to_lower(each));
  }
}

MachineCommand call_of(const std::vector<std::string>& words, std::size_t from, bool with_sign) {
  MachineCommand command{CommandAct::call, {}};
  for (std::size_t i = from; i < words.size(); ++i)
    if (!with_sign || words[i].starts_with('@')) take_names(words[i], command.names);
  if (command.names.empty()) command.act = CommandAct::other;
  return command;
}

// "/name …" of Prow and those that are like it.
std::optional<MachineCommand> slash_command(std::string_view line) {
  // What stands at the beginning of a line in prose: folders.
  static constexpr std::array<std::string_view, 14> kFolders{"tmp", "etc", "usr",  "var", "home", "dev", "proc",
                                                             "sys", "opt", "root", "lib", "bin",  "mnt", "data"};
  constexpr std::size_t kFewWords = 4;
  const std::vector<std::string> words = words_of(line);
  if (words.empty()) return std::nullopt;
  const std::string_view name = std::string_view(words[0]).substr(1);
  if (name.empty() || name[0] < 'a' || name[0] > 'z' || !std::all_of(name.begin(), name.end(), is_name_byte))
    return std::nullopt;
  const bool cancels = words.size() > 1 && words[1] == "cancel";
  if (name == "lgtm" || name == "approve")
    return MachineCommand{cancels ? CommandAct::take_back : CommandAct::approve, {}};
  if (name == "remove-lgtm" || name == "remove-approve") return MachineCommand{CommandAct::take_back, {}};
  if (name == "hold") return MachineCommand{cancels ? CommandAct::release : CommandAct::hold, {}};
  if (name == "unhold" || name == "remove-hold") return MachineCommand{CommandAct::release, {}};
  if (name == "cc" || name == "assign") return call_of(words, 1, true);
  if (one_of(name, kFolders) || words.size() > kFewWords || ends_as_prose(line)) return std::nullopt;
  return MachineCommand{};
}

// Of the words behind the name of a bors: the one that decides.
std::optional<MachineCommand> bors_command(const std::vector<std::string>& words, std::size_t from) {
  static constexpr std::array<std::string_view, 14> kOthers{"try",  "try-",     "retry", "ping",   "d+",
                                                            "d-",   "cancel",   "p",     "rollup", "treeclosed-",
                                                            "info", "delegate", "clean", "rollup-"};
  bool is_command = false;
  for (std::size_t i = from; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "r+" || word == "merge" || word == "r+," || word == "r+.")
      return MachineCommand{CommandAct::approve, {}};
    if (word == "r-" || word == "merge-") return MachineCommand{CommandAct::take_back, {}};
    if (word.starts_with("r=") || word.starts_with("merge=")) {
      MachineCommand command{CommandAct::approve, {}};
      take_names(word.substr(word.find('=') + 1), command.names);
      return command;
    }
    is_command = is_command || one_of(word, kOthers) || word.starts_with("p=") || word.starts_with("d=") ||
                 word.starts_with("delegate") || word.starts_with("rollup") || word.starts_with("treeclosed=");
    // The first word says whether it is a command at all.
    if (!is_command) return std::nullopt;
  }
  return is_command ? std::optional(MachineCommand{}) : std::nullopt;
}

bool is_bors(std::string_view name) {
  return name == "bors" || name == "homu" || name == "bors-servo" || name == "rust-bors";
}

// "@bot …".
std::optional<MachineCommand> addressed_command(std::string_view line) {
  std::size_t end = 1;
  while (end < line.size() && is_name_byte(line[end])) ++end;
  if (line.substr(end).starts_with("[bot]")) end += 5;
  const std::string name = to_lower(line.substr(1, end - 1));
  if (!is_machine_login(name)) return std::nullopt;
  while (end < line.size() && (line[end] == ':' || line[end] == ',')) ++end;
  const std::vector<std::string> words = words_of(line.substr(end));
  if (is_bors(name)) return bors_command(words, 0);
  // Whom else it names, it speaks to.
  const auto names_somebody = [&](const std::string& word) {
    return word.size() > 1 && word[0] == '@' && is_name_byte(word[1]) &&
           !is_machine_login(std::string_view(word).substr(1));
  };
  const bool is_for_others = std::any_of(words.begin(), words.end(), names_somebody);
  if (name == "rustbot" || name == "triagebot") {
    const std::string_view first = words.empty() ? std::string_view() : std::string_view(words[0]);
    if (first == "author") return MachineCommand{CommandAct::to_author, {}};
    if (first == "ready" || first == "review" || first == "reviewer")
      return MachineCommand{CommandAct::to_reviewers, {}};
    if (first == "blocked") return MachineCommand{CommandAct::hold, {}};
    if (first == "assign" || first == "claim" || first == "label" || first == "ping") return MachineCommand{};
  }
  if (is_for_others) return std::nullopt;
  if (name == "dependabot" && (line.ends_with(" merge") || line.ends_with(" squash and merge")))
    return MachineCommand{CommandAct::approve, {}};
  return MachineCommand{};
}

// Words that only machines wait for, without a name before them.
std::optional<MachineCommand> bare_command(std::string_view line) {
  static constexpr std::array<std::string_view, 19> kWhole{
      "recheck",          "reverify",    "retest",           "retest this",       "retest this please",
      "test this",        "ok to test",  "test this please", "build this please", "run tests",
      "run tests please", "rerun tests", "add to whitelist", "add to allowlist",  "check experimental",
      "rebuild",          "run ci",      "rerun ci",         "retest please"};
  static constexpr std::array<std::string_view, 5> kNames{"jenkins", "buildbot", "pre-commit.ci", "azurepipelines",
                                                          "zuul"};
  static constexpr std::array<std::string_view, 14> kVerbs{"please", "test",  "retest",  "rebuild", "build",
                                                           "run",    "rerun", "ok",      "retry",   "autofix",
                                                           "skip",   "add",   "recheck", "start"};
  constexpr std::size_t kFewWords = 8, kShort = 100;
  if (line.size() > kShort) return std::nullopt;
  std::vector<std::string> words = words_of(line);
  if (words.empty() || words.size() > kFewWords) return std::nullopt;
  std::string whole;
  for (const std::string& word : words) whole += (whole.empty() ? "" : " ") + word;
  while (!whole.empty() && (whole.back() == '.' || whole.back() == '!')) whole.pop_back();
  if (one_of(whole, kWhole) || (words[0] == "recheck" && !ends_as_prose(line))) return MachineCommand{};
  if (words[0] == "r?") return call_of(words, 1, false);
  // "r=me": whoever pushes the button may do so in the speaker's name.
  if (whole == "r=me") return MachineCommand{CommandAct::approve, {}};
  if (words[0].size() > 2 && words[0][0] == '!' && std::isalpha(static_cast<unsigned char>(words[0][1])) &&
      !ends_as_prose(line))
    return MachineCommand{};
  while (!words[0].empty() && (words[0].back() == ',' || words[0].back() == ':')) words[0].pop_back();
  if (is_bors(words[0])) return bors_command(words, 1);
  if (one_of(words[0], kNames) && words.size() > 1 && one_of(words[1], kVerbs)) return MachineCommand{};
  return std::nullopt;
}

}  // namespace

bool is_machine_login(std::string_view login) {
  // Accounts that take commands and whose names do not say what they are.
  static constexpr std::array<std::string_view, 14> kMachines{
      "mergifyio", "meeseeksdev",   "coderabbitai",       "autofix-ci", "rust-bors", "rust-timer", "homu",
      "jenkins",   "pre-commit-ci", "gemini-code-assist", "kodiakhq",   "netlify",   "changesets", "github-actions"};
  const std::string name = to_lower(login);
  return one_of(name, kMachines) || is_bot_name(name);
}

std::optional<MachineCommand> command_of(std::string_view line) {
  line = trim(line);
  if (line.empty()) return std::nullopt;
  if (line[0] == '/') return slash_command(line);
  return line[0] == '@' ? addressed_command(line) : bare_command(line);
}

bool approves_by_command(std::string_view words) {
  bool approves = false;
  for (const std::string_view line : split(words, '\n')) {
    const std::size_t begin = command_begin(line);
    const auto command = command_of(begin == std::string_view::npos ? line : line.substr(begin));
    if (!command) continue;
    if (command->act == CommandAct::take_back) return false;
    approves = approves || command->act == CommandAct::approve;
  }
  return approves;
}

std::size_t command_begin(std::string_view line) {
  for (const std::string_view name : {"@bors", "@homu"})
    for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1))
      if (command_of(line.substr(at))) return at;
  return std::string_view::npos;
}

}  // namespace resident
