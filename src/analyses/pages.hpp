// The pages that only show: which there are, in their order. What stands on them the analyses say themselves
// (Analysis::sections); a new page is a line in pages.cpp.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident {

// Where a page can be seen.
enum class PageReach {
  everywhere,  // in the dashboard's list of pages, and in report.html
  in_file,     // in report.html alone: the dashboard has pages of its own for it
  of_subject,  // in the dashboard, of what its address names (/person?of=ada): sections say kPageSubject for it
};

struct ShownPage {
  std::string_view slug;   // "flow": the address /flow, the anchor #flow
  std::string_view title;  // "Flow"
  std::string_view intro;
  std::string (*markdown)(const Context&) = nullptr;  // what stands before the sections
  PageReach reach = PageReach::everywhere;
  // What can be chosen on it: parameters of its analyses, and what they are called there.
  std::vector<std::pair<std::string_view, std::string_view>> fields = {};
  // On `resident site` (of those that are everywhere): about the project, and nobody's own list of what to do.
  bool is_public = true;
};

const std::vector<ShownPage>& shown_pages();

struct ShownSection {
  const Analysis* analysis;
  const PageSection* section;
};
// The page of that slug; null where there is none.
const ShownPage* find_shown_page(std::string_view slug);
// The sections of a page, in order.
std::vector<ShownSection> sections_of(std::string_view page);

}  // namespace resident
