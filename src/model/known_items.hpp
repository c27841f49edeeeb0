// Whether anything is known of a kind of item: that none is open says nothing where no tracker was ever read.
#pragma once

#include <framework/analysis.hpp>
#include <string_view>

namespace resident {

// kind: "issue", "pull"; "": either. As of the moment, as all that is said.
bool knows_items(const Context& context, std::string_view kind = {});

}  // namespace resident
