// `resident today --project a,b` (or a group of the configuration): one morning over several projects.
#pragma once

#include <cli/command.hpp>

namespace resident {

// The projects that --project names; fewer than two where it names one, or none at all.
std::vector<std::string> several_projects(const Invocation& invocation, Database& database);
// Today of each, as one list in the order of their points, with a column of projects. A project that cannot be told of
// leaves a note and stops no other.
std::vector<Result> today_of_several(const Invocation& invocation, Database& database,
                                     const std::vector<std::string>& projects, const Arguments& arguments);

}  // namespace resident
