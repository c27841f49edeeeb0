// Which files a project says are generated, vendored or documentation (path_mark). Part of a Writer's transaction.
#pragma once

#include <functional>
#include <store/writer.hpp>
#include <string>
#include <vector>

namespace resident {

// In place of what stood there: of every path that the store knows of the project, the marks that `marks_of` gives.
void keep_path_marks(Writer& writer, const std::function<std::vector<std::string>(const std::string& path)>& marks_of);

}  // namespace resident
