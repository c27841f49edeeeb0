// What somebody would type next, where something is missing from a store.
#pragma once

#include <framework/analysis.hpp>
#include <string>

namespace resident {

// That brings in issues and pull requests: of the forge that the project's address names, else of a backup.
std::string tracker_command(const Context& context);

// The sources of the project that were declared and never read, as "git /src/app"; empty where all were.
std::vector<std::string> unread_sources(const Context& context);

// Why no code is known as of the moment, as a sentence: no clone was added, or none was read, or its history begins
// later.
std::string why_no_code(const Context& context);

}  // namespace resident
