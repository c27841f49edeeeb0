#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <list>
#include <store/database.hpp>
#include <store/version.hpp>
#include <unordered_map>

namespace resident {

// sqlite_functions.cpp
void register_functions(sqlite3* handle);

namespace {

[[noreturn]] void fail(sqlite3* handle, std::string_view what) {
  const int code = sqlite3_extended_errcode(handle);
  std::string hint;
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      hint = "another process is writing to the store; try again when it is done";
      break;
    case SQLITE_FULL:
      hint = "the disk is full; make room and run the same command again, it resumes";
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      hint = "the file is not a store, or is damaged; name another with --db, or remove it and sync again";
      break;
    case SQLITE_READONLY: {
      const char* file = handle ? sqlite3_db_filename(handle, "main") : nullptr;
      throw Error(fmt::format("the store{} may only be read by this user",
                              file && *file ? " " + one_line(std::filesystem::path(file).filename().string()) : ""),
                  "make it writable, run as the user who owns it, or name another file with --db");
    }
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      hint = "check that the folder exists and that you may write there, or name another file with --db";
      break;
    default:
      break;
  }
  throw Error(fmt::format("{}: {}", what, sqlite3_errmsg(handle)), hint);
}

class Statement {
 public:
  Statement(sqlite3* handle, std::string_view sql) : handle_(handle) {
    const char* end = nullptr;
    if (sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement_, &end) != SQLITE_OK)
      fail(handle, "cannot read the query");
    if (!statement_) throw Error("the query is empty");
    rest_ = sql.substr(static_cast<std::size_t>(end - sql.data()));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Whether another statement stands behind this one, which is not read: more than blanks and comments.
  bool has_more() const {
    sqlite3_stmt* next = nullptr;
    const int code = sqlite3_prepare_v2(handle_, rest_.data(), static_cast<int>(rest_.size()), &next, nullptr);
    const bool is_one = code != SQLITE_OK || next != nullptr;
    sqlite3_finalize(next);
    return is_one;
  }

  void bind(int index, const Value& value) {
    int code = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(statement_, index, *integer);
    } else if (const auto* number = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(statement_, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      code = sqlite3_bind_text64(statement_, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      code = sqlite3_bind_blob64(statement_, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    } else {
      code = sqlite3_bind_null(statement_, index);
    }
    if (code != SQLITE_OK) fail(handle_, "cannot bind a value");
  }

  void bind(const Parameters& parameters) {
    const int count = sqlite3_bind_parameter_count(statement_);
    for (int index = 1; index <= count; ++index) {
      const char* name = sqlite3_bind_parameter_name(statement_, index);
      bool found = false;
      for (const auto& [key, value] : parameters) {
        if (!name || key != name + 1) continue;
        bind(index, value);
        found = true;
        break;
      }
      if (!found) throw Error(fmt::format("the query needs a value for {}", name ? name : "?"));
    }
  }

  bool step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(handle_, "the query failed");
  }
  void reset() { sqlite3_reset(statement_); }
  sqlite3_stmt* get() const { return statement_; }

 private:
  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
  std::string_view rest_;  // of what was given, behind the statement
};

class SqliteRows : public Rows {
 public:
  // The parameters are copied, since SQLite reads bound text while it steps.
  SqliteRows(sqlite3* handle, std::string_view sql, Parameters parameters)
      : parameters_(std::move(parameters)), statement_(handle, sql) {
    statement_.bind(parameters_);
  }
  bool has_more() const { return statement_.has_more(); }
  bool next() override { return statement_.step(); }
  std::size_t column_count() const override { return static_cast<std::size_t>(sqlite3_column_count(statement_.get())); }
  std::string column_name(std::size_t column) const override {
    return sqlite3_column_name(statement_.get(), static_cast<int>(column));
  }
  bool is_null(std::size_t column) const override { return type(column) == SQLITE_NULL; }
  std::int64_t integer(std::size_t column) const override {
    return sqlite3_column_int64(statement_.get(), static_cast<int>(column));
  }
  double number(std::size_t column) const override {
    return sqlite3_column_double(statement_.get(), static_cast<int>(column));
  }
  std::string_view text(std::size_t column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), static_cast<int>(column)));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), static_cast<int>(column)))};
  }
  Value value(std::size_t column) const override {
    switch (type(column)) {
      case SQLITE_INTEGER:
        return integer(column);
      case SQLITE_FLOAT:
        return number(column);
      case SQLITE_TEXT:
        return std::string(text(column));
      case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), static_cast<int>(column)));
        const int size = sqlite3_column_bytes(statement_.get(), static_cast<int>(column));
        return Blob{bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string()};
      }
      default:
        return {};
    }
  }

 private:
  int type(std::size_t column) const { return sqlite3_column_type(statement_.get(), static_cast<int>(column)); }
  Parameters parameters_;
  Statement statement_;
};

// For whoever makes queries faster: each statement with the milliseconds it took, on standard error.
void tell_times(sqlite3* handle) {
  const auto tell = [](unsigned, void*, void* statement, void* nanoseconds) {
    const double milliseconds = static_cast<double>(*static_cast<sqlite3_int64*>(nanoseconds)) / 1e6;
    if (milliseconds >= 1)
      std::fprintf(stderr, "%9.1f ms  %s\n", milliseconds, sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  };
  sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, tell, nullptr);
}

class SqliteDatabase : public Database {
 public:
  SqliteDatabase(const std::string& file, Access access) {
    if (access == Access::read && !std::filesystem::exists(file))
      throw Error(fmt::format("there is no store at {}", file),
                  "make one with `resident init` in a clone, or `resident add git CLONE --project NAME`, or name "
                  "another with --db");
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
      throw Error(ErrorKind::usage, fmt::format("{} is a folder, and a store is a file", file),
                  "name the file with --db");
    try {
      // Opened for writing even to read, as a reader may have to bring in the write-ahead log.
      open(file, access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
      refuse_foreign(file);
      use_write_ahead_log();
    } catch (const Error&) {
      const int code = handle_ ? sqlite3_extended_errcode(handle_) & 0xFF : SQLITE_OK;
      close();
      if (access == Access::write || (code != SQLITE_READONLY && code != SQLITE_CANTOPEN && code != SQLITE_PERM)) throw;
      open_read_only(file);
    }
    try {
      execute_script("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
      // The file is not mapped: its pages would count as memory of the process, four times as much as the answer needs
      // (docs/performance.md), and the system keeps them anyway. While writing, the log may grow between checkpoints,
      // so that a page that changes often is copied less often.
      execute_script(access == Access::read ? "PRAGMA cache_size = -4096; PRAGMA query_only = ON;"
                                            : "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8192;");
    } catch (...) {
      close();
      throw;
    }
  }
  ~SqliteDatabase() override {
    inserts_.clear();
    close();
  }

  std::string_view engine() const override { return "sqlite"; }

  std::unique_ptr<Rows> query(std::string_view sql, const Parameters& parameters) override {
    return std::make_unique<SqliteRows>(handle_, sql, parameters);
  }

  void execute(std::string_view sql, const Parameters& parameters) override {
    SqliteRows rows(handle_, sql, parameters);
    while (rows.next()) {
    }
  }

  void execute_script(std::string_view sql) override {
    char* message = nullptr;
    if (sqlite3_exec(handle_, std::string(sql).c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
      sqlite3_free(message);
      fail(handle_, "the statement failed");
    }
  }

  void insert_values(const InsertTarget& target, const std::vector<Value>& values) override {
    if (values.empty()) return;
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES (", target.table, fmt::join(target.columns, ", "));
    for (std::size_t i = 0; i < target.columns.size(); ++i) sql += i ? ", ?" : "?";
    sql += ")";
    if (target.on_conflict == OnConflict::ignore) sql += " ON CONFLICT DO NOTHING";
    if (target.on_conflict == OnConflict::replace) {
      std::string updates;
      for (const auto& column : target.columns) {
        if (std::find(target.key.begin(), target.key.end(), column) != target.key.end()) continue;
        updates += fmt::format("{}{} = excluded.{}", updates.empty() ? "" : ", ", column, column);
      }
      sql += fmt::format(" ON CONFLICT ({}) DO {}", fmt::join(target.key, ", "),
                         updates.empty() ? "NOTHING" : "UPDATE SET " + updates);
    }
    auto& statement = inserts_[sql];
    if (!statement) statement = std::make_unique<Statement>(handle_, sql);
    const std::size_t width = target.columns.size();
    for (std::size_t row = 0; row + width <= values.size(); row += width) {
      for (std::size_t i = 0; i < width; ++i) statement->bind(static_cast<int>(i) + 1, values[row + i]);
      try {
        statement->step();
      } catch (...) {
        statement->reset();
        throw;
      }
      statement->reset();
    }
  }

  void analyze() override { execute_script("PRAGMA analysis_limit = 1000; ANALYZE;"); }

  std::unique_ptr<Rows> query_untrusted(std::string_view sql) override {
    execute_script("PRAGMA query_only = ON;");
    sqlite3_set_authorizer(
        handle_,
        [](void*, int action, const char*, const char*, const char*, const char*) {
          switch (action) {
            case SQLITE_SELECT:
            case SQLITE_READ:
            case SQLITE_FUNCTION:
            case SQLITE_RECURSIVE:
              return SQLITE_OK;
            default:
              return SQLITE_DENY;
          }
        },
        nullptr);
    // Preparing is where the authorizer is asked.
    struct Reset {
      sqlite3* handle;
      ~Reset() { sqlite3_set_authorizer(handle, nullptr, nullptr); }
    } reset{handle_};
    auto rows = std::make_unique<SqliteRows>(handle_, sql, Parameters{});
    if (rows->column_count() == 0)  // VACUUM, which no authorizer is asked for
      throw Error(ErrorKind::usage, "the query reads nothing", "give one SELECT");
    if (rows->has_more())
      throw Error(ErrorKind::usage, "there is more than one query",
                  "give one SELECT; what stands behind a ; is not read");
    return rows;
  }

  void begin() override { execute_script("BEGIN IMMEDIATE"); }
  void commit() override { execute_script("COMMIT"); }
  void rollback() noexcept override { sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr); }

 private:
  void close() {
    sqlite3_close_v2(handle_);
    handle_ = nullptr;
  }

  // A Database is used by one thread at a time, so SQLite need not lock.
  void open(const std::string& file, int flags) {
    if (sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
      fail(handle_, fmt::format("cannot open the store {}", file));
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 30000);
    register_functions(handle_);
    if (const char* wanted = std::getenv("RESIDENT_SQL_TIMES"); wanted && *wanted) tell_times(handle_);
  }

  // Where the folder or the file may not be written, SQLite can neither make nor bring in a write-ahead log. Without
  // one the file is whole by itself, and read as what nobody changes meanwhile; else it is read beside who writes it.
  void open_read_only(const std::string& file) {
    std::error_code ignored;
    const auto log = std::filesystem::file_size(file + "-wal", ignored);
    const bool has_log = !ignored && log > 0;
    const std::string hint =
        has_log ? "its last changes stand in a write-ahead log beside it, which needs the right to write there: run "
                  "any command as the user who owns the store, then this one again"
                : "check that you may read the file, or name another with --db";
    try {
      const std::string path = std::filesystem::absolute(file).lexically_normal().string();
      open(fmt::format("file:{}?{}", escape_url(path), has_log ? "mode=ro" : "immutable=1"),
           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
      refuse_foreign(file);
    } catch (const Error& error) {
      close();
      if (access(file.c_str(), R_OK) != 0)
        throw Error(fmt::format("no right to read the store {}", one_line(file)),
                    "run as the user who owns it, or name another with --db");
      throw Error(error.what(), hint);
    }
  }

  // Before anything is written.
  void refuse_foreign(const std::string& file) {
    const auto number = [&](std::string_view sql) {
      Statement statement(handle_, sql);
      return statement.step() ? sqlite3_column_int64(statement.get(), 0) : 0;
    };
    const std::int64_t id = number("PRAGMA application_id");
    const bool has_tables =
        number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") > 0;
    const bool is_ours = number(
                             "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('migration', "
                             "'project', 'source_record')") == 3;
    if ((id != 0 && id != kApplicationId) || (has_tables && !is_ours))
      throw Error(fmt::format("{} is a file of another program, not a store of Resident", file),
                  "name another file with --db; nothing was written to this one");
  }

  // Two processes that make a store at once: SQLite does not wait for the switch by
  // itself, whatever the busy timeout.
  void use_write_ahead_log() {
    for (int attempt = 0;; ++attempt) {
      const int code = sqlite3_exec(handle_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
      if (code == SQLITE_OK) return;
      if ((code & 0xFF) != SQLITE_BUSY || attempt == 1500) fail(handle_, "cannot open the store");
      sqlite3_sleep(20);
    }
  }

  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string, std::unique_ptr<Statement>> inserts_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& file, Access access) {
  return std::make_unique<SqliteDatabase>(file, access);
}

}  // namespace resident
