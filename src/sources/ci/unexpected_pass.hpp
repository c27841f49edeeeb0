// Whether an unexpected pass is red: tools differ. Most that know an expected failure fail by the one that does not
// come; TAP's readers and pytest, unless it is strict, do not.
#pragma once

#include <sources/ci/formats/report.hpp>

namespace resident::ci {

// Of a result whose outcome is xpass: does the tool that wrote the report fail by it?
bool fails_by_unexpected_pass(const TestReport& report, const TestResult& result);

}  // namespace resident::ci
