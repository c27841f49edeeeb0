// A file's change as a line of `git log --numstat` and of `git log --raw`: the
// bytes that git prints (core.quotePath as by default), so that our figures can be
// compared with git's by cmp alone. Pure functions.
#pragma once

#include <git/tree_diff.hpp>
#include <string>
#include <string_view>

namespace resident::git {

// As it is, or in double quotes with C's escapes where it holds other than
// printable ASCII.
std::string quote_path(std::string_view path);
// '12<tab>3<tab>path', '-' for binary files; renames as 'folder/{old => new}'.
std::string numstat_line(const TreeChange& change);
// ':100644 100644 <id> <id> M<tab>path'.
std::string raw_line(const TreeChange& change, std::size_t id_bytes);

}  // namespace resident::git
