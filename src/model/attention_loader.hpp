// Reads what Gerrit tells of open items beside their threads, as of the context's moment: attention sets, and the
// change that each is built on.
#pragma once

#include <model/open_items.hpp>
#include <vector>

namespace resident {

void load_attention(const Context& context, const People& people, std::vector<OpenItem>& items);
// The parent is known of the newest patch set at the last reading alone: before it was uploaded, none is.
void load_built_on(const Context& context, std::vector<OpenItem>& items);

}  // namespace resident
