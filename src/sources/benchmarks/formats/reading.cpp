#include <algorithm>
#include <base/error.hpp>
#include <charconv>
#include <cmath>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

element document_of(simdjson::dom::parser& parser, std::string_view bytes) {
  element document;
  auto error = parser.parse(simdjson::padded_string(bytes)).get(document);
  int tries = 0;
  for (std::size_t at = 0; error != simdjson::SUCCESS && tries < 64; ++tries) {
    const std::size_t object = bytes.find("\n{", at), list = bytes.find("\n[", at);
    at = std::min(object, list);
    if (at == std::string_view::npos) break;
    error = parser.parse(simdjson::padded_string(bytes.substr(++at))).get(document);
  }
  if (error != simdjson::SUCCESS)
    throw Error(ErrorKind::failed, std::string("this JSON cannot be read: ") + simdjson::error_message(error),
                "was the run killed while it wrote?");
  return document;
}

std::optional<element> member(const element& object, std::string_view key) {
  element value;
  return object[key].get(value) == simdjson::SUCCESS && !value.is_null() ? std::optional(value) : std::nullopt;
}

void collect_numbers(const element& list, std::vector<double>& numbers) {
  double number = 0;
  simdjson::dom::array array;
  if (list.get(number) == simdjson::SUCCESS) {
    if (numbers.size() < kMostValues) numbers.push_back(number);
  } else if (list.get(array) == simdjson::SUCCESS) {
    for (const element& each : array) collect_numbers(each, numbers);
  }
}

std::vector<double> numbers_of(const element& object, std::string_view key) {
  std::vector<double> numbers;
  if (const auto list = member(object, key)) collect_numbers(*list, numbers);
  return numbers;
}

std::vector<std::string> class_of(std::string_view dotted) {
  const std::size_t dot = dotted.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return {std::string(dotted.substr(0, dot))};
}

std::vector<std::string> texts_of(const element& object, std::string_view key) {
  std::vector<std::string> texts;
  if (const auto one = text_of(object, key); !one.empty()) texts.emplace_back(one);
  each_of(object, key, [&](const element& each) {
    std::string_view text;
    if (each.get(text) == simdjson::SUCCESS && texts.size() < 10 * kMostTags) texts.emplace_back(text);
  });
  return texts;
}

std::string shown(const element& value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(value);
}

std::vector<Row> separated_rows(std::string_view bytes, char separator) {
  std::vector<Row> rows;
  Row row;
  std::string field;
  bool quoted = false, any = false;
  const auto end_field = [&] { row.push_back(std::move(field)), field.clear(), any = true; };
  const auto end_row = [&] {
    if (any || !field.empty()) end_field(), rows.push_back(std::move(row));
    row.clear(), any = false;
  };
  for (std::size_t i = 0; i < bytes.size() && rows.size() < kMostValues; ++i) {
    const char c = bytes[i];
    if (quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < bytes.size() && bytes[i + 1] == '"')
        field += bytes[i++];
      else
        quoted = false;
    } else if (c == '"' && field.empty()) {
      quoted = true, any = true;
    } else if (c == separator) {
      end_field();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      field += c;
    }
  }
  end_row();
  return rows;
}

std::optional<std::size_t> column_of(const Row& header, std::string_view name) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (to_lower(trim(header[i])) == name) return i;
  return std::nullopt;
}

std::string_view field_of(const Row& row, std::optional<std::size_t> column) {
  return column && *column < row.size() ? trim(row[*column]) : std::string_view();
}

std::optional<double> number_in(std::string_view text) {
  std::string plain;
  for (const char c : trim(text))
    if (c != ',' && c != '_' && c != ' ') plain += c;
  if (plain.starts_with('+')) plain.erase(0, 1);
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error != std::errc{} || end != plain.data() + plain.size() || plain.empty()) return std::nullopt;
  return value;
}

std::optional<Quantity> quantity_in(std::string_view text) {
  text = trim(text);
  std::size_t end = 0;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  while (end < text.size() &&
         (is_digit(text[end]) || text[end] == '.' || text[end] == ',' || text[end] == '-' || text[end] == '+'))
    ++end;
  if (end + 1 < text.size() && (text[end] == 'e' || text[end] == 'E') &&
      (is_digit(text[end + 1]) || text[end + 1] == '-' || text[end + 1] == '+')) {
    end += 2;
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  const auto number = number_in(text.substr(0, end));
  if (!number) return std::nullopt;
  return Quantity{*number, trim(text.substr(end))};
}

std::optional<double> in_base_unit(std::string_view text) {
  const auto quantity = quantity_in(text);
  if (!quantity) return std::nullopt;
  return quantity->number * unit_of(quantity->unit).factor;
}

}  // namespace resident::benchmarks
