// Ginkgo's console, which go test shows as the output of the one test that runs the suite.
#pragma once

#include <sources/ci/formats/report.hpp>
#include <string_view>

namespace resident::ci {

// text: without colours.
bool says_ginkgo(std::string_view text);
// Adds the specs that the text tells of, and what it cannot tell.
void read_ginkgo_text(std::string_view bytes, TestReport& report);

}  // namespace resident::ci
