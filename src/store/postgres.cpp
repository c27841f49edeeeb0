#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libpq-fe.h>

#include <algorithm>
#include <base/error.hpp>
#include <cstring>
#include <store/database.hpp>

namespace resident {

namespace {

// Type numbers of PostgreSQL's catalogue (pg_type.dat).
constexpr Oid kBool = 16, kBytes = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kFloat4 = 700, kFloat8 = 701,
              kNumeric = 1700;

constexpr std::size_t kDirectValues = 1000;  // that are inserted by one statement of their own

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

int digit_value(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

// The server writes bytes as \x and two digits each, unless it was told otherwise.
std::string unescape_bytes(std::string_view text) {
  if (text.starts_with("\\x")) {
    std::string result(text.size() / 2 - 1, '\0');
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = static_cast<char>(digit_value(text[2 * i + 2]) << 4 | digit_value(text[2 * i + 3]));
    return result;
  }
  std::size_t size = 0;
  unsigned char* bytes = PQunescapeBytea(reinterpret_cast<const unsigned char*>(text.data()), &size);
  std::string result(reinterpret_cast<char*>(bytes), size);
  PQfreemem(bytes);
  return result;
}

std::string hexadecimal(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "\\x";
  for (const char c : bytes) {
    result += digits[static_cast<unsigned char>(c) >> 4];
    result += digits[static_cast<unsigned char>(c) & 15];
  }
  return result;
}

class PostgresRows : public Rows {
 public:
  explicit PostgresRows(ResultPointer result) : result_(std::move(result)) {}
  bool next() override { return ++row_ < PQntuples(result_.get()); }
  std::size_t column_count() const override { return static_cast<std::size_t>(PQnfields(result_.get())); }
  std::string column_name(std::size_t column) const override {
    return PQfname(result_.get(), static_cast<int>(column));
  }
  bool is_null(std::size_t column) const override {
    return PQgetisnull(result_.get(), row_, static_cast<int>(column)) == 1;
  }
  std::int64_t integer(std::size_t column) const override {
    if (is_null(column)) return 0;
    const std::string_view value = text(column);
    if (type(column) == kBool) return value == "t";
    if (type(column) == kFloat8 || type(column) == kFloat4 || type(column) == kNumeric)
      return static_cast<std::int64_t>(std::strtod(value.data(), nullptr));
    return std::strtoll(value.data(), nullptr, 10);
  }
  double number(std::size_t column) const override {
    return is_null(column) ? 0 : std::strtod(text(column).data(), nullptr);
  }
  std::string_view text(std::size_t column) const override {
    return {PQgetvalue(result_.get(), row_, static_cast<int>(column)),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, static_cast<int>(column)))};
  }
  Value value(std::size_t column) const override {
    if (is_null(column)) return {};
    switch (type(column)) {
      case kBool:
      case kInt2:
      case kInt4:
      case kInt8:
        return integer(column);
      case kNumeric:  // what sum() of whole numbers gives
        if (text(column).find('.') == std::string_view::npos) return std::strtoll(text(column).data(), nullptr, 10);
        return number(column);
      case kFloat4:
      case kFloat8:
        return number(column);
      case kBytes:
        return Blob{unescape_bytes(text(column))};
      default:
        return string(column);
    }
  }

 private:
  Oid type(std::size_t column) const { return PQftype(result_.get(), static_cast<int>(column)); }
  ResultPointer result_;
  int row_ = -1;
};

class PostgresDatabase : public Database {
 public:
  PostgresDatabase(const std::string& url, Access access) {
    connection_ = PQconnectdb(url.c_str());
    if (PQstatus(connection_) != CONNECTION_OK) {
      const std::string message = PQerrorMessage(connection_);
      PQfinish(connection_);
      throw Error(fmt::format("cannot reach the PostgreSQL store: {}", message.substr(0, message.find('\n'))),
                  "check that the server runs and that the URL names a database you may use");
    }
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
    // Compiling a query (jit) takes seconds where running it takes a tenth of one: measures are ten times as fast
    // without.
    execute_script(
        "SET client_encoding = 'UTF8'; SET TIME ZONE 'UTC'; SET lock_timeout = '30s'; SET extra_float_digits = 3; SET "
        "jit "
        "= off");
    if (access == Access::read) execute_script("SET default_transaction_read_only = on");
  }
  ~PostgresDatabase() override { PQfinish(connection_); }

  std::string_view engine() const override { return "postgresql"; }

  std::unique_ptr<Rows> query(std::string_view sql, const Parameters& parameters) override {
    return std::make_unique<PostgresRows>(run(sql, parameters));
  }
  void execute(std::string_view sql, const Parameters& parameters) override { run(sql, parameters); }

  void execute_script(std::string_view sql) override {
    check(ResultPointer(PQexec(connection_, std::string(sql).c_str())), sql);
  }

  // Many rows by COPY into a temporary table, then one INSERT: tens of times faster than a statement a row. Few at
  // once, where that takes longer than they do.
  void insert_values(const InsertTarget& target, const std::vector<Value>& values) override {
    if (values.empty()) return;
    const std::string columns = fmt::format("{}", fmt::join(target.columns, ", "));
    if (is_direct(target, values)) return insert_directly(target, columns, values);
    const std::string staging = fmt::format("staging_{}", target.table);
    execute_script(
        fmt::format("CREATE TEMPORARY TABLE IF NOT EXISTS {0} (LIKE {1} INCLUDING STORAGE); ALTER TABLE {0} ADD COLUMN "
                    "IF NOT EXISTS "
                    "staging_row BIGSERIAL; TRUNCATE {0}",
                    staging, target.table));
    relax(staging);
    copy(fmt::format("COPY {} ({}) FROM STDIN", staging, columns), values, target.columns.size());
    std::string conflict, order;
    if (target.on_conflict != OnConflict::fail) {
      // Of rows with the same key in one call, the last wins (or the first, when what is there stays).
      order = fmt::format("DISTINCT ON ({})", fmt::join(target.key, ", "));
      conflict = fmt::format("ORDER BY {}, staging_row {} ON CONFLICT ({}) DO NOTHING", fmt::join(target.key, ", "),
                             target.on_conflict == OnConflict::replace ? "DESC" : "ASC", fmt::join(target.key, ", "));
      if (target.on_conflict == OnConflict::ignore)
        conflict = fmt::format("ORDER BY {}, staging_row ASC ON CONFLICT DO NOTHING", fmt::join(target.key, ", "));
    }
    if (target.on_conflict == OnConflict::replace)
      if (const std::string updates = updates_of(target); !updates.empty())
        conflict = fmt::format("ORDER BY {}, staging_row DESC ON CONFLICT ({}) DO UPDATE SET {}",
                               fmt::join(target.key, ", "), fmt::join(target.key, ", "), updates);
    execute_script(fmt::format("INSERT INTO {} ({}) SELECT {} {} FROM {} {}", target.table, columns, order, columns,
                               staging, conflict));
  }

  void analyze() override { execute_script("ANALYZE"); }

  std::unique_ptr<Rows> query_untrusted(std::string_view sql) override {
    execute_script("BEGIN READ ONLY; SET LOCAL statement_timeout = '300s'");
    ResultPointer result;
    try {
      result = run(sql, {});  // the extended protocol takes one statement only
    } catch (...) {
      rollback();
      throw;
    }
    rollback();
    return std::make_unique<PostgresRows>(std::move(result));
  }

  void begin() override { execute_script("BEGIN"); }
  void commit() override { execute_script("COMMIT"); }
  void rollback() noexcept override { PQclear(PQexec(connection_, "ROLLBACK")); }

 private:
  ResultPointer check(ResultPointer result, std::string_view sql) {
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_COPY_IN:
        return result;
      default: {
        const char* primary = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
        throw Error(fmt::format("the query failed: {}", primary ? primary : PQerrorMessage(connection_)),
                    PQstatus(connection_) == CONNECTION_OK
                        ? fmt::format("it was: {}", sql.substr(0, 500))
                        : "the connection was lost; run the same command again, it resumes");
      }
    }
  }

  // One statement can't replace a row twice.
  static bool is_direct(const InsertTarget& target, const std::vector<Value>& values) {
    return values.size() == target.columns.size() ||
           (values.size() <= kDirectValues && target.on_conflict != OnConflict::replace);
  }

  // Values as text of no type, for the server to read as the columns' types, as COPY does.
  void insert_directly(const InsertTarget& target, const std::string& columns, const std::vector<Value>& values) {
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ", target.table, columns);
    std::vector<std::string> texts(values.size());
    std::vector<const char*> pointers;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t column = i % target.columns.size();
      sql += fmt::format("{}${}{}",
                         column ? ", "
                         : i    ? ", ("
                                : "(",
                         i + 1, column + 1 == target.columns.size() ? ")" : "");
      pointers.push_back(text_of(values[i], texts[i]) ? texts[i].c_str() : nullptr);
    }
    const std::string updates = updates_of(target);
    if (target.on_conflict == OnConflict::ignore) sql += " ON CONFLICT DO NOTHING";
    if (target.on_conflict == OnConflict::replace)
      sql += fmt::format(" ON CONFLICT ({}) DO {}", fmt::join(target.key, ", "),
                         updates.empty() ? "NOTHING" : "UPDATE SET " + updates);
    check(ResultPointer(PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr,
                                     pointers.data(), nullptr, nullptr, 0)),
          sql);
  }

  static std::string updates_of(const InsertTarget& target) {
    std::string updates;
    for (const auto& column : target.columns)
      if (std::find(target.key.begin(), target.key.end(), column) == target.key.end())
        updates += fmt::format("{}{} = excluded.{}", updates.empty() ? "" : ", ", column, column);
    return updates;
  }

  // False for null.
  static bool text_of(const Value& value, std::string& text) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      text = std::to_string(*integer);
    } else if (const auto* number = std::get_if<double>(&value)) {
      text = fmt::format("{:.17g}", *number);
    } else if (const auto* string = std::get_if<std::string>(&value)) {
      text = *string;
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      text = hexadecimal(blob->bytes);
    }
    return !std::holds_alternative<std::monostate>(value);
  }

  ResultPointer run(std::string_view sql, const Parameters& parameters) {
    std::vector<std::string> names;
    const std::string numbered = to_numbered_parameters(sql, names);
    std::vector<Oid> types;
    std::vector<std::string> texts(names.size());
    std::vector<const char*> values;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto found =
          std::find_if(parameters.begin(), parameters.end(), [&](const auto& each) { return each.first == names[i]; });
      if (found == parameters.end()) throw Error(fmt::format("the query needs a value for :{}", names[i]));
      const Value& value = found->second;
      const char* pointer = nullptr;
      Oid type = 0;
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        texts[i] = std::to_string(*integer), type = kInt8;
      } else if (const auto* number = std::get_if<double>(&value)) {
        texts[i] = fmt::format("{:.17g}", *number), type = kFloat8;
      } else if (const auto* text = std::get_if<std::string>(&value)) {
        texts[i] = *text, type = kText;
      } else if (const auto* blob = std::get_if<Blob>(&value)) {
        texts[i] = hexadecimal(blob->bytes), type = kBytes;
      }
      if (!std::holds_alternative<std::monostate>(value)) pointer = texts[i].c_str();
      types.push_back(type);
      values.push_back(pointer);
    }
    return check(ResultPointer(PQexecParams(connection_, numbered.c_str(), static_cast<int>(names.size()), types.data(),
                                            values.data(), nullptr, nullptr, 0)),
                 sql);
  }

  // Columns that are not written get their default at the final insert, not here.
  void relax(const std::string& staging) {
    if (std::find(relaxed_.begin(), relaxed_.end(), staging) != relaxed_.end()) return;
    const auto rows = query(
        fmt::format("SELECT attname FROM pg_attribute WHERE attrelid = '{}'::regclass AND attnotnull AND attnum > 0 "
                    "AND attname <> 'staging_row'",
                    staging),
        {});
    while (rows->next())
      execute_script(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", staging, rows->text(0)));
    relaxed_.push_back(staging);
  }

  void copy(const std::string& sql, const std::vector<Value>& values, std::size_t width) {
    check(ResultPointer(PQexec(connection_, sql.c_str())), sql);
    std::string buffer;
    const auto flush = [&] {
      if (PQputCopyData(connection_, buffer.data(), static_cast<int>(buffer.size())) != 1)
        throw Error(fmt::format("cannot send rows: {}", PQerrorMessage(connection_)));
      buffer.clear();
    };
    for (std::size_t row = 0; row + width <= values.size(); row += width) {
      for (std::size_t i = 0; i < width; ++i) {
        if (i) buffer += '\t';
        append(buffer, values[row + i]);
      }
      buffer += '\n';
      if (buffer.size() > 1 << 20) flush();
    }
    flush();
    PQputCopyEnd(connection_, nullptr);
    ResultPointer result(PQgetResult(connection_));
    while (PGresult* more = PQgetResult(connection_)) PQclear(more);
    check(std::move(result), sql);
  }

  static void append(std::string& buffer, const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      buffer += std::to_string(*integer);
    } else if (const auto* number = std::get_if<double>(&value)) {
      buffer += fmt::format("{:.17g}", *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      for (const char c : *text) {
        switch (c) {
          case '\\':
            buffer += "\\\\";
            break;
          case '\n':
            buffer += "\\n";
            break;
          case '\r':
            buffer += "\\r";
            break;
          case '\t':
            buffer += "\\t";
            break;
          default:
            buffer += c;
        }
      }
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      buffer += '\\';
      buffer += hexadecimal(blob->bytes);
    } else {
      buffer += "\\N";
    }
  }

  PGconn* connection_ = nullptr;
  std::vector<std::string> relaxed_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(const std::string& url, Access access) {
  return std::make_unique<PostgresDatabase>(url, access);
}

}  // namespace resident
