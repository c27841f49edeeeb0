// What an issue's text holds beside the form that it was written in, and whether somebody is at it.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <string_view>
#include <unordered_set>

namespace resident {

// The text of a report without what nobody filled in: headings of an issue form with "_No response_" or nothing below
// them, HTML comments, and the placeholders of GitHub's and GitLab's templates ("- Version [e.g. 22]", "1. Go to
// '...'"). Code blocks stay as they are.
std::string without_blank_fields(std::string_view body);

// Items that somebody was assigned to, as of the moment.
std::unordered_set<std::int64_t> assigned_items(const Context& context);

}  // namespace resident
