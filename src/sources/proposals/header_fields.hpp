// What stands in the head of a proposal, as fields with a name and a value, for the four ways in which projects write
// heads. Promises: every byte string gives an answer, in time that grows with the text alone; a head that a strict
// reader would refuse (old versions of files are full of them) still gives the fields that can be told apart; values
// are clean, bounded text without comments, quotes or line breaks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct HeaderField {
  std::string name;                // lower case
  std::string value;               // folded to one line; of a list, its members joined by ", "
  std::vector<std::string> items;  // of a list in YAML; else the value alone, or nothing
};
using HeaderFields = std::vector<HeaderField>;

// The first of that name (lower case); null where there is none.
const HeaderField* find_field(const HeaderFields& fields, std::string_view name);
std::string field_value(const HeaderFields& fields, std::string_view name);

// "Name: value" lines up to the first empty one, longer ones go on behind white space (RFC 5322, as PEP 1 has it).
HeaderFields mail_headers(std::string_view text);
// The same of the first paragraph near the top that has nothing but such lines, two or more: below a title, mostly.
HeaderFields header_paragraph(std::string_view text);
// ":Name: value" lines: the first field list of a reStructuredText document.
HeaderFields field_list(std::string_view text);
// Fields that are set off near the top: a list in Markdown ("* Status: **Accepted**"), or lines in a block, indented
// alike (MediaWiki's "<pre>", "```"), of two or more; the first such list that has a field of that name (lower case;
// empty: any). Values are without emphasis and addresses of links.
HeaderFields listed_fields(std::string_view text, std::string_view name);
// Whether a field may be called so; what a line says ("**Status:** Accepted" and "Status: **Accepted**" alike), without
// a name where it is no field.
bool is_field_name(std::string_view name);
HeaderField field_of_line(std::string_view text);
// The keys at the top of a YAML document: plain and quoted values, and lists of them. What stands deeper is passed by.
HeaderFields yaml_fields(std::string_view text);
// The same of what stands between two lines "---" at the beginning of a text; of TOML between two lines "+++".
HeaderFields front_matter(std::string_view text);
// The text behind the front matter; all of it where there is none.
std::string_view behind_front_matter(std::string_view text);

}  // namespace resident
