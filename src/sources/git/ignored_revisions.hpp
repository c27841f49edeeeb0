// The commits that a project says are nobody's work: `.git-blame-ignore-revs` at the top of the newest tree, as forges
// and `git blame --ignore-revs-file` read it (one whole id a line, "#" begins a comment; git 2.23 and later).
#pragma once

#include <git/repository.hpp>
#include <store/writer.hpp>
#include <string>
#include <unordered_set>

namespace resident {

struct IgnoredRevisions {
  std::unordered_set<std::string> ids;
  bool is_other = false;  // than at the sync before: whose lines stand has to be read anew
};

std::unordered_set<std::string> revisions_of(std::string_view text);
// Remembers what it read.
IgnoredRevisions ignored_revisions(git::Repository& repository, Writer& writer);

}  // namespace resident
