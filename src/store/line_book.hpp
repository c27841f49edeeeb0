// Where the replay of who wrote which line stands (git/line_history.hpp):
// owners of standing lines, lines that died, and the runs of every file, so that a
// later sync goes on from the commit it had come to. Part of a Writer: what is
// written here becomes visible, all at once, at the Writer's checkpoint after flush().
#pragma once

#include <map>
#include <store/writer.hpp>

namespace resident {

class LineBook {
 public:
  using Runs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // origin, lines

  explicit LineBook(Writer& writer);
  // The commit up to which lines are known; empty at first.
  const std::string& tip() const { return tip_; }
  // Forgets all that is known of lines.
  void reset();

  // The origin of lines that a stored commit brought, by that author. Times never
  // run backwards: an earlier one counts as the latest so far.
  std::uint32_t origin(const std::string& sha, const PersonRecord& author, Timestamp at);
  std::optional<Runs> load(const std::string& path);
  void death(const std::string& path, std::uint32_t origin, std::int64_t lines);
  // A file's runs now; none where it is gone.
  void file(const std::string& path, const Runs& runs);
  void flush(const std::string& tip);

 private:
  struct Origin {
    std::int64_t commit_id = 0, author_id = 0;  // 0: unknown
    Timestamp born_at = 0;
    std::int64_t born_month = 0;
  };
  struct DeathKey {
    std::int64_t path_id, author_id, born_month, died_month;
    auto operator<=>(const DeathKey&) const = default;
  };
  struct HashOfDeath {
    std::size_t operator()(const DeathKey& key) const {
      std::uint64_t hash = static_cast<std::uint64_t>(key.path_id) * 0x9E3779B97F4A7C15u;
      hash = (hash ^ static_cast<std::uint64_t>(key.author_id)) * 0xC2B2AE3D27D4EB4Fu;
      hash ^= static_cast<std::uint64_t>(key.born_month << 20 ^ key.died_month) * 0x165667B19E3779F9u;
      return hash ^ hash >> 29;
    }
  };
  std::uint32_t origin_of(std::int64_t commit_id, std::int64_t author_id, Timestamp at);

  Writer& writer_;
  std::string tip_;
  Timestamp latest_ = 0;
  bool has_rows_ = false;  // in the store, from an earlier flush
  std::vector<Origin> origins_{1};
  std::unordered_map<std::uint64_t, std::uint32_t> origin_by_key_;
  std::unordered_map<DeathKey, std::int64_t, HashOfDeath> deaths_;
  struct OwnerRow {
    std::int64_t path_id, commit_id, author_id, born_at, lines;
  };
  std::vector<OwnerRow> owners_;  // written at flush(), in the order of the key
  std::vector<std::pair<std::int64_t, std::string>> states_;
  std::int64_t latest_month_ = 0;
  std::string death_path_;  // of the last death, and its number
  std::int64_t death_path_id_ = 0;
};

}  // namespace resident
