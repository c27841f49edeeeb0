// A Result's chart as an SVG picture that stands alone: for a blog, a paper, a mail. No script, nothing fetched, text
// escaped and bounded; follows the reader's choice of light or dark; the same Result gives the same bytes. What is said
// in colour is also said in words (a name at each line), and the title and the claim are its text for who cannot see
// it.
#pragma once

#include <framework/result.hpp>
#include <string>

namespace resident {

struct ChartSvgOptions {
  int width = 720, height = 400;  // pixels; at least 240 by 160
  std::size_t most_series = 6;    // those with the largest last values; the others are counted in a remark
};

// "" where the Result has no chart, or nothing that could be drawn.
std::string chart_svg(const Result& result, const ChartSvgOptions& options = {});

}  // namespace resident
