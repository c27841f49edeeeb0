// How many lines a change added and deleted: exactly the numbers of
// git diff --numstat, and mostly without running a full diff. Equal lines at
// both ends are trimmed by comparing bytes, lines that stand on one side only
// are counted at once, and the rest goes to a greedy search (Myers 1986) that
// needs no path. git itself is not always minimal: it sets frequent lines aside
// and gives up early on large changes. The first rule is applied here too; where
// the second would, libgit2's xdiff decides on the whole files.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace resident::git {

struct LineCount {
  std::int64_t additions = 0, deletions = 0;
};

// As git: a NUL among the first 8000 bytes.
bool is_binary(std::string_view content);

// Keeps its buffers from call to call.
class LineCounter {
 public:
  LineCount count(std::string_view before, std::string_view after);
  // The slow way alone, to test the fast one against.
  static LineCount count_by_xdiff(std::string_view before, std::string_view after);

 private:
  struct Side {
    std::vector<std::uint32_t> lines;      // class of each line between the trimmed ends
    std::vector<std::uint8_t> weight;      // what git makes of a line: kUnmatched, kMatched, kFrequent
    std::vector<std::uint32_t> remaining;  // classes of the lines that are compared
    std::size_t total_lines = 0;           // of the whole file
    std::size_t forced = 0;                // lines that match nothing in between
  };
  struct LineClass {
    std::uint64_t hash;
    std::string_view text;
    std::uint32_t before = 0, after = 0, outside = 0;  // how often in between, and in the trimmed ends
  };

  void classify(std::string_view middle, Side& side, bool is_before);
  std::uint32_t find(std::uint64_t hash, std::string_view line, bool insert);
  void count_outside(std::string_view text);
  void grow();
  bool needs_weights(const Side& side, bool is_before) const;
  void weigh(Side& side, bool is_before);
  void reduce(Side& side, bool is_before, bool weighed);
  std::int64_t carried_along(std::string_view before, std::size_t prefix, std::size_t suffix, bool counted);
  // Edits between the remaining lines; -1 beyond limit.
  std::int64_t edits(std::int64_t limit);

  Side before_, after_;
  std::vector<LineClass> classes_;
  std::vector<std::uint32_t> slots_;
  std::vector<std::int64_t> frontier_;
};

}  // namespace resident::git
