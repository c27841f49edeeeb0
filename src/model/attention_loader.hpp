// Reads the attention sets of open items, as of the context's moment.
#pragma once

#include <model/open_items.hpp>
#include <vector>

namespace resident {

void load_attention(const Context& context, const People& people, std::vector<OpenItem>& items);

}  // namespace resident
