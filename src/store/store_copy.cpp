#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <base/error.hpp>
#include <map>
#include <optional>
#include <store/store_copy.hpp>
#include <utility>

namespace resident {

namespace {

constexpr std::size_t kMostValues = 60'000, kMostBytes = 8 << 20;  // of rows that are written together
constexpr int kFetched = 2000;                                     // rows of a cursor at a time

// Of this store alone, or in a form of the engine's own.
bool is_copied(const std::string& table) {
  return table != "migration" && table != "store_copy" && table != "sync_lease" && !table.starts_with("search_");
}

// Reads as of one moment, and changes nothing.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database) {
    database.execute_script(database.engine() == "postgresql" ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                                              : "BEGIN");
  }
  ~Snapshot() { database_.rollback(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
};

// Every row of a query, without holding all of them: PostgreSQL's client keeps whole answers, so there a cursor is
// read. In a transaction.
void each_row(Database& database, const std::string& sql, const std::function<void(const Rows&)>& each) {
  if (database.engine() != "postgresql") {
    for (const auto rows = database.query(sql); rows->next();) each(*rows);
    return;
  }
  database.execute_script("DECLARE copied_rows NO SCROLL CURSOR FOR " + sql);
  const std::string fetch = fmt::format("FETCH {} FROM copied_rows", kFetched);
  for (bool more = true; more;) {
    more = false;
    for (const auto rows = database.query(fetch); rows->next(); more = true) each(*rows);
  }
  database.execute_script("CLOSE copied_rows");
}

void append(std::string& bytes, const Value& value) {
  const auto raw = [&](char type, const void* from, std::size_t size) {
    bytes += type;
    bytes.append(static_cast<const char*>(from), size);
  };
  const auto sized = [&](char type, const std::string& text) {
    const std::uint64_t size = text.size();
    raw(type, &size, sizeof size);
    bytes += text;
  };
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    raw('i', integer, sizeof *integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    raw('r', number, sizeof *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sized('t', *text);
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    sized('b', blob->bytes);
  } else {
    bytes += '-';
  }
}

struct Table {
  std::string name;
  std::vector<std::string> columns;
  bool has_projects = false;

  std::string list() const { return fmt::format("{}", fmt::join(columns, ", ")); }
  // Those of one project; 0 for a table that has none.
  std::string where(std::int64_t project) const {
    return has_projects ? fmt::format(" WHERE project_id = {}", project) : std::string();
  }
};

Table table_of(Database& database, const std::string& name) {
  Table table{name, {}, false};
  const auto rows = database.query(fmt::format("SELECT * FROM {} LIMIT 0", name));
  for (std::size_t i = 0; i < rows->column_count(); ++i) table.columns.push_back(rows->column_name(i));
  std::sort(table.columns.begin(), table.columns.end());  // the same on both engines
  table.has_projects = std::find(table.columns.begin(), table.columns.end(), "project_id") != table.columns.end();
  return table;
}

std::vector<std::int64_t> projects_in(Database& database, const Table& table) {
  if (!table.has_projects) return {0};
  std::vector<std::int64_t> projects;
  for (const auto rows =
           database.query(fmt::format("SELECT DISTINCT project_id FROM {} ORDER BY project_id", table.name));
       rows->next();)
    projects.push_back(rows->integer(0));
  return projects;
}

// The digest of one project's rows; each: is given the values of every row.
TableDigest read(Database& database, const Table& table, std::int64_t project,
                 const std::function<void(std::vector<Value>&&, std::size_t bytes)>& each = {}) {
  TableDigest digest;
  std::string bytes;
  each_row(database, fmt::format("SELECT {} FROM {}{}", table.list(), table.name, table.where(project)),
           [&](const Rows& row) {
             bytes.clear();
             std::vector<Value> values;
             values.reserve(table.columns.size());
             for (std::size_t i = 0; i < table.columns.size(); ++i) {
               values.push_back(row.value(i));
               append(bytes, values.back());
             }
             const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
             digest.add({1, hash.low64, hash.high64});
             if (each) each(std::move(values), bytes.size());
           });
  return digest;
}

class Copy {
 public:
  Copy(Database& from, Database& to) : from_(from), to_(to) {}

  std::vector<CopiedTable> run(const std::function<void(const std::string&)>& each) {
    load_known();
    const Snapshot snapshot(from_);
    std::vector<CopiedTable> copied;
    std::vector<std::pair<Table, TableDigest>> wanted;
    for (const std::string& name : stored_tables(from_)) {
      if (!is_copied(name)) continue;
      if (each) each(name);
      const Table table = table_of(from_, name);
      check_columns(table);
      CopiedTable result{name, {}, 0};
      const auto projects = projects_in(from_, table);
      for (const std::int64_t project : projects) bring(table, project, result);
      for (const auto& [key, digest] : known_)
        if (key.second == name && std::find(projects.begin(), projects.end(), key.first) == projects.end())
          take_away(table, key.first);
      wanted.emplace_back(table, result.digest);
      copied.push_back(std::move(result));
    }
    verify(wanted, each);
    return copied;
  }

 private:
  void load_known() {
    for (const auto rows = to_.query("SELECT project_id, table_name, n, digest FROM store_copy"); rows->next();)
      known_[{rows->integer(0), rows->string(1)}] = {rows->integer(2), rows->string(3)};
    if (known_.empty() && to_.integer("SELECT count(*) FROM project").value_or(0) > 0)
      throw Error(ErrorKind::usage, "the target is a store already, and no copy",
                  "name a file that is not there yet, or an empty database");
  }

  void check_columns(const Table& table) {
    if (table_of(to_, table.name).columns != table.columns)
      throw Error(fmt::format("the table {} has other columns in the target", table.name),
                  "both stores have to be of this program's schema: open each with it once");
  }

  void bring(const Table& table, std::int64_t project, CopiedTable& result) {
    const auto known = known_.find({project, table.name});
    if (known != known_.end()) {
      const TableDigest digest = read(from_, table, project);
      if (is_same(digest, known->second)) return result.digest.add(digest);
      refuse_changed(table, project, known->second);
    }
    Transaction transaction(to_);
    if (known != known_.end()) remove(table, project);
    std::vector<std::string_view> columns(table.columns.begin(), table.columns.end());
    const InsertTarget target{table.name, columns, columns, OnConflict::fail};
    std::vector<Value> waiting;
    std::size_t bytes = 0;
    const auto flush = [&] {
      to_.insert_values(target, waiting);
      waiting.clear();
      bytes = 0;
    };
    const TableDigest digest = read(from_, table, project, [&](std::vector<Value>&& values, std::size_t size) {
      std::move(values.begin(), values.end(), std::back_inserter(waiting));
      bytes += size;
      if (waiting.size() >= kMostValues || bytes >= kMostBytes) flush();
    });
    flush();
    to_.insert({"store_copy", {"project_id", "table_name", "n", "digest"}, {"project_id", "table_name"}},
               {{project, table.name, digest.n, digest.text()}});
    transaction.commit();
    result.digest.add(digest);
    result.brought += digest.n;
  }

  // Of a project that is gone from the source.
  void take_away(const Table& table, std::int64_t project) {
    const auto known = known_.at({project, table.name});
    refuse_changed(table, project, known);
    Transaction transaction(to_);
    remove(table, project);
    to_.execute("DELETE FROM store_copy WHERE project_id = :project AND table_name = :name",
                {{"project", project}, {"name", table.name}});
    transaction.commit();
  }

  void remove(const Table& table, std::int64_t project) {
    to_.execute(fmt::format("DELETE FROM {}{}", table.name, table.where(project)));
  }

  // What somebody else wrote into the target is not taken away.
  void refuse_changed(const Table& table, std::int64_t project, const std::pair<std::int64_t, std::string>& known) {
    const Snapshot snapshot(to_);
    if (is_same(read(to_, table, project), known)) return;
    throw Error(fmt::format("the target was written to since it was copied: its table {} is another", table.name),
                "it is a store of its own now; copy into another one");
  }

  static bool is_same(const TableDigest& digest, const std::pair<std::int64_t, std::string>& known) {
    return digest.n == known.first && digest.text() == known.second;
  }

  void verify(const std::vector<std::pair<Table, TableDigest>>& wanted,
              const std::function<void(const std::string&)>& each) {
    const Snapshot snapshot(to_);
    for (const auto& [table, digest] : wanted) {
      if (each) each(table.name);
      Table whole = table;
      whole.has_projects = false;
      if (const TableDigest found = read(to_, whole, 0); !(found == digest))
        throw Error(fmt::format("the table {} differs in the target: {} rows, digest {}, instead of {}, {}", table.name,
                                found.n, found.text(), digest.n, digest.text()),
                    "the target was written to since, or is damaged: copy into another one");
    }
  }

  Database& from_;
  Database& to_;
  // By project and table: rows and digest as they were brought.
  std::map<std::pair<std::int64_t, std::string>, std::pair<std::int64_t, std::string>> known_;
};

}  // namespace

std::vector<std::string> stored_tables(Database& database) {
  const bool is_sqlite = database.engine() == "sqlite";
  std::vector<std::string> names;
  for (const auto rows = database.query(
           is_sqlite
               ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND "
                 // What FTS5 keeps of an index.
                 "name NOT LIKE 'search!_words!_%' ESCAPE '!' ORDER BY name"
               : "SELECT CAST(c.relname AS TEXT) AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
                 "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = "
                 "current_schema() ORDER BY 1");
       rows->next();)
    names.push_back(rows->string(0));
  std::sort(names.begin(), names.end());
  return names;
}

std::string TableDigest::text() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::vector<CopiedTable> copy_store(Database& from, Database& to,
                                    const std::function<void(const std::string& table)>& each) {
  return Copy(from, to).run(each);
}

}  // namespace resident
