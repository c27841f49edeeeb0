// What happened lately that those who follow the project want to know of: each from a Result that a page shows.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/site/pages.hpp>
#include <set>

namespace resident::site {

namespace {

constexpr Timestamp kLately = 365 * kDay;
constexpr int kMonthsBack = 4;           // in which it is looked for since when a module has no expert
constexpr Timestamp kQuiet = 90 * kDay;  // a record is told again only so long after the one before

const Result* find_result(const std::vector<SitePage>& pages, std::string_view name, std::string& path) {
  for (const SitePage& page : pages)
    for (const Result& result : page.page.results)
      if (result.name == name) {
        path = page.path;
        return &result;
      }
  return nullptr;
}

std::string text_in(const Result& result, const std::vector<Cell>& row, std::string_view column) {
  const auto* text = std::get_if<std::string>(&row.at(result.column(column)));
  return text ? *text : std::string();
}

std::optional<Timestamp> moment_in(const Result& result, const std::vector<Cell>& row, std::string_view column) {
  const auto* at = std::get_if<std::int64_t>(&row.at(result.column(column)));
  return at ? std::optional(*at) : std::nullopt;
}

std::string per_cent(const Cell& cell) {
  return format_cell(cell, ColumnType::share);
}

// What became slower, at which commit.
void add_regressions(const std::vector<SitePage>& pages, std::vector<SiteEvent>& events) {
  std::string path;
  const Result* speed = find_result(pages, "speed", path);
  if (!speed) return;
  for (const auto& row : speed->rows) {
    const std::string commit = text_in(*speed, row, "commit"), name = text_in(*speed, row, "name");
    const auto at = moment_in(*speed, row, "at");
    if (text_in(*speed, row, "verdict") != "worse" || commit.empty() || !at) continue;
    events.push_back({*at, "speed/" + commit,
                      fmt::format("Slower since {}: {} by {} ({} to {}) in {}", commit,
                                  plural(std::get<std::int64_t>(row[speed->column("series")]), "series", "series"),
                                  per_cent(row[speed->column("change")]), per_cent(row[speed->column("low")]),
                                  per_cent(row[speed->column("high")]), name),
                      path});
  }
}

// What is red now and stays so, from the moment since when.
void add_red(const std::vector<SitePage>& pages, std::vector<SiteEvent>& events) {
  std::string path;
  const Result* red = find_result(pages, "ci", path);
  if (!red) return;
  for (const auto& row : red->rows) {
    const auto at = moment_in(*red, row, "since");
    const std::string test = text_in(*red, row, "test");
    if (!at || text_in(*red, row, "kind") != "for good") continue;
    events.push_back({*at, "red/" + fingerprint(test + "\n" + format_time(*at)).substr(0, 12),
                      fmt::format("Red on the main branch: {}, on {}", test, text_in(*red, row, "configurations")),
                      path});
  }
}

// More open at the end of a month than ever before, the first time in a while.
void add_records(const std::vector<SitePage>& pages, std::vector<SiteEvent>& events) {
  std::string path;
  const Result* open = find_result(pages, "open_items", path);
  if (!open) return;
  for (const auto& [column, what] : {std::pair("open_pulls", "pull requests"), std::pair("open_issues", "issues")}) {
    std::int64_t most = 0;
    Timestamp record = 0;
    for (std::size_t i = 0; i + 1 < open->rows.size(); ++i) {  // the last month has not ended
      const auto* count = std::get_if<std::int64_t>(&open->rows[i][open->column(column)]);
      const auto next = moment_in(*open, open->rows[i + 1], "month");
      if (!count || !next || *count <= most) continue;
      if (most > 0 && *next - record > kQuiet)
        events.push_back({*next, fmt::format("{}/{}", column, format_month(*next - 1)),
                          fmt::format("{} {} were open at the end of {}, more than ever; before it was {}, in {}",
                                      with_thousands(*count), what, format_month(*next - 1), with_thousands(most),
                                      format_month(record - 1)),
                          path});
      most = *count;
      record = *next;
    }
  }
}

// Modules with work and without anybody who knows them.
std::set<std::string> modules_without_expert(const Result& modules) {
  std::set<std::string> found;
  for (const auto& row : modules.rows) {
    const auto count = [&](const char* name) {
      const auto* number = std::get_if<std::int64_t>(&row.at(modules.column(name)));
      return number ? *number : 0;
    };
    if (count("living_experts") == 0 && (count("recent_changes") > 0 || count("open_pulls") > 0))
      found.insert(text_in(modules, row, "module"));
  }
  return found;
}

// By how it stood when each month began, so that it is the same whenever the site is made.
void add_modules(const Context& context, const std::vector<SitePage>& pages, std::vector<SiteEvent>& events) {
  std::string path;
  const Result* now = find_result(pages, "modules", path);
  if (!now || modules_without_expert(*now).empty()) return;
  Context then = context;
  Timestamp month = start_of_month(context.as_of);
  std::set<std::string> later;
  for (int back = 0; back < kMonthsBack; ++back, month = add_months(month, -1)) {
    then.as_of = month;
    const auto results = find_analysis("modules").run(then);
    const std::set<std::string> without = modules_without_expert(results.front());
    if (back > 0)
      for (const std::string& module : later) {
        const bool was_there =
            std::any_of(results.front().rows.begin(), results.front().rows.end(),
                        [&](const auto& row) { return text_in(results.front(), row, "module") == module; });
        const Timestamp since = add_months(month, 1);
        if (was_there && !without.contains(module))
          events.push_back({since, fmt::format("module/{}/{}", module, format_month(since)),
                            fmt::format("{} has work and no active expert any more", module), path});
      }
    later = without;
  }
}

void add_releases(const std::vector<SitePage>& pages, std::vector<SiteEvent>& events) {
  for (const SitePage& page : pages)
    if (page.released_at)
      events.push_back({*page.released_at, page.page.slug, fmt::format("{} was released", page.page.title), page.path});
}

}  // namespace

std::vector<SiteEvent> events_of(const Context& context, const std::vector<SitePage>& pages) {
  std::vector<SiteEvent> events;
  add_regressions(pages, events);
  add_red(pages, events);
  add_records(pages, events);
  add_modules(context, pages, events);
  add_releases(pages, events);
  std::erase_if(events,
                [&](const SiteEvent& event) { return event.at > context.as_of || event.at < context.as_of - kLately; });
  std::stable_sort(events.begin(), events.end(),
                   [](const SiteEvent& a, const SiteEvent& b) { return a.at != b.at ? a.at > b.at : a.key < b.key; });
  return events;
}

}  // namespace resident::site
