#include <fmt/format.h>

#include <algorithm>
#include <base/embedded.hpp>
#include <base/error.hpp>
#include <cctype>
#include <store/database.hpp>
#include <store/machine_words.hpp>
#include <store/result_book.hpp>
#include <store/version.hpp>

namespace resident {

Value text_or_null(std::string_view text) {
  return text.empty() ? Value() : Value(std::string(text));
}

namespace {

// Of the schema; 0: none was made. Other programs have tables of that name, too: ours has two columns, and project
// beside it.
std::int64_t applied_version(Database& database) {
  const bool is_postgres = database.engine() == "postgresql";
  const auto count = [&](const char* postgres, const char* sqlite) {
    return database.integer(is_postgres ? postgres : sqlite).value_or(0);
  };
  if (count("SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = "
            "'migration'",
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'") == 0)
    return 0;
  if (count("SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = "
            "'migration' AND column_name IN ('version', 'name')",
            "SELECT count(*) FROM pragma_table_info('migration') WHERE name IN ('version', 'name')") != 2)
    throw Error("the database belongs to another program: its table \"migration\" is none of ours",
                "name another with --db; Resident keeps its tables in a database of its own");
  return database.integer("SELECT max(version) FROM migration").value_or(0);
}

std::int64_t newest_version() {
  std::int64_t newest = 0;
  for (const auto& file : embedded::schema_files())
    if (std::isdigit(static_cast<unsigned char>(file.name[0])))
      newest = std::max<std::int64_t>(newest, std::stoll(file.name));
  return newest;
}

}  // namespace

std::unique_ptr<Database> Database::open(const std::string& location, Access access) {
  const bool is_postgres = location.starts_with("postgresql://") || location.starts_with("postgres://");
  const auto connect = [&] { return is_postgres ? open_postgres(location, access) : open_sqlite(location, access); };
  auto database = connect();
  if (access == Access::write) {
    migrate(*database);
  } else if (const auto applied = applied_version(*database); applied == 0) {
    // The URL may hold a password.
    throw Error(fmt::format("{} holds no store: nothing was imported into it yet",
                            is_postgres ? "the PostgreSQL database" : location),
                "make one with `resident init` in a clone, or `resident add git CLONE --project NAME`, or name another "
                "with --db");
  } else if (applied < newest_version()) {
    database.reset();
    open(location, Access::write);  // made by an older program
    database = connect();
  }
  database->location_ = location;
  database->access_ = access;
  return database;
}

std::string newer_store_text(Database& database) {
  const std::int64_t applied = applied_version(database);
  if (applied <= newest_version()) return {};
  return fmt::format(
      "the store was made by a newer Resident (schema {}, this one knows {}): what it added is not shown, and figures "
      "may be wrong",
      applied, newest_version());
}

std::unique_ptr<Database> Database::open_writer() const {
  return access_ == Access::write ? nullptr : open(location_, Access::write);
}

std::unique_ptr<Database> Database::open_reader() const {
  return location_ == ":memory:" ? nullptr : open(location_, Access::read);
}

void Database::insert(const InsertTarget& target, const std::vector<std::vector<Value>>& rows) {
  std::vector<Value> values;
  values.reserve(rows.size() * target.columns.size());
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  insert_values(target, values);
}

std::optional<std::int64_t> Database::integer(std::string_view sql, const Parameters& parameters) {
  const auto rows = query(sql, parameters);
  return rows->next() ? rows->optional_integer(0) : std::nullopt;
}

std::optional<std::string> Database::text(std::string_view sql, const Parameters& parameters) {
  const auto rows = query(sql, parameters);
  return rows->next() && !rows->is_null(0) ? std::optional(rows->string(0)) : std::nullopt;
}

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// Copies a quoted string or a comment that begins at position; returns its end.
std::size_t end_of_literal(std::string_view sql, std::size_t at) {
  if (sql[at] == '\'' || sql[at] == '"') {
    const char quote = sql[at];
    std::size_t end = at + 1;
    while (end < sql.size() && sql[end] != quote) ++end;
    return std::min(end + 1, sql.size());
  }
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  return at;
}

}  // namespace

std::string to_numbered_parameters(std::string_view sql, std::vector<std::string>& names) {
  std::string result;
  for (std::size_t at = 0; at < sql.size();) {
    if (const std::size_t end = end_of_literal(sql, at); end > at) {
      result += sql.substr(at, end - at);
      at = end;
    } else if (sql.substr(at, 2) == "::") {
      result += "::";
      at += 2;
    } else if (sql[at] == ':' && at + 1 < sql.size() && is_word(sql[at + 1])) {
      std::size_t end_name = at + 1;
      while (end_name < sql.size() && is_word(sql[end_name])) ++end_name;
      const std::string name(sql.substr(at + 1, end_name - at - 1));
      auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) found = names.insert(names.end(), name);
      result += fmt::format("${}", found - names.begin() + 1);
      at = end_name;
    } else {
      result += sql[at++];
    }
  }
  return result;
}

std::string to_postgres_schema(std::string_view given) {
  std::string spelled(given);
  constexpr std::string_view kOnlySqlite = " STRICT, WITHOUT ROWID";
  for (std::size_t at; (at = spelled.find(kOnlySqlite)) != std::string::npos;) spelled.erase(at, kOnlySqlite.size());
  const std::string_view sql = spelled;
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"INTEGER", "BIGINT"}, {"REAL", "DOUBLE PRECISION"}, {"BLOB", "BYTEA"}, {"STRICT", ""}};
  std::string result;
  for (std::size_t at = 0; at < sql.size();) {
    if (const std::size_t end = end_of_literal(sql, at); end > at) {
      result += sql.substr(at, end - at);
      at = end;
      continue;
    }
    if (!is_word(sql[at])) {
      result += sql[at++];
      continue;
    }
    std::size_t end = at;
    while (end < sql.size() && is_word(sql[end])) ++end;
    std::string_view word = sql.substr(at, end - at);
    for (const auto& [from, to] : words)
      if (word == from) word = to;
    result += word;
    at = end;
  }
  return result;
}

void migrate(Database& database) {
  const bool is_postgres = database.engine() == "postgresql";
  const auto run = [&](std::string_view sql) {
    database.execute_script(is_postgres ? to_postgres_schema(sql) : std::string(sql));
  };
  // Outside of a migration nothing is written, so that readers are not held up.
  std::int64_t applied = applied_version(database);
  const bool is_upgrade = applied > 0;
  const std::int64_t newest = newest_version();
  if (applied > newest)
    throw Error(fmt::format("the store was made by a newer Resident (schema {}, this one knows {})", applied, newest),
                "use the newer program, or another --db");
  if (applied == newest) return;

  Transaction transaction(database);
  // Another process may have been faster; now nobody else is at it.
  if (is_postgres) database.execute_script("SELECT pg_advisory_xact_lock(5723001)");
  applied = applied_version(database);
  if (applied == newest) return;
  if (applied == 0)
    run("CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
  if (!is_postgres) database.execute_script(fmt::format("PRAGMA application_id = {}", kApplicationId));
  for (const auto& file : embedded::schema_files()) {
    if (!std::isdigit(static_cast<unsigned char>(file.name[0]))) {
      if (is_postgres && file.name == "postgres_functions.sql") database.execute_script(file.content);
      continue;
    }
    const std::int64_t version = std::stoll(file.name);
    if (version <= applied) continue;
    run(file.content);
    if (file.name.ends_with("_tests.sql")) {
      move_test_results(database);
      run("DROP TABLE test_result");
    }
    if (is_upgrade && file.name.ends_with("_machine_words.sql")) mark_machine_words(database);
    database.execute("INSERT INTO migration (version, name) VALUES (:version, :name)",
                     {{"version", version}, {"name", file.name}});
  }
  transaction.commit();
  // Of a new index the planner knows nothing, and may choose a way that takes minutes.
  if (is_upgrade) database.analyze();
}

}  // namespace resident
