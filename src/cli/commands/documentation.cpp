// resident completion, resident man: made from the same walk over the commands as the help.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>

namespace resident {

namespace {

struct Tree {
  CLI::App app;
  std::function<int()> chosen;
};

std::unique_ptr<Tree> tree(Invocation& invocation) {
  auto result = std::make_unique<Tree>();
  declare_all(result->app, invocation, result->chosen);
  return result;
}

std::string roff_line(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
  }
  // A line that begins with one of these would be a request.
  if (result.starts_with(".") || result.starts_with("'")) result.insert(0, "\\&");
  return result;
}

std::string roff(std::string_view text) {
  std::string result;
  for (const auto line : split(text, '\n')) result += (result.empty() ? "" : "\n.br\n") + roff_line(line);
  return result;
}

std::string man_page(Invocation& invocation) {
  const auto all = tree(invocation);
  std::string text = fmt::format(
      ".TH RESIDENT 1 \"\" \"resident {}\"\n.SH NAME\nresident \\- the Developer\\-in\\-Residence workbench\n.SH "
      "SYNOPSIS\n.B resident\n.I COMMAND\n[options]\n"
      ".SH DESCRIPTION\n{}\n.SH COMMANDS\n",
      RESIDENT_VERSION, roff(all->app.get_description()));
  for (const Command* command : commands()) {
    CLI::App* sub = all->app.get_subcommand(command->name);
    text += fmt::format(".SS resident {}\n{}.\n.PP\n{}\n", roff(command->name), roff(command->summary),
                        roff(sub->get_footer()));
    for (const auto* option : sub->get_options())
      text += fmt::format(".TP\n.B {}\n{}\n", roff(option_spelling(*option)), roff(option->get_description()));
  }
  text +=
      ".SH EXIT STATUS\n0 done; 1 failed; 2 wrong usage; 3 a gate tripped; 4 authentication; 5 incomplete (running it "
      "again resumes); 130 interrupted.\n"
      ".SH ENVIRONMENT\nRESIDENT_DB, RESIDENT_METRICS, RESIDENT_NOW, XDG_CONFIG_HOME, NO_COLOR, CLICOLOR_FORCE, "
      "COLUMNS.\n";
  return text;
}

std::string completion(Invocation& invocation, const std::string& shell) {
  const auto all = tree(invocation);
  std::string names, cases;
  for (const Command* command : commands()) {
    std::string options;
    for (const auto* option : all->app.get_subcommand(command->name)->get_options())
      for (const auto& name : option->get_lnames()) options += fmt::format("{}--{}", options.empty() ? "" : " ", name);
    names += fmt::format("{}{}", names.empty() ? "" : " ", command->name);
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command->name, options);
  }
  const std::string function = fmt::format(
      "_resident() {{\n  local words current=\"${{COMP_WORDS[COMP_CWORD]}}\"\n  case \"${{COMP_WORDS[1]}}\" in\n{}    "
      "*) words=\"{}\" ;;\n  esac\n"
      "  [ \"$COMP_CWORD\" = 1 ] && words=\"{}\"\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n  [[ "
      "\"$current\" != -* && \"$COMP_CWORD\" != 1 ]] && COMPREPLY+=($(compgen -f -- \"$current\"))\n}}\n"
      "complete -F _resident resident\n",
      cases, names, names);
  return shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" + function : function;
}

}  // namespace

extern const Command completion_command, man_command;
const Command completion_command{
    "completion", "Completion for a shell", "Example: source <(resident completion bash)",
    [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
      auto shell = std::make_shared<std::string>("bash");
      takes_one_of(app.add_option("shell", *shell, "Which shell")->type_name("SHELL")->capture_default_str(),
                   {"bash", "zsh"});
      return [&invocation, shell] {
        Invocation copy{invocation.out, invocation.err, invocation.clock};
        invocation.out << completion(copy, *shell);
        return 0;
      };
    }};
const Command man_command{"man", "The manual page, as roff", "Example: resident man | man -l -",
                          [](OptionSet&, Invocation& invocation) -> std::function<int()> {
                            return [&invocation] {
                              Invocation copy{invocation.out, invocation.err, invocation.clock};
                              invocation.out << man_page(copy);
                              return 0;
                            };
                          }};

}  // namespace resident
