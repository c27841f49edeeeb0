// Reading JSON that somebody else wrote. Every getter says by name what is wrong
// with a value, so that the reason in quarantine can be acted on; a key that is
// absent or null is empty, never an error, unless it is required.
#pragma once

#include <simdjson.h>

#include <base/time.hpp>
#include <optional>
#include <store/records.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::json {

using Element = simdjson::dom::element;
using Array = simdjson::dom::array;
using Parser = simdjson::dom::parser;

// Throws Error when the text is not one JSON document in UTF-8.
Element parse(Parser& parser, std::string_view text);

class Object {
 public:
  // Throws Error when it is not an object; name is for messages.
  Object(Element element, std::string name);

  bool has(std::string_view key) const;  // present and not null
  std::string text(std::string_view key) const;
  std::string required_text(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::int64_t required_integer(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  bool boolean(std::string_view key) const;
  // RFC 3339, or integer seconds.
  std::optional<Timestamp> time(std::string_view key) const;
  Timestamp required_time(std::string_view key) const;
  std::optional<Object> object(std::string_view key) const;
  std::optional<Array> array(std::string_view key) const;
  std::optional<Element> element(std::string_view key) const;
  std::vector<std::string> keys() const;  // in their order
  const std::string& name() const { return name_; }

 private:
  [[noreturn]] void wrong(std::string_view key, std::string_view expected) const;
  simdjson::dom::object object_;
  std::string name_;
};

// Text of an element; throws Error naming it when it is something else.
std::string text_of(Element element, std::string_view name);

}  // namespace resident::json
