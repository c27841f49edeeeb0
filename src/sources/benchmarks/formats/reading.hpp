// Small helps that the forms share: JSON documents, tables of separated values, numbers as people write them.
#pragma once

#include <functional>
#include <sources/benchmarks/formats/format.hpp>
#include <sources/decode/text_lines.hpp>

namespace resident::benchmarks {

using simdjson::dom::element;

// The document, which may stand behind lines that the program printed before it. `parser` keeps what is returned.
element document_of(simdjson::dom::parser& parser, std::string_view bytes);

std::optional<element> member(const element& object, std::string_view key);
template <class Each>
void each_of(const element& object, std::string_view key, const Each& each) {
  simdjson::dom::array list;
  if (object[key].get(list) != simdjson::SUCCESS) return;
  for (const element& item : list) each(item);
}
// The numbers of a list, or of lists in it.
void collect_numbers(const element& list, std::vector<double>& numbers);
std::vector<double> numbers_of(const element& object, std::string_view key);
// The class or module of a dotted name (asv, JMH): "parse.Json" of "parse.Json.time_load"; nothing where there is none.
std::vector<std::string> class_of(std::string_view dotted);
// The texts of a list, or the one text; nothing for anything else.
std::vector<std::string> texts_of(const element& object, std::string_view key);
// A value as people would write it: 3, true, text.
std::string shown(const element& value);

// Rows of separated values (RFC 4180): fields in quotes may hold the separator, line ends and doubled quotes.
using Row = std::vector<std::string>;
std::vector<Row> separated_rows(std::string_view bytes, char separator);
// Where that column stands, or nothing.
std::optional<std::size_t> column_of(const Row& header, std::string_view name);
// "" where the row is too short or there is no such column.
std::string_view field_of(const Row& row, std::optional<std::size_t> column);

// The whole text as a number: "1,234.5" and "1 234" too; nothing for anything else.
std::optional<double> number_in(std::string_view text);
// "1.09ms", "2.1 KB", "1,234 ns/iter": number and unit; no unit is "".
struct Quantity {
  double number = 0;
  std::string_view unit;
};
std::optional<Quantity> quantity_in(std::string_view text);
std::optional<double> in_base_unit(std::string_view text);

inline const Unit kSeconds{"s", 1}, kMilliseconds{"s", 1e-3}, kMicroseconds{"s", 1e-6}, kNanoseconds{"s", 1e-9},
    kBytes{"B", 1}, kKibibytes{"B", 1024}, kBytesPerSecond{"B/s", 1}, kPerSecond{"1/s", 1}, kCount{"count", 1},
    kPercent{"%", 1};

}  // namespace resident::benchmarks
