// Which commits on the default branch, and which merged pull requests, speak of an issue:
// perhaps it is mended already. What was said before the week began is kept (framework/learnt.hpp).
#pragma once

#include <framework/analysis.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace resident {

// A commit or merged pull request that speaks of the issue.
struct Mention {
  std::string what;  // "1a2b3c4d5e: Subject" or "#12: Title"
  Timestamp at = 0;
  bool closes = false;      // in words that close, as the project's forge reads them (docs/guide/references.md)
  bool taken_back = false;  // reverted since; then it closes nothing
};

using Mentions = std::map<std::int64_t, std::vector<Mention>>;  // by number of the issue, in order of time

// As of the context's moment.
Mentions load_mentions(const Context& context);
// Pull requests that were open then, and series of patches, by the issues that they speak of.
Mentions load_open_mentions(const Context& context);

// What speaks of issues: a commit, or a merged pull request.
struct Speaker {
  std::int64_t commit_id = 0;  // 0: a pull request
  std::int64_t item_id = 0;    // 0: a commit
  std::string_view sha;        // of a commit
  std::string_view title;      // or subject
  std::int64_t number = 0;     // of a pull request
  Timestamp at = 0;            // committed, merged
};

// Every mention later than `after`, up to `until`: commits, then pull requests, each in order of time.
void each_mention(const Context& context, Timestamp after, Timestamp until,
                  const std::function<void(const Speaker& speaker, std::int64_t number, bool closes)>& take);

}  // namespace resident
