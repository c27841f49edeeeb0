// The files that tests are in, as their names tell it, and who knows them.
#pragma once

#include <model/open_items.hpp>
#include <model/tests/test_runs.hpp>
#include <set>
#include <string>
#include <vector>

namespace resident {

// Paths that a test of that suite and name may be in, likeliest first: what stands before "::" ("tests/test_io.py::…"),
// a file as such, and for dotted names of Python each part that may be its module ("tests.test_io.TestRead": also
// tests/test_io.py).
std::vector<std::string> likely_files(const std::string& suite, const std::string& name);
// Of them, those that the project's history has.
std::set<std::int64_t> paths_of_test(const Context& context, const std::string& suite, const std::string& name);
// Names of those who know the files of the first three of these tests best and are here.
std::vector<std::string> experts_of_tests(const TestRuns& runs, const People& people,
                                          const std::vector<std::int64_t>& tests, std::size_t most);

}  // namespace resident
