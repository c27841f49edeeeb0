// Completion for shells: scripts for bash, zsh and fish, made from what the commands declare, so that none can be
// forgotten. A script asks nothing while it completes: what an option takes is known beforehand, one of a few values,
// a file, or something nobody can guess.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace resident {

// The shells there is a script for.
const std::vector<std::string>& completed_shells();
// The script for one of them, of the commands of `app` that stand under a heading.
// shell: one of completed_shells(), else "".
std::string completion_script(const CLI::App& app, const std::string& shell);

}  // namespace resident
