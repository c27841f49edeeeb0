// Words that the details of events have, where readers of sources write them and the model looks for them.
#pragma once

#include <string_view>

namespace resident {

// Of a "committed" event: its commit merges the base into the pull request's branch ("Update branch").
inline constexpr std::string_view kBaseMerged = "merges the base";

}  // namespace resident
