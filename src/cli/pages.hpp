// The pages that only show, made of the Results of their sections (analyses/pages.hpp).
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident {

// slug: of one page; empty: all of them, in their order. Throws Error{usage} where there is none of that name.
std::vector<Page> make_pages(Context& context, const std::string& slug);

}  // namespace resident
