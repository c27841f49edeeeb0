// Whether those whom CODEOWNERS names for a pull request's files have approved it: one line of its checklist.
#pragma once

#include <analyses/review/readiness.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

// nullopt: no file is known, or none of these is anybody's. Each section, and without sections each set of owners,
// has to approve by as many as it says; optional ones do not. Who is in a team is not told.
std::optional<ReadinessCheck> code_owners_check(const Context& context, const People& people, const OpenItem& item,
                                                const std::vector<std::string>& paths);

}  // namespace resident
