// What the store keeps of patches by mail beside their items: which mail is which part of which version, what answers
// give and say, what became of each patch; and the lines of a MAINTAINERS file. Part of a Writer: what is written here
// becomes visible at the Writer's checkpoint.
#pragma once

#include <store/writer.hpp>

namespace resident {

// Numbers of series of patches: nine digits, out of the way of what forges count.
inline constexpr std::int64_t kFirstSeries = 100'000'000, kSeriesNumbers = 900'000'000;
constexpr bool is_series(std::int64_t number) {
  return number >= kFirstSeries && number < kFirstSeries + kSeriesNumbers;
}

struct PatchTagRecord {
  std::string token;
  PersonRecord person;
  bool counts = true;
  std::string note = {};
};

struct PatchMailRecord {
  std::string key, role;
  Timestamp sent_at = 0;
  PersonRecord sender, author;
  std::optional<std::int64_t> version, version_number, part, parts;
  bool is_current = false, is_partial = false;
  std::string title, target, patch_id, base_commit, upstream_commit;
  std::optional<bool> is_whole;
  std::string says, says_parts, commit_sha, found_by;
  std::optional<Timestamp> applied_at;
  std::vector<PatchTagRecord> tags;
};

struct PatchSeriesRecord {
  std::int64_t item_id = 0;
  std::string list, state, how_joined, backport_of, tree;
  std::int64_t version = 1, versions = 1, parts = 0, present = 0, applied = 0, said = 0;
  Timestamp last_at = 0;
  std::vector<PatchMailRecord> mails;
};

struct MaintainerLineRecord {
  std::string section, kind, value;
  PersonRecord person = {};
};

class PatchBook {
 public:
  explicit PatchBook(Writer& writer) : writer_(writer) {}
  // In place of what stood of the item. is_known: something may stand there.
  void series(const PatchSeriesRecord& record, bool is_known);
  void remove(std::int64_t item_id);
  // Replaces all of this source's.
  void maintainers(const std::vector<MaintainerLineRecord>& lines);

 private:
  Writer& writer_;
};

}  // namespace resident
