// Whom a MAINTAINERS file names for a change, by the rules of the kernel's scripts/get_maintainer.pl:
//   F:  a path. With a slash at its end, all below it; else what begins so and has as many slashes. "*" stands for any
//       characters, "?" for one, a point for itself; all else is a regular expression's.
//   X:  the same: a section with one that fits says nothing of that path
//   N:  a regular expression, anywhere in the path
//   K:  one for lines that are added or taken away; blanks in N: and K: do not count (Perl's /x)
// Sections that name the path more closely come first: by the slashes of the pattern.
#pragma once

#include <framework/analysis.hpp>
#include <memory>
#include <model/open_items.hpp>
#include <string>
#include <vector>

namespace resident {

struct MaintainerSection {
  std::string name, status;  // "Maintained", "Orphan", …
  char by = 'F';             // F, N or K
  int depth = 0;
  std::vector<std::int64_t> maintainers, reviewers;  // people
};

class MaintainersFile {
 public:
  MaintainersFile(const Context& context, const People& people);
  ~MaintainersFile();
  bool is_empty() const;
  bool has_keywords() const;
  // diff: lines with "+" or "-" before them; may be "". Each section once, the closest first.
  std::vector<MaintainerSection> sections_of(const std::vector<std::string>& paths, std::string_view diff = {}) const;

 private:
  struct Section;
  std::vector<Section> sections_;
};

}  // namespace resident
