// Arguments of analyses as values: what a person typed is checked here, once, and
// what is wrong is an Error{usage} that says what would be right.
#pragma once

#include <analyses/analysis.hpp>
#include <optional>
#include <string>

namespace resident {

// --NAME as a whole number from low to high; fallback where it was not given.
std::int64_t number_argument(const Context& context, const std::string& name, std::int64_t fallback, std::int64_t low,
                             std::int64_t high);
// --NAME as a date or time; nothing where it was not given.
std::optional<Timestamp> time_argument(const Context& context, const std::string& name);
// A parameter without a value (its `argument` is empty): was it given?
inline bool flag_argument(const Context& context, const std::string& name) {
  return !context.argument(name).empty();
}

}  // namespace resident
