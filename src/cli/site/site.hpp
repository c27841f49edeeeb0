// A site of files for everybody to read (`resident site`): the pages about the project, its weekly reports, its
// releases, a feed. It promises: links are relative, so that it works wherever it stands and from a disk; no page asks
// another host for anything; nothing of what one works on is there (plan, notes, forms, queues), people as the
// settings say, e-mail addresses never; the same store gives the same bytes.
#pragma once

#include <cli/command.hpp>
#include <cli/site/pages.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace resident::site {

struct Wishes {
  std::string folder;
  std::string base_url;  // where it will stand; "": not said, so that there is no feed and are no pictures
  int weeks = 26;        // weekly reports
};

struct Outcome {
  std::size_t written = 0, kept = 0, removed = 0;
  bool is_as_before = false;       // nothing was made, since nothing it depends on has changed
  std::vector<std::string> notes;  // what is not there, and why
};

// Throws Error where the folder holds other things in the places of pages, or cannot be written.
Outcome write_site(const Invocation& invocation, Database& database, const Wishes& wishes);

}  // namespace resident::site
