// Which commits on the default branch, and which merged pull requests, speak of an issue:
// perhaps it is mended already. What was said before the week began is kept (analyses/learnt.hpp).
#pragma once

#include <analyses/analysis.hpp>
#include <map>
#include <string>
#include <vector>

namespace resident {

// A commit or merged pull request that speaks of the issue.
struct Mention {
  std::string what;  // "1a2b3c4d5e: Subject" or "#12: Title"
  Timestamp at = 0;
  bool closes = false;  // in words that close: "fixes #N"
};

using Mentions = std::map<std::int64_t, std::vector<Mention>>;  // by number of the issue, in order of time

// As of the context's moment.
Mentions load_mentions(const Context& context);

}  // namespace resident
