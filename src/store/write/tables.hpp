// Rows that wait to be written: for the parts of the Writer, and nobody else.
#pragma once

#include <store/writer.hpp>
#include <utility>

namespace resident {

inline Value integer(bool value) {
  return static_cast<std::int64_t>(value ? 1 : 0);
}

struct Writer::Table {
  InsertTarget target;
  std::vector<Value> values = {};  // of all rows, one after the other
};

template <class... Values>
void Writer::add(Table& target, Values&&... values) {
  (target.values.emplace_back(std::forward<Values>(values)), ...);
  ++pending_;
}

template <class Write>
void Writer::guarded(const Write& write) {
  if (failure_) throw *failure_;
  try {
    write();
  } catch (const Error& error) {
    failure_ = error;
    throw;
  }
}

}  // namespace resident
