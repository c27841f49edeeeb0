// Which lines a change removed and added: exactly what git says, whose answer is
// not always the smallest. git compares by Myers' algorithm (Myers 1986, "An O(ND)
// difference algorithm and its variations", linear-space refinement) with rules of
// its own: equal lines at both ends are set aside; so are lines without a like on
// the other side, and frequent lines amid such ones; a search that grows expensive
// settles for a good split; groups of changes then slide to where they read best
// (the indentation heuristic). All of these are followed here, step by step, over
// numbers instead of text, so that counts equal `git log --numstat` and, with
// hunks, lines go to the commits that `git blame` names.
#pragma once

#include <cstdint>
#include <git/line_file.hpp>
#include <optional>
#include <vector>

namespace resident::git {

struct LineCount {
  std::int64_t additions = 0, deletions = 0;
};

// Lines [old_start, old_start + old_count) became [new_start, new_start + new_count); from 0.
struct Hunk {
  std::uint32_t old_start, old_count, new_start, new_count;
  bool operator==(const Hunk&) const = default;
};

// Keeps its buffers from call to call; one thread's.
class LineDiff {
 public:
  explicit LineDiff(const LineTable& table) : table_(table) {}
  // As git diff --numstat.
  LineCount count(const LineFile& before, const LineFile& after);
  // As git blame compares a commit with its parent (without context, which lets
  // git set aside the equal end of both files first).
  // Gives the count, too, where it is sure to be the same.
  std::optional<LineCount> hunks(const LineFile& before, const LineFile& after, std::vector<Hunk>& result);

 private:
  struct Side {
    const LineNumber* lines = nullptr;
    std::size_t size = 0;                 // of the file
    std::size_t begin = 0, end = 0;       // between the equal ends
    std::vector<std::uint8_t> likes;      // none, some, many on the other side
    std::vector<LineNumber> compared;     // those that take part in the search
    std::vector<std::uint32_t> position;  // of each of them in the file
    std::vector<std::uint8_t> changed;    // a byte a line of the file, shifted by one: a zero stands at both ends
    bool is_changed(std::ptrdiff_t line) const { return changed[static_cast<std::size_t>(line + 1)] != 0; }
    void set(std::ptrdiff_t line, bool value) { changed[static_cast<std::size_t>(line + 1)] = value; }
  };
  struct Split {
    std::int64_t a = 0, b = 0;
    bool minimal_low = false, minimal_high = false;
  };
  struct Group {
    std::ptrdiff_t start = 0, end = 0;
  };

  void load(const LineFile& before, const LineFile& after, std::size_t cut_before, std::size_t cut_after);
  void compare();
  void count_likes(bool whole_files);
  bool may_set_aside(const Side& side, bool is_old) const;
  std::optional<LineCount> count_small();
  void set_aside(Side& side, bool is_old);
  void search_all();
  void search(std::int64_t a_begin, std::int64_t a_end, std::int64_t b_begin, std::int64_t b_end, bool minimal);
  Split split(std::int64_t a_begin, std::int64_t a_end, std::int64_t b_begin, std::int64_t b_end, bool minimal);
  void compact(Side& side, Side& other);
  std::ptrdiff_t best_end(const Side& side, const Group& group, std::ptrdiff_t earliest_end, std::ptrdiff_t size) const;
  int indentation(const Side& side, std::ptrdiff_t line) const;

  const LineTable& table_;
  Side old_, new_;
  struct Likes {
    std::uint32_t in_old = 0, in_new = 0;
    std::uint32_t round = 0;
  };
  std::vector<Likes> likes_;  // by line number; those of another round do not count
  std::uint32_t round_ = 0;
  std::vector<std::int64_t> frontiers_;
  std::int64_t *forward_ = nullptr, *backward_ = nullptr;
  std::int64_t patience_ = 0;  // edits after which a search settles
};

}  // namespace resident::git
