// A page for each module, by the analysis that answers for one.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/site/pages.hpp>
#include <map>

namespace resident::site {

namespace {

// What answers for one module.
struct ModuleView {
  std::string_view analysis, parameter;
  bool is_of_people;  // it has nothing to say where nobody is shown
};
constexpr ModuleView kView{"module", "module", false};

}  // namespace

std::vector<SitePage> module_pages(const Context& context) {
  if (kView.is_of_people && context.people_shown == PeopleShown::nobody) return {};
  const auto modules = find_analysis("modules").run(context);
  Context own = context;
  std::vector<SitePage> pages;
  std::map<std::string, int> used;
  for (const auto& row : modules.front().rows) {
    const std::string& module = std::get<std::string>(row.at(modules.front().column("module")));
    own.arguments = {{std::string(kView.parameter), module}};
    SitePage made;
    made.page = {fmt::format("modules/{}", slug_of(module, used)), module};
    try {
      made.page.results = find_analysis(kView.analysis).run(own);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::usage) throw;
      continue;  // of a project so young nothing is known yet but its files
    }
    made.path = made.page.slug + ".html";
    made.as_of = context.as_of;
    pages.push_back(std::move(made));
  }
  return pages;
}

void link_modules(std::vector<SitePage>& pages) {
  std::string links;
  for (const SitePage& page : pages)
    if (page.path.starts_with("modules/"))
      links +=
          fmt::format("{}[{}]({})", links.empty() ? "One by one: " : ", ", escape_markdown(page.page.title), page.path);
  if (links.empty()) return;
  for (SitePage& page : pages)
    if (page.path == "modules.html") page.page.markdown = links + "\n";
}

}  // namespace resident::site
