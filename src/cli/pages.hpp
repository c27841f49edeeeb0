// The five pages of the dashboard and of report.html: which Results stand on each.
#pragma once

#include <analyses/analysis.hpp>
#include <string>
#include <vector>
#include <views/page.hpp>

namespace resident {

// slug: one of today, flow, people, modules, report; empty: all of them, in that order.
std::vector<Page> make_pages(Context& context, const std::string& slug);

}  // namespace resident
