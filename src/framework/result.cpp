#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <base/url.hpp>
#include <cmath>
#include <framework/result.hpp>

namespace resident {

namespace {

constexpr const char* kNothing = "–";
constexpr std::string_view kHidden = "<e-mail>";

// "3.74 × 10⁻¹¹", as people write what has too many zeros.
std::string by_powers_of_ten(double number) {
  static constexpr std::string_view kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const std::string text = fmt::format("{:.2e}", number);
  const std::size_t e = text.find('e');
  std::string factor = text.substr(0, e), power;
  factor.erase(factor.find_last_not_of('0') + 1);
  if (factor.ends_with('.')) factor.pop_back();
  const int exponent = std::stoi(text.substr(e + 1));
  for (const char digit : std::to_string(std::abs(exponent))) power += kRaised[digit - '0'];
  return fmt::format("{} × 10{}{}", factor, exponent < 0 ? "⁻" : "", power);
}

// Three decimals below one, two above, one from a hundred on, none from a thousand
// on; zeros at the end are dropped.
std::string format_number(double number) {
  if (std::isnan(number)) return kNothing;
  if (std::isinf(number)) return number > 0 ? "∞" : "-∞";
  const double magnitude = std::fabs(number);
  if (magnitude >= 1e15 || (magnitude > 0 && magnitude < 1e-3)) return by_powers_of_ten(number);
  if (magnitude >= 1000) return with_thousands(std::llround(number));
  const int decimals = magnitude >= 100 ? 1 : magnitude >= 1 ? 2 : 3;
  std::string text = fmt::format("{:.{}f}", number, decimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

// One decimal, so that a column of shares stays in line. What is some, but too little for that, is not written as none,
// and what is nearly all not as all.
std::string format_share(double share) {
  if (!std::isfinite(share)) return kNothing;
  if (share == 0) return "0 %";
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  if (share < 1 && share >= 0.9995) return "> 99.9 %";
  return share == 1 ? "100 %" : fmt::format("{:.1f} %", share * 100);
}

std::optional<Timestamp> time_of(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  const auto* number = std::get_if<double>(&cell);
  if (number && std::fabs(*number) < 1e15) return static_cast<Timestamp>(std::floor(*number));
  return std::nullopt;
}

}  // namespace

void Result::set_roles(std::initializer_list<std::pair<std::string_view, ColumnRole>> roles) {
  for (const auto& [of, role] : roles) columns[column(of)].role = role;
}

std::size_t Result::column(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == column_name) return i;
  throw Error(fmt::format("result {} has no column {}", name, column_name), "this is a bug in the analysis");
}

std::string format_cell(const Cell& cell, ColumnType type) {
  if (std::holds_alternative<std::monostate>(cell)) return kNothing;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const auto* whole = std::get_if<std::int64_t>(&cell);
  const double number = whole ? static_cast<double>(*whole) : std::get<double>(cell);
  switch (type) {
    case ColumnType::share:
      return format_share(number);
    case ColumnType::duration:
      return std::isfinite(number) ? format_duration(number) : kNothing;
    case ColumnType::date:
      if (const auto time = time_of(cell)) return format_date(*time);
      return kNothing;
    case ColumnType::time:
      if (const auto time = time_of(cell)) return format_time(*time).substr(0, 16).replace(10, 1, " ");
      return kNothing;
    case ColumnType::item:
      return whole ? fmt::format("#{}", *whole) : format_number(number);
    case ColumnType::text:
    case ColumnType::integer:
    case ColumnType::number:
    case ColumnType::url:
      break;
  }
  return whole ? with_thousands(*whole) : format_number(number);
}

std::string raw_cell(const Cell& cell, ColumnType type) {
  if (std::holds_alternative<std::monostate>(cell)) return {};
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (type == ColumnType::date || type == ColumnType::time) {
    const auto time = time_of(cell);
    if (!time) return {};
    return type == ColumnType::date ? format_date(*time) : format_time(*time);
  }
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  const double number = std::get<double>(cell);
  if (!std::isfinite(number)) return {};
  // Seconds that days were multiplied to: 32352.000000000004 are 32352.
  return type == ColumnType::duration ? fmt::format("{:.15g}", number) : fmt::format("{}", number);
}

const char* type_name(ColumnType type) {
  switch (type) {
    case ColumnType::text:
      return "text";
    case ColumnType::integer:
      return "integer";
    case ColumnType::number:
      return "number";
    case ColumnType::share:
      return "share";
    case ColumnType::duration:
      return "duration";
    case ColumnType::date:
      return "date";
    case ColumnType::time:
      return "time";
    case ColumnType::item:
      return "item";
    case ColumnType::url:
      return "url";
  }
  return "text";
}

const char* kind_name(Chart::Kind kind) {
  switch (kind) {
    case Chart::Kind::none:
      return "none";
    case Chart::Kind::line:
      return "line";
    case Chart::Kind::step:
      return "step";
    case Chart::Kind::bar:
      return "bar";
    case Chart::Kind::area:
      return "area";
    case Chart::Kind::dot:
      return "dot";
  }
  return "none";
}

std::string hide_emails(const std::string& text) {
  if (text.find('@') == std::string::npos) return text;
  std::string hidden = blank_emails(blank_passwords(text));
  return hidden == kHidden ? text.substr(0, text.find('@')) + "@…" : hidden;
}

void hide_emails(Result& result) {
  for (std::string* text : {&result.title, &result.question, &result.claim, &result.uncertainty, &result.coverage,
                            &result.definition, &result.method, &result.chart.y_label})
    *text = hide_emails(*text);
  for (std::string& note : result.notes) note = hide_emails(note);
  for (Column& column : result.columns)
    for (std::string* text : {&column.title, &column.unit, &column.description}) *text = hide_emails(*text);
  for (auto& row : result.rows)
    for (std::size_t i = 0; i < row.size() && i < result.columns.size(); ++i)
      if (auto* text = std::get_if<std::string>(&row[i]); text && !result.columns[i].exact) *text = hide_emails(*text);
}

}  // namespace resident
