// Who knows each module best and is still here: experts of all modules in one pass over
// the history, as of when the week began, and kept (framework/learnt.hpp).
#pragma once

#include <model/experts.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

// Living experts, best first, at most three a module; modules without one are left out.
std::unordered_map<std::string, std::vector<std::int64_t>> living_experts(const Context& context, const People& people,
                                                                          ModuleMap& map);

}  // namespace resident
