// RFC 4180: CRLF ends each record, the first one names the columns. Where there are
// several results, a blank line stands between them. Spreadsheets take text that
// begins with = + - @ or a tab for a formula; such text gets a ' in front.
#include <base/text.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

std::string quoted(const std::string& text) {
  const bool plain =
      text.find_first_of(",\"\r\n") == std::string::npos && !text.starts_with(' ') && !text.ends_with(' ');
  if (plain) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string field(const Cell& cell, ColumnType type) {
  std::string text = raw_cell(cell, type);
  if (std::holds_alternative<std::string>(cell)) {
    text = clean_text(text);
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
      text.insert(text.begin(), '\'');
  }
  return quoted(text);
}

}  // namespace

std::string render_csv(const std::vector<Result>& results, const RenderOptions& options) {
  check_fields(results, options);
  std::string csv;
  for (const Result& result : results) {
    if (!csv.empty()) csv += "\r\n";
    const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::keep);
    if (chosen.empty()) continue;
    for (const std::size_t i : chosen) csv += (i == chosen.front() ? "" : ",") + quoted(result.columns[i].name);
    csv += "\r\n";
    for (const auto& row : result.rows) {
      for (const std::size_t i : chosen)
        csv += (i == chosen.front() ? "" : ",") + field(row.at(i), result.columns[i].type);
      csv += "\r\n";
    }
  }
  return csv;
}

}  // namespace resident
