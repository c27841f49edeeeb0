// A source is where rows come from: a clone, an archive, a forge. It reads what is
// new since its cursor and gives records to a Writer, which commits them together
// with the new cursor. Adding a source: one file that defines a SourceKind, one
// line in list.cpp, and a test.
#pragma once

#include <config/config.hpp>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <store/writer.hpp>
#include <string>
#include <vector>

namespace resident {

using Cursor = std::optional<std::string>;

// What a run may use, and what it may leave for a later one.
struct SyncOptions {
  unsigned threads = 0;                         // 0: one a core
  std::size_t memory = std::size_t{512} << 20;  // for caches, roughly; bytes
  bool lines = true;                            // who wrote which line
  bool pulls = true;                            // what heads of pull requests alone reach

  // For sources that ask another machine.
  const Config* config = nullptr;                 // addresses, where tokens are; null: none
  const Clock* clock = nullptr;                   // null: the system's
  std::ostream* messages = nullptr;               // what a person should know at once; null: nobody listens
  std::optional<Timestamp> since = std::nullopt;  // leave out what was not touched after it
  std::optional<double> max_wait = std::nullopt;  // seconds, of any single wait for a limit
  std::vector<std::int64_t> items = {};           // these alone, by number, and nothing else
  bool anew = false;                              // those also where they look as they did
};

// The cursor of what came through a pipe: a later sync passes it by, adding it again reads what is there then.
inline constexpr std::string_view kReadOnce = "stream";

class Source {
 public:
  virtual ~Source() = default;
  // Before sync(); sources that have no use for it ignore it.
  virtual void configure(const SyncOptions&) {}
  // Reads everything new; may call writer.checkpoint() on the way so that an
  // interrupted run resumes there. Returns the cursor for the next time. What can't
  // be read goes to writer.quarantine(); an Error is for a source that can't be
  // read at all.
  virtual std::string sync(const Cursor& cursor, Writer& writer) = 0;
  // After sync(): what is missing from the data as a whole, in a sentence; may be empty.
  virtual std::string coverage() const { return {}; }
};

struct SourceKind {
  std::string_view name;         // as in `resident add NAME`
  std::string_view argument;     // what its location is called in the help
  std::string_view description;  // one line
  std::unique_ptr<Source> (*make)(const std::string& location);
  // For a location that is no path: as it is written down, the same place always the same. Throws Error{usage}.
  std::string (*normal_location)(const std::string& location) = nullptr;
  // What such a location calls its project, unless the user says otherwise.
  std::string (*project_name)(const std::string& location) = nullptr;
  bool takes_numbers = false;  // can be asked for SyncOptions::items alone
  // What it reads of what other sources brought, and so its turn where several are synced. 0: nothing; 1: where the
  // project's tracker is (a clone: whose numbers its messages name); 2: the clone's commits.
  int turn = 0;

  bool is_path() const { return normal_location == nullptr; }
};

// Where a source is, as it is written down: an absolute path, or normal_location's. A password or a token in an address
// is refused, since what is written down is shown. Throws Error{usage}.
std::string place_of(const SourceKind& kind, const std::string& location);

const std::vector<const SourceKind*>& source_kinds();
// Throws Error{usage} with the nearest name.
const SourceKind& find_source_kind(const std::string& name);

struct SyncSummary {
  std::string kind, location;
  std::int64_t changed = 0;      // records that were new or different
  std::int64_t quarantined = 0;  // set aside in this run
  std::string coverage;
  std::map<std::string, std::int64_t> taken_over;  // items that another source had told of, by its kind and place
};

// What a source says of numbers that the forge has nothing of; "" for none.
std::string missing_numbers_text(const std::set<std::int64_t>& numbers);

// Sources of the project, beside what is only declared, that read what one of that kind brings: to be synced again
// where it brought something.
std::vector<std::int64_t> sources_that_read(Database& database, std::int64_t project_id, const std::string& kind);

// Syncs one source of a project as `source` has it, then the identities. On an
// error the source is marked failed with the reason, and the error goes on.
SyncSummary sync_source(Database& database, std::int64_t project_id, std::int64_t source_id, const BotRules& bots,
                        Timestamp now, const SyncOptions& options = {});

}  // namespace resident
