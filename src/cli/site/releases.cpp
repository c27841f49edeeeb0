// A page for each release: how its cycle went beside the one before, which pull requests were merged in it, and
// how fast it is, where benchmarks were measured.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/text.hpp>
#include <cli/site/pages.hpp>
#include <map>

namespace resident::site {

namespace {

constexpr std::size_t kMostReleases = 40;  // the newest

// "2.0 to 2.1" is the cycle of 2.1; "" for the one that runs.
std::string release_of(const std::string& cycle) {
  if (cycle.starts_with("to ")) return cycle.substr(3);
  const std::size_t at = cycle.rfind(" to ");
  return cycle.starts_with("since ") || at == std::string::npos ? std::string() : cycle.substr(at + 4);
}

Result figures_of(const Context& context, const Result& cycles, std::size_t row, const std::string& release) {
  Result result = context.result("release", fmt::format("The cycle of {}", release), "How did this release go?");
  result.definition = cycles.definition;
  result.method = cycles.method;
  result.columns = cycles.columns;
  if (row > 0) result.rows.push_back(cycles.rows[row - 1]);
  result.rows.push_back(cycles.rows[row]);
  // By the same time of the running cycle: that of another page.
  const std::size_t same_time = result.column("commits_same_time");
  result.columns.erase(result.columns.begin() + static_cast<std::ptrdiff_t>(same_time));
  for (auto& each : result.rows) each.erase(each.begin() + static_cast<std::ptrdiff_t>(same_time));
  const auto count = [&](const char* name) { return std::get<std::int64_t>(result.rows.back()[result.column(name)]); };
  const bool is_first = std::get<std::string>(result.rows.back()[result.column("cycle")]).starts_with("to ");
  const std::string what =
      fmt::format("{} by {}", plural(count("commits"), "commit"), plural(count("contributors"), "person", "people"));
  result.claim = is_first ? fmt::format("{} until {}, the first release that is known.", what, release)
                          : fmt::format("{} between {} and the release before, {} of them for the first time.", what,
                                        release, count("new_contributors"));
  result.sample_size = count("commits");
  return result;
}

Result merged_in(const Context& context, const std::string& release, Timestamp begin, Timestamp end) {
  Result result = context.result("release_merged", fmt::format("Merged for {}", release),
                                 "Which pull requests were merged in this cycle?");
  result.columns = {{"number", "Pull request", ColumnType::item, "", "", "url"},
                    {"title", "Title"},
                    {"merged_at", "Merged", ColumnType::date},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  const auto rows = context.database.query(
      "SELECT number, title, merged_at, url FROM item WHERE project_id = :project AND kind = 'pull' AND merged_at >= "
      ":begin AND merged_at < :end AND merged_at <= :as_of ORDER BY merged_at DESC, number DESC",
      {{"project", context.project_id}, {"begin", begin}, {"end", end}, {"as_of", context.as_of}});
  while (rows->next()) {
    const std::int64_t number = rows->integer(0);
    result.rows.push_back({number, rows->string(1), rows->integer(2),
                           rows->is_null(3) ? context.item_url("pull", number) : rows->string(3)});
  }
  result.claim = fmt::format(
      "{} merged from {} to {}.",
      result.rows.size() == 1
          ? "1 pull request was"
          : fmt::format("{} pull requests were", with_thousands(static_cast<long long>(result.rows.size()))),
      format_date(begin), format_date(end));
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  result.definition =
      "Pull requests by the moment of their merge, from the release before (or the first commit) to this one. What was "
      "merged to another branch is among them.";
  return result;
}

}  // namespace

std::vector<SitePage> release_pages(const Context& context) {
  const std::vector<Result> found = find_analysis("cycles").run(context);
  const Result& cycles = found.front();
  std::vector<SitePage> pages;
  SitePage index;
  std::map<std::string, int> used;
  for (std::size_t row = 0; row < cycles.rows.size(); ++row) {
    const std::string release = release_of(std::get<std::string>(cycles.rows[row][cycles.column("cycle")]));
    if (release.empty()) continue;
    const std::string slug = slug_of(release, used);
    if (cycles.rows.size() - row > kMostReleases) continue;
    const Timestamp begin = std::get<std::int64_t>(cycles.rows[row][cycles.column("start")]);
    // A cycle ends where the next one begins.
    const Timestamp end = row + 1 < cycles.rows.size()
                              ? std::get<std::int64_t>(cycles.rows[row + 1][cycles.column("start")])
                              : context.as_of;
    SitePage made;
    made.path = fmt::format("releases/{}.html", slug);
    made.page = {fmt::format("releases/{}", slug), release, fmt::format("Released on {}.", format_date(end))};
    made.page.results = {figures_of(context, cycles, row, release), merged_in(context, release, begin, end)};
    Context of_release = context;
    of_release.arguments = {{"release", release}, {"only", "measured"}};
    for (Result& speed : find_analysis("releases").run(of_release)) made.page.results.push_back(std::move(speed));
    made.as_of = context.as_of;
    made.released_at = end;
    if (!pages.empty()) {
      made.before = pages.back().path;
      pages.back().after = made.path;
    }
    index.page.markdown = fmt::format("- [{}]({}), {}: {}\n", escape_markdown(release), made.path, format_date(end),
                                      escape_markdown(made.page.results.front().claim)) +
                          index.page.markdown;
    pages.push_back(std::move(made));
  }
  if (pages.empty()) return {};
  index.path = "releases.html";
  index.page.slug = "releases";
  index.page.title = "Releases";
  index.page.intro = "What went into each release, and by how many.";
  if (context.config.releases.empty())
    index.page.intro += fmt::format(
        " Releases are the tags that match {} (release_tags of the configuration); other tags, such as those of patch "
        "releases, have no page.",
        context.config.release_tags);
  index.page.data = {cycles};
  index.is_in_navigation = true;
  index.as_of = context.as_of;
  pages.insert(pages.begin(), std::move(index));
  return pages;
}

}  // namespace resident::site
