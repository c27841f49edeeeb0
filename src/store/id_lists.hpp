// Numbers of rows for `… IN ({})`: where a model knows which rows it wants, the store is asked for those and looks at
// no others, however many there are. In lists of a length that every engine takes in one statement.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace resident {

// "12, 15, 36" and so on, of at most 20,000 numbers each; none for no numbers. They keep their order.
template <class Range, class NumberOf>
std::vector<std::string> id_lists(const Range& range, const NumberOf& number_of) {
  constexpr std::size_t kMost = 20'000;
  std::vector<std::string> lists;
  std::size_t count = 0;
  for (const auto& each : range) {
    if (count++ % kMost == 0) lists.emplace_back();
    std::string& list = lists.back();
    if (!list.empty()) list += ", ";
    fmt::format_to(std::back_inserter(list), "{}", static_cast<std::int64_t>(number_of(each)));
  }
  return lists;
}

}  // namespace resident
