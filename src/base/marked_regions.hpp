// Parts of a text that a program writes and a person edits around: each stands between two comments,
//
//   <!-- resident:begin NAME PRINT -->
//   …
//   <!-- resident:end NAME -->
//
// and can be written anew later. Outside of them not a byte changes. PRINT is a fingerprint of what was written, so
// that a part that somebody edited by hand is seen, and is kept. Works with either kind of line end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct MarkedRegion {
  std::string name;  // letters, digits, - and _
  std::string body;  // lines, each with its end; none of them may be a mark
};

// The region with its marks. Lines of the body that look like marks are left out.
std::string marked_text(const MarkedRegion& region);

struct RefreshedText {
  std::string text;
  // Names of regions: written anew with another body; found as they would be written; edited by hand and therefore
  // kept; given but not in the text; in the text but not given any more (kept).
  std::vector<std::string> changed, same, edited, missing, others;
};

// Writes the regions into the text in the place of those that it has. force: also over those that were edited, and
// those that are missing are added at the end. Throws Error where marks do not fit together, with the line.
RefreshedText refresh_regions(std::string_view text, const std::vector<MarkedRegion>& regions, bool force);

}  // namespace resident
