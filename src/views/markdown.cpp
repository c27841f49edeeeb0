// GitHub-flavoured Markdown. Everything that comes from data is escaped, so that it
// can neither break the table nor notify people nor become markup.
#include <fmt/format.h>

#include <base/text.hpp>
#include <cctype>
#include <views/view.hpp>

namespace resident {

namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : escape_markdown(text)) {
    if (c == '&') result += '\\';  // not the beginning of an entity
    result += c;
  }
  return result;
}

// Text that begins a line: "- x", "+ x", "= x" and "1. x" would begin a list or a
// heading.
std::string line(std::string_view text) {
  std::string result = escaped(trim(text));
  if (result.empty()) return result;
  if (result[0] == '-' || result[0] == '+' || result[0] == '=') return "\\" + result;
  std::size_t digits = 0;
  while (digits < result.size() && std::isdigit(static_cast<unsigned char>(result[digits]))) ++digits;
  if (digits > 0 && digits < result.size() && (result[digits] == '.' || result[digits] == ')'))
    result.insert(digits, 1, '\\');
  return result;
}

std::string address(std::string_view url) {
  std::string result;
  for (const char c : url) {
    if (std::string_view("()|`").find(c) != std::string_view::npos) {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string cell_text(const Result& result, const std::vector<Cell>& row, std::size_t column) {
  const std::string text = escaped(shown_cell(row.at(column), result.columns[column]));
  const std::string url = cell_address(result, row, column);
  return url.empty() || text.empty() ? text : fmt::format("[{}]({})", text, address(url));
}

void add_table(std::string& out, const Result& result, const RenderOptions& options) {
  const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::leave_out);
  if (chosen.empty()) return;
  if (result.rows.empty()) {
    out += "No rows.\n\n";
    return;
  }
  std::string header = "|", rule = "|";
  for (const std::size_t i : chosen) {
    const Column& column = result.columns[i];
    header += " " + escaped(column.title.empty() ? column.name : column.title) + " |";
    rule += is_numeric(column.type) ? " ---: |" : " --- |";
  }
  out += header + "\n" + rule + "\n";
  for (const auto& row : result.rows) {
    out += '|';
    for (const std::size_t i : chosen) out += " " + cell_text(result, row, i) + " |";
    out += '\n';
  }
  out += '\n';
}

void add_note(std::string& out, std::string_view label, std::string_view text) {
  if (!trim(text).empty()) out += fmt::format("- {}{}\n", label, label.empty() ? line(text) : escaped(trim(text)));
}

}  // namespace

std::string render_markdown(const std::vector<Result>& results, const RenderOptions& options) {
  check_fields(results, options);
  std::string out;
  for (const Result& result : results) {
    if (!out.empty()) out += '\n';
    out += fmt::format("## {}\n\n", escaped(trim(result.title.empty() ? result.name : result.title)));
    if (result.simulated) out += "**Simulated data: these figures come from a simulation, not from a project.**\n\n";
    if (!result.claim.empty()) out += line(result.claim) + "\n\n";
    add_table(out, result, options);
    add_note(out, "Definition: ", result.definition);
    add_note(out, "Coverage: ", result.coverage);
    add_note(out, "Uncertainty: ", result.uncertainty);
    for (const std::string& note : result.notes) add_note(out, "", note);
    add_note(out, "Basis: ", basis_line(result));
  }
  return out;
}

}  // namespace resident
