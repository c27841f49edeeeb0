// GraphQL that is sent to GitHub. Each query is a file in queries/, so that it can
// be read, tried in a browser, and checked against the published schema; the
// fragments it names are added when it is sent. Three queries grow with the number
// of things they ask for, and are made here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident::github {

// The text of queries/NAME.graphql with the fragments it needs. Throws Error for a name there is not.
const std::string& query(std::string_view name);

// Whole items by number: variables owner, name, and n0, n1, … of whole numbers; answers i0, i1, …
std::string items_query(std::size_t count);
// What CI says of the heads of pull requests: the same variables; answers i0, i1, …
std::string checks_query(std::size_t count);
// More entries of several timelines: variables id0, after0, id1, …; answers i0, i1, …
std::string more_entries_query(const std::vector<bool>& is_pull);

}  // namespace resident::github
