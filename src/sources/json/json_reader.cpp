#include <fmt/format.h>

#include <base/error.hpp>
#include <sources/json/json_reader.hpp>

namespace resident::json {

namespace {

std::string_view type_of(Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "a list";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE:
      return "a number";
    case simdjson::dom::element_type::STRING:
      return "text";
    case simdjson::dom::element_type::BOOL:
      return "true or false";
    default:
      return "null";
  }
}

// In words that are the same in every version of the library, which says the rest of it one way here and another there.
const char* problem_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "it is not UTF-8";
    case simdjson::EMPTY:
      return "it is empty";
    case simdjson::DEPTH_ERROR:
      return "lists and objects stand too deep in each other";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
      return "it is too large";
    default:
      return "it is cut short, or a comma, quote or bracket is missing or too much";
  }
}

}  // namespace

Element parse(Parser& parser, std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // The parser copies it, wherever it is: nothing may be nowhere.
  if (text.empty()) text = " ";
  Element element;
  // Copies into a padded buffer, as the parser reads past the end otherwise.
  if (const auto error = parser.parse(text.data(), text.size(), true).get(element))
    throw Error(fmt::format("not valid JSON: {}", problem_of(error)));
  return element;
}

Object::Object(Element element, std::string name) : name_(std::move(name)) {
  if (element.get(object_)) throw Error(fmt::format("{}: expected an object, found {}", name_, type_of(element)));
}

std::optional<Element> Object::element(std::string_view key) const {
  Element value;
  if (object_.at_key(key).get(value) || value.is_null()) return std::nullopt;
  return value;
}

bool Object::has(std::string_view key) const {
  return element(key).has_value();
}

void Object::wrong(std::string_view key, std::string_view expected) const {
  const auto value = element(key);
  throw Error(fmt::format("{}.{}: expected {}, found {}", name_, key, expected, value ? type_of(*value) : "nothing"));
}

std::string Object::text(std::string_view key) const {
  const auto value = element(key);
  if (!value) return {};
  std::string_view text;
  if (value->get(text)) wrong(key, "text");
  return std::string(text);
}

std::string Object::required_text(std::string_view key) const {
  if (!has(key)) wrong(key, "text");
  return text(key);
}

std::optional<std::int64_t> Object::integer(std::string_view key) const {
  const auto value = element(key);
  if (!value) return std::nullopt;
  std::int64_t integer;
  if (value->get(integer)) wrong(key, "a whole number");
  return integer;
}

std::int64_t Object::required_integer(std::string_view key) const {
  if (!has(key)) wrong(key, "a whole number");
  return *integer(key);
}

std::optional<double> Object::number(std::string_view key) const {
  const auto value = element(key);
  if (!value) return std::nullopt;
  double number;
  if (value->get(number)) wrong(key, "a number");
  return number;
}

bool Object::boolean(std::string_view key) const {
  const auto value = element(key);
  if (!value) return false;
  bool boolean;
  if (value->get(boolean)) wrong(key, "true or false");
  return boolean;
}

std::optional<Timestamp> Object::time(std::string_view key) const {
  const auto value = element(key);
  if (!value) return std::nullopt;
  std::int64_t seconds;
  if (!value->get(seconds)) {
    // Year 1 to 9999, as for text.
    if (seconds < -62135596800 || seconds > 253402300799) wrong(key, "a time between the years 1 and 9999");
    return seconds;
  }
  std::string_view text;
  if (value->get(text)) wrong(key, "a time");
  const auto time = parse_time(text);
  if (!time) wrong(key, "a time like 2024-01-31T10:00:00Z");
  return time;
}

Timestamp Object::required_time(std::string_view key) const {
  if (!has(key)) wrong(key, "a time");
  return *time(key);
}

std::optional<Object> Object::object(std::string_view key) const {
  const auto value = element(key);
  if (!value) return std::nullopt;
  return Object(*value, fmt::format("{}.{}", name_, key));
}

std::optional<Array> Object::array(std::string_view key) const {
  const auto value = element(key);
  if (!value) return std::nullopt;
  Array array;
  if (value->get(array)) wrong(key, "a list");
  return array;
}

std::vector<std::string> Object::keys() const {
  std::vector<std::string> result;
  for (const auto& [key, value] : object_) result.emplace_back(key);
  return result;
}

std::string text_of(Element element, std::string_view name) {
  std::string_view text;
  if (element.get(text)) throw Error(fmt::format("{}: expected text, found {}", name, type_of(element)));
  return std::string(text);
}

}  // namespace resident::json
