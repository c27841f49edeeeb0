// RFC 4180: CRLF ends each record, the first one names the columns. Where there are
// several results, a blank line stands between them.
#include <base/csv.hpp>
#include <base/text.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

// A line break may stand in a cell; what a terminal would obey is taken out.
std::string without_controls(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool is_break = byte == '\t' || byte == '\n' || byte == '\r';
    // U+0080 to U+009F stand in two bytes.
    const bool is_long = byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (is_long) ++at;
    if ((byte >= 0x20 && byte != 0x7F && !is_long) || is_break) result += text[at];
  }
  return result;
}

std::string field(const Cell& cell, ColumnType type) {
  std::string text = raw_cell(cell, type);
  if (std::holds_alternative<std::string>(cell)) {
    return csv_text(without_controls(clean_text(text)));
  }
  return csv_quoted(text);
}

}  // namespace

std::string render_csv(const std::vector<Result>& results, const RenderOptions& options) {
  check_fields(results, options);
  std::string csv;
  for (const Result& result : results) {
    if (!csv.empty()) csv += "\r\n";
    const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::keep);
    if (chosen.empty()) continue;
    for (const std::size_t i : chosen) csv += (i == chosen.front() ? "" : ",") + csv_quoted(result.columns[i].name);
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
