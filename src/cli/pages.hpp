// The pages that only show, made of the Results of their sections (analyses/pages.hpp).
#pragma once

#include <framework/analysis.hpp>
#include <map>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident {

// What a page is asked for beside its name.
struct PageChoice {
  std::string subject = {};                           // of pages that are of something
  std::map<std::string, std::string> arguments = {};  // of those, each analysis takes what it declares
};

// slug: of one page; empty: all that stand in the file, in their order. Throws Error{usage} where there is none of that
// name, or where it is of something and nothing is named.
std::vector<Page> make_pages(Context& context, const std::string& slug, const PageChoice& choice = {});

}  // namespace resident
