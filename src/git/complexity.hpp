// How complex a file is, by the shape of its text: the deeper its lines are
// indented, the more it branches and nests. Needs no parser, so it works for every
// language, and follows McCabe's and Halstead's measures closely: A. Hindle, M. W.
// Godfrey and R. C. Holt, "Reading Beside the Lines: Indentation as a Proxy for
// Complexity Metrics", ICPC 2008. Takes any bytes; time is linear in them, and no
// line counts for more than kMaxLevel levels, so that one absurd line cannot
// outweigh a file. What is binary (line_count.hpp) is for the caller to leave out.
#pragma once

#include <cstdint>
#include <string_view>

namespace resident::git {

struct Complexity {
  std::int64_t lines = 0;              // as `git blame` counts them: a last line may lack its newline
  std::int64_t code_lines = 0;         // that are not blank
  std::int64_t indentation_total = 0;  // sum of the code lines' levels
  std::int64_t indentation_max = 0;
};

inline constexpr std::int64_t kMaxLevel = 100;

// A level is a tab, or as many spaces as the file itself indents by.
Complexity complexity_of(std::string_view content);

// By how many spaces a file indents: the most frequent step to the right, 1 to 8,
// from one line that is not blank to the next, the larger of equally frequent ones
// (small steps are often alignment); 4 where there is none. Lines with a tab before
// their text are no guide.
std::int64_t indentation_unit(std::string_view content);

}  // namespace resident::git
