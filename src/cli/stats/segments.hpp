// resident stats segments: the segments of the histories of tests in a table (columns position, runs, unexpected;
// optional retried_runs, retried_unexpected, test), printed as a table or as the JSON of docs/guide/statistics.md.
#pragma once

#include <base/csv_table.hpp>
#include <cli/command.hpp>

namespace resident {

// Throws Error where a column is missing or counts contradict each other.
void print_segments(const CsvTable& table, const Invocation& invocation);

}  // namespace resident
