// What a clone says of itself before any of its history is read: where it stands, what kind it is, and where it was
// cloned from. Only files are read (the clone's configuration, and git's own for url.*.insteadOf); nothing is run, and
// nothing is changed.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace resident::git {

struct Remote {
  std::string name, url;  // without the name and password that an address may carry
};

struct CloneFacts {
  std::string top;           // of the work tree; of a bare clone its own folder; without a slash at its end
  bool is_bare = false;      // no work tree
  bool is_worktree = false;  // one of several work trees of a clone
  bool is_shallow = false;   // its history was cut
  bool is_partial = false;   // files or trees are fetched when they are wanted
  std::vector<Remote> remotes;
};

// The clone that the folder is in, or is. Throws Error{usage} where it is in none, and Error where it cannot be read.
CloneFacts find_clone(const std::string& folder);

// An address without "name:password@" or "token@"; the login of SSH stays.
std::string without_secrets(const std::string& url);
// The address as git would use it, by url.BASE.insteadOf of these settings: the longest beginning wins.
std::string rewritten_url(const std::string& url, const std::vector<std::pair<std::string, std::string>>& instead_of);

}  // namespace resident::git
