// resident completion, resident man: made from the same walk over the commands as the help.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/completion.hpp>
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

std::string heading(const std::string& title, const std::string& summary, const std::string& synopsis) {
  std::string capitals = title;
  for (char& c : capitals)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return fmt::format(
      ".TH {} 1 \"\" \"resident {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B resident\n{}\n.SH DESCRIPTION\n", capitals,
      RESIDENT_VERSION, roff_line(title), roff_line(summary), synopsis);
}

std::string options_of(const CLI::App& command) {
  std::string text;
  for (const auto* option : command.get_options())
    text += fmt::format(".TP\n.B {}\n{}\n", roff(option_spelling(*option)), roff(option->get_description()));
  return text;
}

constexpr const char* kExitStatus =
    ".SH EXIT STATUS\n0 done; 1 failed; 2 wrong usage; 3 a gate tripped; 4 authentication; 5 incomplete (running it "
    "again resumes); 130 interrupted.\n";

std::string man_page(Invocation& invocation) {
  const auto all = tree(invocation);
  std::string text = heading("resident", "the Developer-in-Residence workbench", ".I COMMAND\n[options]") +
                     fmt::format("{}\n.SH COMMANDS\n", roff(all->app.get_description()));
  for (const Command* command : commands()) {
    const CLI::App* sub = all->app.get_subcommand(command->name);
    text += fmt::format(".SS resident {}\n{}.\n.PP\n{}\n", roff(command->name), roff(command->summary),
                        roff(sub->get_footer())) +
            options_of(*sub);
  }
  return text + kExitStatus +
         ".SH ENVIRONMENT\nRESIDENT_DB, RESIDENT_METRICS, RESIDENT_NOW, SSL_CERT_FILE, XDG_CONFIG_HOME, NO_COLOR, "
         "CLICOLOR_FORCE, COLUMNS; tokens: GITHUB_TOKEN and others, see\n.BR resident\\-auth (1).\n";
}

std::string man_page_of(Invocation& invocation, const std::string& name) {
  const auto all = tree(invocation);
  std::vector<std::string> names;
  for (const Command* command : commands()) names.push_back(command->name);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    const std::string nearest = near_miss(name, names);
    throw Error(ErrorKind::usage, fmt::format("there is no command called {}", one_line(name)),
                nearest.empty() ? "`resident --help` lists the commands" : fmt::format("did you mean {}?", nearest));
  }
  const CLI::App* sub = all->app.get_subcommand(name);
  return heading("resident-" + name, sub->get_description(), fmt::format(".B {}\n[options]", roff_line(name))) +
         roff(sub->get_footer()) + "\n.SH OPTIONS\n" + options_of(*sub) + kExitStatus +
         ".SH SEE ALSO\n.BR resident (1)\n";
}

}  // namespace

extern const Command completion_command, man_command;
const Command completion_command{
    "completion", "Completion for a shell",
    "Packages bring it where each shell looks. By hand: fish takes it by a pipe, resident completion fish | source; "
    "zsh after compinit.\nExample: source <(resident completion bash)",
    [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
      auto shell = std::make_shared<std::string>("bash");
      takes_one_of(app.add_option("shell", *shell, "Which shell")->type_name("SHELL")->capture_default_str(),
                   completed_shells());
      return [&invocation, shell] {
        Invocation copy{invocation.out, invocation.err, invocation.clock};
        invocation.out << completion_script(tree(copy)->app, *shell);
        return 0;
      };
    }};
const Command man_command{"man", "The manual page, as roff", "Example: resident man | man -l -",
                          [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
                            auto name = std::make_shared<std::string>();
                            app.add_option("command", *name,
                                           "The page of that command alone; without it, one page with all")
                                ->type_name("COMMAND");
                            return [&invocation, name] {
                              Invocation copy{invocation.out, invocation.err, invocation.clock};
                              invocation.out << (name->empty() ? man_page(copy) : man_page_of(copy, *name));
                              return 0;
                            };
                          }};

}  // namespace resident
