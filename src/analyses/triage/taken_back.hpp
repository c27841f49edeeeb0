// What was reverted: a fix that was taken back mends nothing, and one whose revert was
// reverted mends it again. By what reverts say: "This reverts commit …", 'Revert "…"',
// "Reverts owner/name#12", "This reverts merge request !12", 'Reapply "…"'.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident {

// How commits and pull requests are called where either may speak: the first ten letters of the sha, or "#12".
std::string speaker_key(std::string_view sha);
std::string speaker_key(std::int64_t number);

struct Revert {
  std::string key;  // of the commit or pull request that reverts
  Timestamp at = 0;
  std::vector<std::string> targets = {};  // keys of what it reverts; empty: it is not known
};

// Commits on the default branch, and merged pull requests, later than `after`, up to `until`.
std::vector<Revert> reverts_said(const Context& context, Timestamp after, Timestamp until);

// What stands reverted once all these were done, in order of time. A pull request goes with the commit that it became,
// and its commits with it.
std::unordered_set<std::string> taken_back(const Context& context, std::vector<Revert> reverts);

}  // namespace resident
