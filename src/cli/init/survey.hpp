// What a clone tells of the project before anything is imported: its name, the forge it lives on, the preset that fits,
// and where modules are written down; each with the reason, so that a person can say no. Only the clone is read.
#pragma once

#include <cli/init/module_files.hpp>
#include <config/config.hpp>
#include <git/clone.hpp>
#include <net/remote_address.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident::init {

struct Survey {
  git::CloneFacts clone;
  bool is_empty = false;  // no commit yet
  std::size_t files = 0;  // in the newest tree
  std::string name;       // of the project: of the repository at its forge, else of the folder

  std::string remote_name, remote_url;     // which of the clone's was taken; "": it has none
  std::string remote_reason;               // "of 2 remotes, upstream: origin is then usually a fork"
  std::optional<RemoteAddress> address;    // its kind may be "" (a host that is not known); none: a folder
  std::string guessed_kind, guess_reason;  // for such a host, by files of the tree; "": nothing tells

  std::string preset, preset_reason;
  std::optional<ModuleSuggestion> codeowners, maintainers;
};

// Throws Error where the folder is in no clone or the clone cannot be read.
Survey survey(const std::string& folder, const Config& config);
// CODEOWNERS once more, where it was found to be of another forge than it seemed.
std::optional<ModuleSuggestion> codeowners_of(const std::string& top, const std::string& kind);

}  // namespace resident::init
