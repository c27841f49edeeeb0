// The last resort for JSON that no reader knows: objects that have a name and say how they ended ("status": "failed"),
// wherever they stand, one document or one a line. What stands around them names their suite.
#pragma once

#include <sources/ci/formats/format.hpp>

namespace resident::ci {

// False, and nothing in the report, where there are none.
bool read_any_json(std::string_view bytes, TestReport& report);

}  // namespace resident::ci
