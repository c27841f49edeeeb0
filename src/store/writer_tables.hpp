// Rows that wait to be written: for the parts of the Writer, and nobody else.
#pragma once

#include <store/writer.hpp>
#include <utility>

namespace resident {

struct Writer::Table {
  InsertTarget target;
  std::vector<Value> values = {};  // of all rows, one after the other
};

template <class... Values>
void Writer::add(Table& target, Values&&... values) {
  (target.values.emplace_back(std::forward<Values>(values)), ...);
  ++pending_;
}

}  // namespace resident
