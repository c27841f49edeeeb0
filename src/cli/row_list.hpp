// The machine-readable form of commands whose answer is one table: a list with an object a row, its columns as keys,
// and nothing else.
#pragma once

#include <framework/result.hpp>
#include <ostream>
#include <string>

namespace resident {

// A row a line. fields: as for wanted_fields (cli/options.hpp).
void print_row_list(std::ostream& out, const Result& result, const std::string& fields);

}  // namespace resident
