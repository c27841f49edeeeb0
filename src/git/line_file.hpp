// Versions of files as sequences of line numbers instead of bytes. A history is
// mostly the same lines again and again: CPython's holds 23 GB of text that has to
// be compared, of which nearly all is equal. So every distinct line gets a number,
// a version is an array of numbers, and a version that the pack stores as a delta
// is made from its base's array by copying ranges of numbers, as the delta's own
// instructions say; only bytes that are new are ever split, hashed and looked up.
// Equal numbers are equal lines, byte for byte (the text is kept and compared, no
// hash is trusted). Two versions are then compared nine times faster than as text.
//
// A LineStore belongs to one thread. Its numbers hold until it is cleared.
#pragma once

#include <algorithm>
#include <cstdint>
#include <git/objects.hpp>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident::git {

using LineNumber = std::uint32_t;

// Distinct lines, each with its line feed if it has one.
class LineTable {
 public:
  LineTable();
  LineNumber number_of(std::string_view line);
  std::string_view text(LineNumber line) const { return {lines_[line].text, lines_[line].length & ~Line::kNul}; }
  bool has_nul(LineNumber line) const { return lines_[line].length & Line::kNul; }
  std::size_t size() const { return lines_.size(); }
  // A number to keep beside a line; 0 at first.
  std::uint32_t& note(LineNumber line) { return lines_[line].note; }
  // Memory in use.
  std::size_t bytes() const { return arena_bytes_ + lines_.capacity() * sizeof(Line) + slots_.size() * sizeof(Slot); }
  void clear();

 private:
  struct Line {
    const char* text;
    std::uint32_t length = 0;  // a file has at most 100 MB
    std::uint32_t note = 0;
    static constexpr std::uint32_t kNul = 0x80000000;  // set in length
  };
  struct Slot {
    std::uint32_t tag = 0, line = 0;  // line + 1; 0: free
  };
  void grow();
  const char* keep(std::string_view line);
  std::vector<Line> lines_;
  std::vector<Slot> slots_;
  std::vector<std::unique_ptr<char[]>> arena_;
  std::size_t arena_left_ = 0, arena_bytes_ = 0;
  char* arena_at_ = nullptr;
};

// One version of a file.
class LineFile {
 public:
  std::size_t size() const { return count_; }  // lines
  const LineNumber* lines() const { return words_.get() + lines_at_; }
  // Where each line begins, in bytes; one more at the end: the size of the file.
  const std::uint32_t* starts() const { return words_.get(); }
  std::uint64_t bytes() const { return is_raw_ ? raw_.size() : starts()[count_]; }
  // As git: a NUL among the first 8000 bytes.
  bool is_binary() const { return is_binary_; }
  std::size_t memory() const { return 200 + (lines_at_ + count_) * sizeof(std::uint32_t) + raw_.size(); }

 private:
  friend class LineStore;
  friend class LineBuilder;
  std::unique_ptr<std::uint32_t[]> words_;  // starts, perhaps some room, lines
  std::size_t count_ = 0, lines_at_ = 1;
  bool may_have_nul_ = false, is_binary_ = false;
  bool is_raw_ = false;  // binary files are kept as they are
  std::string raw_;
};
using LineFilePointer = std::shared_ptr<const LineFile>;

class LineStore {
 public:
  // cache_bytes: for versions; table_bytes: for distinct lines.
  LineStore(ObjectFolders& folders, std::size_t cache_bytes, std::size_t table_bytes);

  // A blob as lines. Null where it is missing, damaged or no blob: last_fault().
  LineFilePointer read(const ObjectId& blob);
  // A text that is no blob (a submodule's, say).
  LineFilePointer from_text(std::string_view text);
  // A delta over a file; null where it is damaged.
  LineFilePointer apply(const LineFile& base, std::string_view delta);
  LineTable& table() { return table_; }
  // The whole text again.
  std::string text(const LineFile& file) const;
  const std::string& last_fault() const { return last_fault_; }
  // Where the last one was refused for its size (over 100 MB): that; else 0.
  std::uint64_t last_size() const { return last_size_; }
  // Forget everything if the table has grown beyond its bound; no LineFile that was
  // read before may be compared with one that is read after. Before another file's
  // history the bound is low: a table that fits the processor's cache is faster.
  void clear_if_full() { clear_beyond(table_limit_); }
  void begin_file() { clear_beyond(std::min<std::size_t>(table_limit_, std::size_t{12} << 20)); }

 private:
  struct Cached {
    std::uint64_t key;
    LineFilePointer file;
  };
  void clear_beyond(std::size_t bytes);
  bool is_too_large(std::uint64_t size);
  LineFilePointer unpack(const ObjectFolders::Place& place);
  LineFilePointer cached(std::uint64_t key);
  void keep(std::uint64_t key, const LineFilePointer& file);

  ObjectFolders& folders_;
  std::size_t cache_limit_, table_limit_, cached_bytes_ = 0;
  LineTable table_;
  std::string last_fault_;
  std::uint64_t last_size_ = 0;
  std::list<Cached> cached_;
  std::unordered_map<std::uint64_t, std::list<Cached>::iterator> index_;
  std::vector<char> buffer_;
};

// As git: a NUL among the first 8000 bytes.
bool is_binary(std::string_view content);

}  // namespace resident::git
