// One pack file with its index, mapped and read in place. libgit2 1.5 unpacks
// every object through two copies, a lock and a zlib of its own, which is four
// fifths of the time of a walk over a history; here an entry is found by a binary
// search and inflated by libdeflate straight to where it is wanted. Index versions
// 1 and 2, SHA-1 and SHA-256, offset and reference deltas. Everything is checked
// against the ends of the files, so that a damaged pack gives errors, never a
// crash; nothing is written. An open Pack never changes: threads share it freely.
#pragma once

#include <cstdint>
#include <git/loose.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::git {

// A file mapped for reading; empty where it cannot be.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  const unsigned char* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  const unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

class Pack {
 public:
  // Null, with the reason, where the pair of files is no readable pack.
  static std::unique_ptr<Pack> open(const std::string& index_path, std::size_t id_bytes, std::string& fault);

  // Where the object stands; nothing if the pack has none.
  std::optional<std::uint64_t> find(const ObjectId& id) const;

  struct Entry {
    std::optional<ObjectType> type;  // none: a delta
    std::uint64_t size = 0;          // of what is inflated: the object, or the delta
    std::uint64_t base = 0;          // of a delta: where its base stands
    std::uint64_t data = 0;          // where the compressed bytes begin
  };
  // Nothing where there is no readable entry; fault then says why.
  std::optional<Entry> entry(std::uint64_t offset, std::string& fault) const;
  // Inflates the entry's bytes to `to`, which has room for entry.size.
  bool inflate(const Entry& entry, char* to) const;

  // The commits that stand in a row at the pack's beginning, as git writes it; those
  // stored as deltas are left out. In order of place.
  struct Located {
    ObjectId id;
    std::uint64_t offset;
  };
  std::vector<Located> leading_commits() const;

  const std::string& path() const { return path_; }
  std::uint32_t count() const { return count_; }
  // Lets the system take back pages that were read; memory of a mapped file counts as the process's.
  void release() const;

 private:
  Pack(const std::string& path, std::size_t id_bytes);
  std::string read_index();
  std::optional<std::uint64_t> offset_of(std::uint32_t position) const;

  std::string path_;  // of the pack itself
  std::size_t id_bytes_;
  MappedFile index_, data_;
  std::uint32_t count_ = 0;
  int version_ = 2;
};

// Reads a delta's header and instructions. Every step is checked; a delta that
// says nonsense ends with ok = false.
class DeltaReader {
 public:
  explicit DeltaReader(std::string_view delta);
  std::uint64_t base_size() const { return base_size_; }
  std::uint64_t result_size() const { return result_size_; }
  struct Step {
    bool is_copy = false;
    std::uint64_t offset = 0, length = 0;  // copy: of the base
    std::string_view bytes;                // insert
  };
  // False at the end, or at a broken instruction: then ok() is false.
  bool next(Step& step);
  bool ok() const { return ok_; }

 private:
  std::uint64_t take_size();
  const unsigned char *at_, *end_;
  std::uint64_t base_size_ = 0, result_size_ = 0;
  bool ok_ = true;
};

}  // namespace resident::git
