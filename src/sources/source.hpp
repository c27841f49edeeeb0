// A source is where rows come from: a clone, an archive, a forge. It reads what is
// new since its cursor and gives records to a Writer, which commits them together
// with the new cursor. Adding a source: one file that defines a SourceKind, one
// line in list.cpp, and a test.
#pragma once

#include <base/config.hpp>
#include <memory>
#include <optional>
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
};

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
};

const std::vector<const SourceKind*>& source_kinds();
// Throws Error{usage} with the nearest name.
const SourceKind& find_source_kind(const std::string& name);

struct SyncSummary {
  std::string kind, location;
  std::int64_t changed = 0;      // records that were new or different
  std::int64_t quarantined = 0;  // set aside in this run
  std::string coverage;
};

// Syncs one source of a project as `source` has it, then the identities. On an
// error the source is marked failed with the reason, and the error goes on.
SyncSummary sync_source(Database& database, std::int64_t project_id, std::int64_t source_id, const BotRules& bots,
                        Timestamp now, const SyncOptions& options = {});

}  // namespace resident
