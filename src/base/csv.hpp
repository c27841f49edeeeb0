// Cells of CSV (RFC 4180). Spreadsheets take text that begins with = + - @, a tab or a line break for a formula, and
// run it (OWASP, CSV Injection); such text gets a ' in front, which they show as text. Cells that
// are numbers are no text and stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace resident {

std::string csv_quoted(std::string_view text);  // in quotes where RFC 4180 wants them
std::string csv_text(std::string_view text);    // of somebody else: harmless, and quoted

}  // namespace resident
