// What the project had, in order, where branches wrote the status of one proposal side by side. Each commit has a
// story: the changes that led to what it says. A merge goes on with the story of the side that stands after it, behind
// what the first parent had already; what a branch decided and a merge did not take is no part of it. Promises: the
// same on every machine; in time that grows with the commits alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace resident {

// A change that a commit made, by the commit's place in the order of the history.
struct StoryChange {
  std::size_t step = 0;
  std::string from, to;
};

struct StoryQuestion {
  // Of each step, parents first; the first is the one that `says` leaves out.
  const std::vector<std::vector<std::size_t>>& parents;
  // The status in those steps that touch it; elsewhere it is the first parent's.
  const std::map<std::size_t, std::string>& says;
  const std::vector<StoryChange>& changes;  // by step
};

// Which changes led to the status at that step, in order, as places in `changes`.
std::vector<std::size_t> tell_story(const StoryQuestion& question, std::size_t last);

}  // namespace resident
