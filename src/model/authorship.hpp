// Who is an author of which file, by the degree of authorship: T. Fritz et al., "Degree-of-knowledge" (TOSEM 2014),
// with the weights and thresholds of G. Avelino et al., "A Novel Approach for Estimating Truck Factors" (ICPC 2016),
// read as their program reads them: whoever added a file (each one, where it was added more than once) is its first
// author, other changes are deliveries, those of others acceptances; what a file was called before it was renamed
// counts as its own. Presence and time play no part: who left long ago is an author still.
#pragma once

#include <model/open_items.hpp>
#include <span>
#include <vector>

namespace resident {

struct AuthoredFile {
  std::int64_t path_id = 0;
  std::vector<std::int64_t> authors;  // persons, ascending; bots and unknown people are nobody's
};

// Of each of these paths that has a change on the default branch before the moment; merges don't count.
std::vector<AuthoredFile> authored_files(const Context& context, const People& people,
                                         std::span<const std::int64_t> paths);

struct TruckStep {
  std::int64_t person = 0;
  std::int64_t files = 0;  // that the person is an author of
  double coverage = 0;     // share of the files that still have an author once the person is gone, too
};

// Who would have to leave, one after the other, the author of most files first, until fewer than half of the files have
// an author. all: how many files there are, those without authors counted. begin: the share that has one today.
struct TruckFactor {
  double begin = 0;
  std::vector<TruckStep> steps;
};
TruckFactor leave_one_by_one(const std::vector<AuthoredFile>& files, std::size_t all);

// CHAOSS' contributor absence factor: the smallest number of contributors who together make half of it or more.
std::int64_t absence_factor(std::vector<double> contributions);

}  // namespace resident
