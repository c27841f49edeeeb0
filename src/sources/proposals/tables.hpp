// Tables of a Markdown document, read for what their rows link to: the way in which some projects keep the state of
// their proposals. Promises: cells as plain text, the first link of each (in the text, by reference, or bare) with its
// address, the headings above and the titles of the columns; any bytes give an answer, bounded in size.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct TableCell {
  std::string text;  // without markup
  std::string link;  // address of its first link; empty: none
};

struct TableRow {
  std::string heading;  // the nearest above the table, without marks
  std::vector<std::string> titles;
  std::vector<TableCell> cells;
  // The cell below the first title that has the word in it (lower case); null: none.
  const TableCell* below(std::string_view word) const;
};

std::vector<TableRow> markdown_rows(std::string_view text);
// The text of a line of Markdown as one reads it: links as their words, without code and emphasis marks.
std::string plain_markdown(std::string_view text);

}  // namespace resident
