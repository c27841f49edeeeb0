// A build folder of Automake tells of each test up to three times: NAME.trs has its results, NAME.log what it printed
// (which may be TAP of its own), test-suite.log all that failed. The .trs counts.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace resident::ci {

// The file, of these, that tells better what the one at that path tells; "" where none does.
std::string told_by_trs(std::string_view path, const std::set<std::string>& all);

}  // namespace resident::ci
