// `resident add trac-db FILE`: the database of a Trac on SQLite, as a backup or a copy of it has it: all tickets with
// their whole histories. It is read whole each time, which takes a second for some ten thousand tickets; what is the
// same again is not written again. The file may be anybody's: it is opened for reading alone, nothing of its schema is
// run, and only tables are read.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <filesystem>
#include <fstream>
#include <sources/source.hpp>
#include <sources/trac/trac_ticket.hpp>
#include <store/read/stored_items.hpp>

namespace resident {

namespace {

constexpr std::size_t kTicketsACheckpoint = 500;
constexpr int kLargestCell = 64 << 20;  // bytes

// Somebody else's SQLite file, for reading.
class TracFileReader {
 public:
  explicit TracFileReader(const std::string& path) : path_(path) {
    if (sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
      refuse();
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, kLargestCell);
    sqlite3_busy_timeout(handle_, 10'000);
    sqlite3_exec(handle_, "PRAGMA cell_size_check = ON", nullptr, nullptr, nullptr);
  }
  ~TracFileReader() { sqlite3_close(handle_); }
  TracFileReader(const TracFileReader&) = delete;
  TracFileReader& operator=(const TracFileReader&) = delete;

  bool has_table(const std::string& name) {
    bool found = false;
    each("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + name + "'",
         [&](sqlite3_stmt*) { found = true; });
    return found;
  }

  template <class Take>
  void each(const std::string& sql, const Take& take) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) refuse();
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) take(statement);
    if (result != SQLITE_DONE) refuse();
  }

  static std::string text(sqlite3_stmt* row, int column) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column))) : std::string();
  }
  static Timestamp time(sqlite3_stmt* row, int column) { return trac::moment(sqlite3_column_int64(row, column)); }

 private:
  [[noreturn]] void refuse() {
    const std::string why = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
    throw Error(fmt::format("{} cannot be read as a Trac's database: {}", one_line(path_), one_line(why)),
                "give the file db/trac.db of a Trac on SQLite, or a copy that sqlite3's .backup made");
  }

  std::string path_;
  sqlite3* handle_ = nullptr;
};

// Where the Trac stands, by its configuration beside the database; "" for none.
std::string address_of(const std::string& database) {
  const auto folder = std::filesystem::path(database).parent_path().parent_path();
  std::ifstream file(folder / "conf" / "trac.ini");
  std::string line, section;
  while (std::getline(file, line)) {
    const std::string_view text = trim(line);
    if (text.starts_with('[')) section = std::string(text);
    const std::size_t equals = text.find('=');
    if (section != "[trac]" || equals == std::string_view::npos || trim(text.substr(0, equals)) != "base_url") continue;
    std::string address = safe_url(trim(text.substr(equals + 1)));
    while (address.ends_with('/')) address.pop_back();
    return address;
  }
  return {};
}

class TracDatabase : public Source {
 public:
  explicit TracDatabase(const std::string& path) : path_(path) {}

  void configure(const SyncOptions& options) override { options_ = options; }

  std::string sync(const Cursor&, Writer& writer) override {
    TracFileReader file(path_);
    for (const char* table : {"ticket", "ticket_change", "ticket_custom"})
      if (!file.has_table(table))
        throw Error(fmt::format("{} is no database of a Trac: it has no table {}", one_line(path_), table),
                    "give the file db/trac.db of a Trac on SQLite");
    writer.reads_whole_source();
    load(file);
    write(writer);
    writer.end_of_source();
    return {};
  }

 private:
  void load(TracFileReader& file) {
    const auto text = TracFileReader::text;
    const auto time = TracFileReader::time;
    if (file.has_table("session_attribute"))
      file.each("SELECT sid, name, value FROM session_attribute WHERE authenticated = 1 AND name IN ('name', 'email')",
                [&](sqlite3_stmt* row) {
                  trac::TracAccount& account = accounts_[text(row, 0)];
                  (text(row, 1) == "name" ? account.name : account.email) = text(row, 2);
                });
    constexpr const char* columns[] = {"type",       "component", "severity", "priority",   "owner",
                                       "reporter",   "cc",        "version",  "milestone",  "status",
                                       "resolution", "summary",   "keywords", "description"};
    std::string names;
    for (const char* column : columns) names += std::string(", ") + column;
    file.each("SELECT id, time" + names + " FROM ticket", [&](sqlite3_stmt* row) {
      trac::TracTicket ticket;
      ticket.number = sqlite3_column_int64(row, 0);
      ticket.created = time(row, 1);
      int place = 2;
      for (const char* column : columns) ticket.fields[column] = text(row, place++);
      tickets_[ticket.number] = std::move(ticket);
    });
    file.each("SELECT ticket, name, value FROM ticket_custom", [&](sqlite3_stmt* row) {
      if (auto* ticket = find(sqlite3_column_int64(row, 0)))
        ticket->fields[text(row, 1)] = trac::custom_value(text(row, 2));
    });
    file.each("SELECT ticket, time, author, field, oldvalue, newvalue FROM ticket_change ORDER BY ticket, time, rowid",
              [&](sqlite3_stmt* row) {
                if (auto* ticket = find(sqlite3_column_int64(row, 0)))
                  trac::take_change({time(row, 1), text(row, 2), text(row, 3), text(row, 4), text(row, 5)}, *ticket);
              });
    if (file.has_table("attachment"))
      file.each("SELECT id, time, author, filename FROM attachment WHERE type = 'ticket' ORDER BY time, filename",
                [&](sqlite3_stmt* row) {
                  if (auto* ticket = find(trac::whole_number(text(row, 0))))
                    ticket->files.push_back({time(row, 1), text(row, 3), text(row, 2)});
                });
  }

  trac::TracTicket* find(std::int64_t number) {
    const auto found = tickets_.find(number);
    return found == tickets_.end() ? nullptr : &found->second;
  }

  void write(Writer& writer) {
    const std::string origin = address_of(path_);
    const std::string host = origin.empty() ? fingerprint(path_).substr(0, 8) : origin.substr(origin.find("//") + 2);
    const std::string provider = "trac:" + host.substr(0, host.find('/'));
    const Timestamp now = options_.clock ? options_.clock->now() : SystemClock().now();
    Progress progress("tickets", tickets_.size());
    const std::set<std::int64_t> buried = buried_items(writer);
    std::size_t count = 0;
    for (const auto& [number, ticket] : tickets_) {
      const std::string name = fmt::format("issue/{}", number);
      progress.advance();
      try {
        const std::string text = trac::text_of(ticket), print = fingerprint(text);
        const bool is_back = buried.contains(number * 2);  // SQLite gives a number that was deleted again
        if (writer.seen(name, print) && !writer.is_set_aside(name) && !is_back) continue;
        const ItemRecord item = trac::item(ticket, provider, origin, accounts_);
        if (is_back) unbury(writer, number * 2);
        writer.mark(name, print, blank_emails(text));
        writer.item(item);
        for (const auto& commit : trac::commits(ticket)) writer.item_commit(commit);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::failed) throw;
        writer.quarantine(name, error.what());
      }
      if (++count % kTicketsACheckpoint == 0) writer.checkpoint("");
    }
    writer.checkpoint("");
    std::vector<std::int64_t> gone;
    for (const StoredItem& item : stored_items(writer))
      if (!tickets_.contains(item.number)) gone.push_back(item.number);
    for (const std::int64_t number : gone) writer.tombstone({number * 2, "deleted", "", now});
  }

  std::string path_;
  SyncOptions options_;
  std::map<std::int64_t, trac::TracTicket> tickets_;
  trac::TracAccounts accounts_;
};

std::unique_ptr<Source> make(const std::string& location) {
  return std::make_unique<TracDatabase>(location);
}

}  // namespace

extern const SourceKind trac_database_source;
const SourceKind trac_database_source{"trac-db", "FILE", "the SQLite database of a Trac (db/trac.db)", make};

}  // namespace resident
