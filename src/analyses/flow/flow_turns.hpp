// `flow`'s fifth answer: how the time that pull requests wait splits by whose turn it is.
#pragma once

#include <analyses/flow/flow_groups.hpp>

namespace resident {

Result flow_turns(const Context& context, const People& people, const std::vector<FlowItem>& items,
                  const FlowGroups& groups);

}  // namespace resident
