// Where the parts of a clone stand: its own folder, the one it shares with other
// work trees, the work tree, and how long its ids are. Read by hand because
// libgit2 1.5 opens no SHA-256 repositories; nothing but files is looked at, and
// of the configuration only what decides how the rest is to be read.
#pragma once

#include <cstddef>
#include <string>

namespace resident::git {

struct Layout {
  std::string git_folder;     // HEAD stands here; ends in '/'
  std::string common_folder;  // objects, packed-refs and most references; ends in '/'
  std::string work_tree;      // ends in '/'; empty if bare
  std::size_t id_bytes = 20;
  bool has_reftables = false;  // references stand in reftable/, not in files and packed-refs
};

// Throws Error with a hint where path is no repository, cannot be read, or has a format or an extension that git
// refuses to read, or that is not known here.
Layout find_layout(const std::string& path);

// A regular file that is no link, whole; empty where it cannot be read or is larger.
std::string read_plain_file(const std::string& path, std::size_t max_bytes);

}  // namespace resident::git
