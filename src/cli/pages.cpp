#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/pages.hpp>
#include <base/error.hpp>
#include <cli/pages.hpp>

namespace resident {

namespace {

Page make_page(Context& context, const ShownPage& shown) {
  Page page{std::string(shown.slug), std::string(shown.title), std::string(shown.intro)};
  if (shown.markdown) page.markdown = shown.markdown(context);
  for (const auto& [analysis, section] : sections_of(shown.slug)) {
    context.arguments = section->arguments;
    for (auto& result : analysis->run(context)) page.results.push_back(std::move(result));
  }
  context.arguments.clear();
  return page;
}

}  // namespace

std::vector<Page> make_pages(Context& context, const std::string& slug) {
  std::vector<Page> pages;
  std::vector<std::string_view> slugs;
  for (const auto& shown : shown_pages()) {
    slugs.push_back(shown.slug);
    if (slug.empty() || slug == shown.slug) pages.push_back(make_page(context, shown));
  }
  if (pages.empty())
    throw Error(ErrorKind::usage, fmt::format("there is no page called {}", slug),
                fmt::format("the pages are {}", fmt::join(slugs, ", ")));
  return pages;
}

}  // namespace resident
