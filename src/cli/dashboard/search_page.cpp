// The search page: what the box in every page's header finds.
#include <fmt/format.h>

#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/dashboard/pages.hpp>

namespace resident {

namespace {

constexpr const char* kHits = "50";
constexpr const char* kHowTo =
    "Words that belong together stand in \"quotes\"; `-word` leaves out; `is:open`, `is:pull`, `label:bug`, "
    "`author:ada`, `in:title`, `before:2024-01-31` narrow it. Items with all that was said in them, channels, commits "
    "and the documentation are searched.";

}  // namespace

Page search_page(Context context, const std::string& words) {
  Page page{"search", "Search"};
  page.query = {{"q", words}};
  page.intro = kHowTo;
  if (words.empty()) return page;
  // A number alone is an item, most often.
  const std::string number = context.typed_number(words);
  if (!number.empty() && number.size() <= 10 && number.find_first_not_of("0123456789") == std::string::npos &&
      context.database.integer("SELECT 1 FROM item WHERE project_id = :project AND number = :number LIMIT 1",
                               {{"project", context.project_id}, {"number", std::stoll(number)}}))
    page.links.emplace_back(fmt::format("/item/{}?project={}", number, escape_url(context.project)), "#" + number);
  context.arguments = {{"query", words}, {"limit", kHits}};
  try {
    page.results = find_analysis("search").run(context);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    page.intro = fmt::format("{}{}. {}", error.what(), error.hint().empty() ? "" : " (" + error.hint() + ")", kHowTo);
  }
  return page;
}

}  // namespace resident
