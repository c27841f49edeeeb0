#include <algorithm>
#include <array>
#include <sources/ci/unexpected_pass.hpp>

namespace resident::ci {

bool fails_by_unexpected_pass(const TestReport& report, const TestResult& result) {
  // A to-do that passes is told by what reads TAP, and is no failure; node --test and the kernel hold it likewise.
  constexpr std::array<std::string_view, 4> kForms{"tap", "prove", "cucumber-json", "cucumber-messages"};
  constexpr std::array<std::string_view, 3> kTools{"tap-formatter-junit", "cucumber-js", "behave"};
  const auto is = [](std::string_view word) { return [word](std::string_view each) { return each == word; }; };
  if (std::any_of(kForms.begin(), kForms.end(), is(report.format)) ||
      std::any_of(kTools.begin(), kTools.end(), is(report.tool)))
    return false;
  // What failed the run has a message that says so; a mark that fails nobody has its reason at most.
  if (report.tool == "pytest") return result.message.find("[XPASS(strict)]") != std::string::npos;
  if (report.tool == "node-test") return result.message.find("expectedFailure") != std::string::npos;
  return true;
}

}  // namespace resident::ci
