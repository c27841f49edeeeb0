// Tests as a list that a runner of tests reads, to run them apart from those that gate.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident {

using NamedTest = std::pair<std::string, std::string>;  // suite and name, as the store has them

struct ToolList {
  std::string text;
  std::vector<std::string> left_out;  // tests that the runner cannot be told without others, with the reason
};

// pytest, ctest, go, regrtest.
const std::vector<std::string>& listing_tools();
// - pytest: `--deselect=NODE` a line, quoted for PYTEST_ADDOPTS. It takes whatever begins so: a test whose node id
// other
//   known tests begin with is left out.
// - ctest: one expression for -E and -R. go: one for -run and -skip. Both match nothing where there is no test.
// - regrtest: a test a line, for --ignorefile and --matchfile.
ToolList tool_list(const Context& context, const std::string& tool, const std::vector<NamedTest>& tests);

}  // namespace resident
