#include <fmt/format.h>
#include <fmt/ranges.h>

#include <analyses/pages.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/pages.hpp>
#include <framework/beside.hpp>
#include <framework/page_memo.hpp>
#include <iterator>

namespace resident {

namespace {

// What an analysis is given on the page: what its section says, and of the choice what it declares.
std::map<std::string, std::string> arguments_of(const ShownSection& section, const PageChoice& choice) {
  std::map<std::string, std::string> arguments = section.section->arguments;
  for (auto& [name, value] : arguments)
    if (value == kPageSubject) value = choice.subject;
  for (const AnalysisParameter& parameter : section.analysis->parameters)
    if (const auto chosen = choice.arguments.find(std::string(parameter.name)); chosen != choice.arguments.end())
      arguments[chosen->first] = chosen->second;
  return arguments;
}

Page make_page(Context& context, const ShownPage& shown, const PageChoice& choice) {
  Page page{std::string(shown.slug), std::string(shown.title), std::string(shown.intro)};
  if (shown.reach == PageReach::of_subject) {
    if (choice.subject.empty())
      throw Error(ErrorKind::usage, fmt::format("the page {} is of something, and nothing is named", shown.slug),
                  fmt::format("its address is /{}?of=NAME", shown.slug));
    page.title = fmt::format("{} {}", shown.title, one_line(choice.subject));
    page.query.emplace_back("of", choice.subject);
  }
  for (const auto& [name, label] : shown.fields) {
    const auto given = choice.arguments.find(std::string(name));
    const std::string value = given != choice.arguments.end()    ? given->second
                              : name == "me" || name == "person" ? context.config.me
                              : name == "start"                  ? context.config.site.impact_start
                                                                 : std::string();
    page.fields.push_back({PageField::Kind::text, std::string(name), std::string(label), value});
    if (given != choice.arguments.end()) page.query.emplace_back(*given);
  }
  if (shown.markdown) {
    context.arguments = choice.arguments;
    page.markdown = shown.markdown(context);
  }
  context.arguments.clear();
  const auto sections = sections_of(shown.slug);
  const PageMemo memo;
  std::vector<std::vector<Result>> made(sections.size());
  answer_side_by_side(context, sections.size(), [&](const Context& by, std::size_t place) {
    Context asked = by;
    asked.arguments = arguments_of(sections[place], choice);
    asked.arguments[PageMemo::kArgument] = memo.name();
    made[place] = sections[place].analysis->run(asked);
  });
  for (auto& results : made) std::move(results.begin(), results.end(), std::back_inserter(page.results));
  return page;
}

}  // namespace

std::vector<Page> make_pages(Context& context, const std::string& slug, const PageChoice& choice) {
  std::vector<Page> pages;
  std::vector<std::string_view> slugs;
  for (const auto& shown : shown_pages()) {
    slugs.push_back(shown.slug);
    if (slug == shown.slug || (slug.empty() && shown.reach != PageReach::of_subject))
      pages.push_back(make_page(context, shown, choice));
  }
  if (pages.empty())
    throw Error(ErrorKind::usage, fmt::format("there is no page called {}", slug),
                fmt::format("the pages are {}", fmt::join(slugs, ", ")));
  return pages;
}

}  // namespace resident
