// What the store knows of the project that a source belongs to.
#pragma once

#include <store/writer.hpp>
#include <string>

namespace resident {

// :project and :source of the writer's source, for a query.
Parameters source_parameters(const Writer& writer);

std::string project_name(Writer& writer);
// Where the project says that it is; "" for nowhere.
std::string project_url(Writer& writer);
// Where the project's clone is: of several, the first by place; "" for none.
std::string place_of_clone(Writer& writer);
// A clone that the project was given before this source, and that was read; "" for none.
std::string earlier_clone(Writer& writer);
// The writer's source is at another place from now on: a repository that was renamed.
void move_source(Writer& writer, const std::string& location);

}  // namespace resident
