#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cli/completion.hpp>

namespace resident {

namespace {

constexpr std::size_t kShownWidth = 76;  // of a description beside a name

struct Choice {
  std::vector<std::string> names;   // "--db", "-h"; none for a place
  std::string description, takes;   // takes: "" for a flag
  std::vector<std::string> values;  // where it is one of a few
  bool is_file = false, repeats = false;
  bool is_place() const { return names.empty(); }
};

struct Completed {
  std::string name, summary;
  std::vector<Choice> choices;
};

// The first clause, as much of it as stands beside a name.
std::string in_short(const std::string& text) {
  std::string clause = one_line(text);
  for (const char* end : {"; ", ". ", ": "})
    if (const std::size_t at = clause.find(end); at != std::string::npos) clause.erase(at);
  if (clause.size() <= kShownWidth) return clause;
  const std::size_t space = clause.rfind(' ', kShownWidth);
  return clause.substr(0, space == std::string::npos ? 0 : space) + " …";
}

bool names_a_file(std::string_view type) {
  static constexpr std::array kinds{"FILE", "DIR", "FOLDER", "PATH", "PLACE", "CLONE", "LOCATION"};
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const char* kind) { return type.find(kind) != std::string_view::npos; });
}

Choice choice_of(const CLI::Option& option) {
  Choice choice;
  for (const auto& name : option.get_lnames()) choice.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) choice.names.push_back("-" + name);
  choice.description = in_short(option.get_description());
  choice.repeats = option.get_items_expected_max() > 1;
  if (option.get_items_expected_min() == 0 && !choice.is_place()) return choice;
  // "FORMAT:csv|md": a name, and what it may be.
  const std::string type = option.get_type_name();
  const std::size_t colon = type.find(':');
  choice.takes = type.substr(0, colon);
  if (choice.takes.empty()) choice.takes = "VALUE";
  if (colon != std::string::npos)
    for (const auto value : split(std::string_view(type).substr(colon + 1), '|')) choice.values.emplace_back(value);
  choice.is_file = choice.values.empty() && names_a_file(choice.takes);
  return choice;
}

std::vector<Completed> all_of(const CLI::App& app) {
  std::vector<Completed> all;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    Completed completed{command->get_name(), in_short(command->get_description()), {}};
    for (const CLI::Option* option : command->get_options()) completed.choices.push_back(choice_of(*option));
    all.push_back(std::move(completed));
  }
  return all;
}

// Within single quotes of a shell.
std::string quoted(std::string_view text, const char* quote) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? quote : std::string(1, c);
  return result + "'";
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string bash_script(const std::vector<Completed>& all) {
  std::string names, options, values;
  for (const auto& command : all) {
    names += (names.empty() ? "" : " ") + command.name;
    std::string words, places;
    bool has_files = false;
    for (const auto& choice : command.choices) {
      if (choice.is_place()) {
        for (const auto& value : choice.values) places += " " + value;
        has_files = has_files || choice.is_file;
        continue;
      }
      for (const auto& name : choice.names) {
        words += " " + name;
        if (choice.takes.empty()) continue;
        values +=
            fmt::format("    '{} {}') {} ;;\n", command.name, name,
                        choice.is_file          ? "kind=file"
                        : choice.values.empty() ? "kind=other"
                                                : fmt::format("kind=value words='{}'", fmt::join(choice.values, " ")));
      }
    }
    options += fmt::format("    {}) words='{}' places='{}'{} ;;\n", command.name, trim(words), trim(places),
                           has_files ? " kind=file" : "");
  }
  return fmt::format(R"(# bash completion for resident; `resident completion bash` prints it.
_resident() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words= places= kind=
  # bash takes "--name=value" for three words
  if [ "$current" = = ]; then current=
  elif [ "$previous" = = ]; then previous=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}} $previous" in
{}  esac
  if [ -z "$kind" ]; then
    case "${{COMP_WORDS[1]}}" in
{}    esac
    case $current in
      -*) COMPREPLY=($(compgen -W "$words" -- "$current")); return ;;
    esac
    COMPREPLY=($(compgen -W "$places" -- "$current"))
  elif [ "$kind" = value ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
  if [ "$kind" = file ]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\n'
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}}
complete -F _resident resident
)",
                     names, values, options);
}

std::string zsh_script(const std::vector<Completed>& all) {
  static constexpr const char* kQuote = "'\\''";
  std::string names, cases;
  for (const auto& command : all) {
    names += fmt::format("    {}\n", quoted(escaped(command.name, ":") + ":" + command.summary, kQuote));
    std::string specifications;
    const auto add = [&](const std::string& specification) {
      specifications += " \\\n        " + quoted(specification, kQuote);
    };
    for (const auto& choice : command.choices) {
      std::vector<std::string> values;
      for (const auto& value : choice.values) values.push_back(escaped(value, " ()\\:"));
      const std::string action = !values.empty()  ? fmt::format("({})", fmt::join(values, " "))
                                 : choice.is_file ? "_files"
                                                  : " ";
      const std::string message = escaped(choice.takes, ":\\");
      if (choice.is_place()) add(fmt::format("{}:{}:{}", choice.repeats ? "*" : "", message, action));
      for (const auto& name : choice.names)
        add(fmt::format("{}{}{}[{}]{}", choice.repeats ? "*" : "", name,
                        choice.takes.empty()     ? ""
                        : name.starts_with("--") ? "="
                                                 : "+",
                        escaped(choice.description, "[]:\\"),
                        choice.takes.empty() ? "" : fmt::format(":{}:{}", message, action)));
    }
    cases += fmt::format("    {})\n      _arguments -s -S{} ;;\n", command.name, specifications);
  }
  return fmt::format(R"(#compdef resident
# zsh completion for resident; `resident completion zsh` prints it.
_resident() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe -t commands 'command' commands
    _arguments '--help[what there is]' '--version[which version this is]'
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
if [ "${{funcstack[1]}}" = _resident ]; then _resident "$@"; else compdef _resident resident; fi
)",
                     names, cases);
}

std::string fish_script(const std::vector<Completed>& all) {
  static constexpr const char* kQuote = "\\'";
  const auto quote = [](std::string_view text) { return quoted(escaped(text, "\\"), kQuote); };
  std::string lines =
      "# fish completion for resident; `resident completion fish` prints it.\n"
      "function __resident_at --description 'The command of the line is this one'\n"
      "  set -l words (commandline -opc)\n"
      "  test (count $words) -ge 2; and test \"$words[2]\" = \"$argv[1]\"\n"
      "end\n"
      "complete -c resident -f\n"
      "complete -c resident -n 'test (count (commandline -opc)) -eq 1' -l help -d 'what there is'\n"
      "complete -c resident -n 'test (count (commandline -opc)) -eq 1' -l version -d 'which version this is'\n";
  for (const auto& command : all) {
    lines += fmt::format("complete -c resident -n 'test (count (commandline -opc)) -eq 1' -a {} -d {}\n", command.name,
                         quote(command.summary));
    for (const auto& choice : command.choices) {
      std::string line = fmt::format("complete -c resident -n '__resident_at {}'", command.name);
      const std::string values =
          choice.values.empty() ? "" : fmt::format(" -a {}", quote(fmt::format("{}", fmt::join(choice.values, " "))));
      if (choice.is_place()) {
        if (choice.is_file) lines += line + " -F\n";
        if (!values.empty()) lines += line + values + "\n";
        continue;
      }
      for (const auto& name : choice.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!choice.takes.empty()) line += choice.is_file ? " -r -F" : " -x" + values;
      lines += fmt::format("{} -d {}\n", line, quote(choice.description));
    }
  }
  return lines;
}

}  // namespace

const std::vector<std::string>& completed_shells() {
  static const std::vector<std::string> shells{"bash", "zsh", "fish"};
  return shells;
}

std::string completion_script(const CLI::App& app, const std::string& shell) {
  const std::vector<Completed> all = all_of(app);
  if (shell == "bash") return bash_script(all);
  if (shell == "zsh") return zsh_script(all);
  return shell == "fish" ? fish_script(all) : "";
}

}  // namespace resident
