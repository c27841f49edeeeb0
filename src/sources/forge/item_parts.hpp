// What readers of items have in common, whatever forge or archive the objects come from:
// lists of which one broken entry spoils nothing else, numbers that can be, and the
// events that a state implies where nobody tells them.
#pragma once

#include <fmt/format.h>

#include <base/error.hpp>
#include <functional>
#include <sources/json/json_reader.hpp>

namespace resident::json {

// What is set aside: where it stands ("events/3"), and why.
using Problem = std::function<void(const std::string& place, const std::string& reason)>;

// Reads each entry of a list, if there is one; what cannot be read goes to `problem`.
template <class Read>
void each_object(const Object& object, std::string_view key, const Problem& problem, const Read& read) {
  const auto array = object.array(key);
  if (!array) return;
  std::size_t position = 0;
  for (const Element element : *array) {
    const std::string place = fmt::format("{}/{}", key, position++);
    try {
      read(Object(element, place));
    } catch (const Error& error) {
      problem(place, error.what());
    }
  }
}

// An item's number. Throws Error for what no forge gives.
std::int64_t item_number(const Object& object, std::string_view key = "number");

// The merge and the closing that the item's state implies, where the source tells no events.
void derive_ends(ItemRecord& item);

}  // namespace resident::json
