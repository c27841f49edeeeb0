// What a line of a post says to a machine: "/lgtm cancel" (Prow), "@bors r+" (homu, bors-ng, bors), "@dependabot
// rebase", "recheck" (Zuul), "@rustbot ready" (triagebot). Such a line is no word to people: it asks the author nothing
// and answers nobody. Some mean what people have to know: an approval, its end, a hold.
//
// Sources (2026): Prow's command help (plugins lgtm, approve, hold, assign); bors-ng's and rust-lang/bors' references;
// triagebot's "shortcut"; GitHub's documents on Dependabot's and Mergify's on commands. Pure, linear in the line.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace resident {

enum class CommandAct : std::uint8_t {
  other,         // "/retest", "@dependabot rebase"
  approve,       // "/lgtm", "/approve", "r+", "r=cyd"
  take_back,     // "/lgtm cancel", "/remove-approve", "r-"
  hold,          // "/hold", "@rustbot blocked"
  release,       // "/hold cancel", "/unhold"
  to_author,     // "@rustbot author"
  to_reviewers,  // "@rustbot ready"
  call           // "/cc @cyd", "/assign @cyd", "r? @cyd"
};

struct MachineCommand {
  CommandAct act = CommandAct::other;
  std::set<std::string> names;  // logins in lower case: who is called, or for whom it approves ("r=cyd")
};

// The line, or sentence, as a command; nullopt: it is said to people.
std::optional<MachineCommand> command_of(std::string_view line);

// Where a command to bors begins behind other words ("Thanks! @bors r+"); npos: nowhere.
std::size_t command_begin(std::string_view line);

// Whether a line of these words approves by a command, and none takes that back.
bool approves_by_command(std::string_view words);

// A login that is a machine's by its name.
bool is_machine_login(std::string_view login);

}  // namespace resident
