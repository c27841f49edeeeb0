// The other forms in which heads of proposals are written: elements of XML, directives of reStructuredText, tables,
// lines that stand far apart, and sections of their own. Promises as in header_fields.hpp: any bytes give an answer, in
// time that grows with the text alone, and values are clean text of one line.
#pragma once

#include <sources/proposals/header_fields.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// Elements that hold text alone, in the order of the document, and the attributes of the first element.
HeaderFields xml_fields(std::string_view text);
// ".. name:: value" near the top of reStructuredText.
HeaderFields directive_fields(std::string_view text);
// Tables near the top that name a field in each row, or have one row below the names: of Markdown, reStructuredText
// (grids, simple tables, list-table) and HTML.
HeaderFields head_table(std::string_view text);
// "Name: value" lines near the top, wherever they stand: a paragraph each, quoted, in bold. Nothing where no field of
// that name (lower case) is among them, or it stands alone without emphasis.
HeaderFields scattered_fields(std::string_view text, std::string_view name);
// The first line below a heading of that name (lower case); of lines that each have a date, the newest.
HeaderFields section_field(std::string_view text, std::string_view name);

// All heads of a document, or those to the first that says a status by that name (lower case; empty: whatever they
// name), in the order in which they are trusted.
enum class Heads { all, to_the_first };
std::vector<HeaderFields> document_heads(std::string_view path, std::string_view text, std::string_view name,
                                         Heads wanted = Heads::to_the_first);
// Its title: of the first heading, if no field says one.
std::string document_heading(std::string_view text);
// A status as a project writes it, without what stands behind the word: remarks in brackets, days, links, marks. Empty
// for what a template offers to choose from ("proposed | accepted").
std::string status_word(std::string_view value);

}  // namespace resident
