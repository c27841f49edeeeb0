// The store, as the rest of the program sees it: eight verbs over SQLite (one
// file, the default) or PostgreSQL (by URL), with the same schema and the same
// SQL. Queries are written once, in the portable part of SQL, with parameters
// named :like_this; what one engine lacks (quantile, month_start, greatest, …) is
// registered in SQLite and defined in PostgreSQL under the same name.
// There is never a method per query here.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace resident {

struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

template <class T>
Value value_of(const std::optional<T>& optional) {
  return optional ? Value(*optional) : Value();
}
// Empty text is stored as null.
Value text_or_null(std::string_view text);

using Parameters = std::vector<std::pair<std::string_view, Value>>;

// A forward cursor over the rows of a query.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual bool next() = 0;
  virtual std::size_t column_count() const = 0;
  virtual std::string column_name(std::size_t column) const = 0;
  virtual bool is_null(std::size_t column) const = 0;
  virtual std::int64_t integer(std::size_t column) const = 0;   // null: 0
  virtual double number(std::size_t column) const = 0;          // null: 0
  virtual std::string_view text(std::size_t column) const = 0;  // null: ""; valid until next()
  virtual Value value(std::size_t column) const = 0;

  std::optional<std::int64_t> optional_integer(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }
  std::string string(std::size_t column) const { return std::string(text(column)); }
};

enum class OnConflict { fail, ignore, replace };

struct InsertTarget {
  std::string_view table;
  std::vector<std::string_view> columns;
  std::vector<std::string_view> key;  // what decides that a row is there already
  OnConflict on_conflict = OnConflict::replace;
};

enum class Access { read, write };

class Database {
 public:
  // A file name, or postgresql://… Opening for writing makes and migrates the
  // schema; opening for reading migrates one that is behind, and a store that is not there is an Error.
  static std::unique_ptr<Database> open(const std::string& location, Access access = Access::write);
  // The same store for writing, beside this one: for what a reader keeps of its own work. Nothing if this one writes.
  std::unique_ptr<Database> open_writer() const;
  // The same store for reading, beside this one: for another thread. It sees what is committed. Nothing of a
  // store in memory, which only its own connection can see.
  std::unique_ptr<Database> open_reader() const;
  virtual ~Database() = default;

  virtual std::string_view engine() const = 0;  // "sqlite" or "postgresql"
  virtual std::unique_ptr<Rows> query(std::string_view sql, const Parameters& parameters = {}) = 0;
  virtual void execute(std::string_view sql, const Parameters& parameters = {}) = 0;
  // Several statements without parameters.
  virtual void execute_script(std::string_view sql) = 0;
  void insert(const InsertTarget& target, const std::vector<std::vector<Value>>& rows);
  // The values of all rows, one row after the other.
  virtual void insert_values(const InsertTarget& target, const std::vector<Value>& values) = 0;
  // Refreshes what the query planner knows; worth it after a large import.
  virtual void analyze() = 0;
  // Runs one statement that can't write, whatever it says; for `resident sql`.
  virtual std::unique_ptr<Rows> query_untrusted(std::string_view sql) = 0;
  // Takes the right to write; an Error after 30 s of waiting for another process.
  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  // First column of the first row; nothing where there is no row or it is null.
  std::optional<std::int64_t> integer(std::string_view sql, const Parameters& parameters = {});
  std::optional<std::string> text(std::string_view sql, const Parameters& parameters = {});

 private:
  std::string location_;
  Access access_ = Access::write;
};

// Rolled back unless commit() was called.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.begin(); }
  ~Transaction() {
    if (open_) database_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    database_.commit();
    open_ = false;
  }

 private:
  Database& database_;
  bool open_ = true;
};

// The parts below are for the engines and their tests.
std::unique_ptr<Database> open_sqlite(const std::string& file, Access access);
std::unique_ptr<Database> open_postgres(const std::string& url, Access access);
// Brings the schema to the newest version; what has been applied is in `migration`.
void migrate(Database& database);
// SQL of the schema files in PostgreSQL's spelling.
std::string to_postgres_schema(std::string_view sql);
// Replaces :name by $1, $2, … outside of strings, comments and casts; the names in
// order of their numbers.
std::string to_numbered_parameters(std::string_view sql, std::vector<std::string>& names);

}  // namespace resident
