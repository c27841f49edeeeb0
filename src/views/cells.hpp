// Cells of a Result as HTML: their text, and what they lead to: the page of an item, a person, a label, a module or a
// file where pages are served, the forge beside it.
#pragma once

#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident {

std::string title_of(const Column& column);
// Escaped, and bounded: the JSON has all of it. Its figures keep their units, and long paths break at their parts.
std::string shown_text(const Result& result, const std::vector<Cell>& row, std::size_t column);
// The page that a row's number leads to: of a thread where the row has the key of one, else of the item; "" for none.
std::string page_of(const Result& result, const std::vector<Cell>& row, std::size_t column,
                    const DocumentOptions& options);
// The cell with its links.
std::string cell_html(const Result& result, const std::vector<Cell>& row, std::size_t column,
                      const DocumentOptions& options);
// Escaped text whose figures stay on the line of their units ("47 %", "2.0 d"), by no-break spaces.
std::string keep_units(std::string_view escaped);
// Escaped text in which `resident …` is shown as code: what is to be typed, as our own texts say it.
std::string with_commands(const std::string& escaped);
// `inner` (escaped) as a link to an address outside, if there is one.
std::string link_to(const std::string& url, const std::string& inner);

// The rows of a queue as a list, two lines each; which of them: all that options allow, and a line that says where the
// others are is not in it.
std::string render_queue(const Result& result, const std::vector<std::size_t>& rows, const DocumentOptions& options,
                         int heading_level);

}  // namespace resident
