// The store for writing, for what analyses keep of their own work (docs/adr/0017): they read through a connection
// that cannot write, so a second one is opened for the moment it takes. False where the store may only be read; then
// nothing is kept, and everything works, slower.
#pragma once

#include <base/error.hpp>
#include <memory>
#include <store/database.hpp>

namespace resident {

class StoreWriter {
 public:
  // The reader's own store where that one writes, or another beside it.
  explicit StoreWriter(Database& reader) : database_(&reader) {
    try {
      own_ = reader.open_writer();
      if (own_) database_ = own_.get();
    } catch (const Error&) {
      database_ = nullptr;
    }
  }
  explicit operator bool() const { return database_ != nullptr; }
  Database& operator*() const { return *database_; }
  Database* operator->() const { return database_; }

 private:
  std::unique_ptr<Database> own_;
  Database* database_;
};

}  // namespace resident
