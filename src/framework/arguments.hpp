// Arguments of analyses as values: what a person typed is checked here, once, and
// what is wrong is an Error{usage} that says what would be right.
#pragma once

#include <base/error.hpp>
#include <framework/analysis.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// --NAME as a date or time; nothing where it was not given.
std::optional<Timestamp> time_argument(const Context& context, const std::string& name);
// --NAME, one of these; "" where it was not given.
std::string one_of_argument(const Context& context, const std::string& name, const std::vector<std::string>& values);
// --NAME as a person of the store, or else the one that `configured` names; 0 for neither. A person typed who is not
// there is an error; one configured may be of another project.
std::int64_t person_argument(const Context& context, const std::string& name, const std::string& configured);
// The number of an item that the analysis is about ("12" or "#12"). what: "review show", for messages.
std::int64_t item_argument(const Context& context, std::string_view what);
// Why there is no open item of that kind and number at that moment, as an Error{usage}.
Error no_such_item(const Context& context, std::string_view kind, std::int64_t number);
// A parameter without a value (its `argument` is empty): was it given?
inline bool flag_argument(const Context& context, const std::string& name) {
  return !context.argument(name).empty();
}

}  // namespace resident
