// The pages that only show: which there are, in their order. What stands on them the analyses say themselves
// (Analysis::sections); a new page is a line in pages.cpp.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct ShownPage {
  std::string_view slug;   // "flow": the address /flow, the anchor #flow
  std::string_view title;  // "Flow"
  std::string_view intro;
  std::string (*markdown)(const Context&) = nullptr;  // what stands before the sections
  bool is_public = true;  // on `resident site`: about the project, and nobody's own list of what to do
};

const std::vector<ShownPage>& shown_pages();

struct ShownSection {
  const Analysis* analysis;
  const PageSection* section;
};
// The sections of a page, in order.
std::vector<ShownSection> sections_of(std::string_view page);

}  // namespace resident
