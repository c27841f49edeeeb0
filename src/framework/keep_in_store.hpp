// For what analyses keep of their own work (docs/adr/0017): they read through a connection that cannot write, so a
// second one is opened for the moment it takes. What is kept is never needed; so where the store may only be read, or
// somebody else writes to it for long, nothing is kept, nothing is said, and everything works, slower.
#pragma once

#include <base/error.hpp>
#include <functional>
#include <store/database.hpp>

namespace resident {

// Calls `write` with the store for writing, in a transaction that is committed unless it says false: the reader's own
// store where that one writes, or another beside it.
inline void keep_in_store(Database& reader, const std::function<bool(Database&)>& write) {
  try {
    const auto own = reader.open_writer();
    Database& database = own ? *own : reader;
    Transaction transaction(database);
    if (write(database)) transaction.commit();
  } catch (const Error&) {
    // It is made anew next time.
  }
}

}  // namespace resident
