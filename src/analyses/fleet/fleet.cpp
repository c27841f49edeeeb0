// `fleet`: all projects of the store, or a group of them, those that need somebody first.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/fleet.hpp>
#include <stats/intervals.hpp>
#include <stats/pareto.hpp>
#include <stats/quantile.hpp>

namespace resident {

namespace {

constexpr std::size_t kLeastForMedian = 6;
constexpr Timestamp kStaleAfter = 7 * kDay;

struct Line {
  const FleetProject* project = nullptr;
  int front = 0;
  std::optional<double> median_days, low_days, high_days;
  std::optional<double> growth, growth_low, growth_high;  // items a quarter, opened less closed
  std::string why;

  // In the order in which they decide within a front; what is not known counts as none.
  std::vector<double> sides() const {
    return {project->is_expert_gone() ? 1.0 : 0.0, static_cast<double>(project->red),
            static_cast<double>(project->unanswered), median_days.value_or(0), std::max(0.0, growth.value_or(0))};
  }
};

std::string reasons(const Line& line, Timestamp now) {
  const FleetProject& project = *line.project;
  std::vector<std::string> list;
  if (project.is_expert_gone())
    list.push_back(fmt::format("nobody {} for a year, last on {}", project.by_commits ? "committed" : "merged",
                               format_date(*project.last_kept)));
  else if (project.keepers == 1)
    list.push_back(fmt::format("one person {}", project.by_commits ? "commits" : "merges"));
  if (project.red > 0) {
    constexpr std::size_t kNamed = 3;
    const auto& names = project.red_names;
    const auto shown = std::min(names.size(), kNamed);
    list.push_back(fmt::format("{}{} red", fmt::join(names.begin(), names.begin() + static_cast<long>(shown), ", "),
                               names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : ""));
  }
  if (project.unanswered > 0)
    list.push_back(fmt::format("{} of {} newcomers unanswered, for {} at most", project.unanswered, project.newcomers,
                               format_duration(project.longest_days * static_cast<double>(kDay))));
  if (line.growth && line.growth_low && *line.growth_low > 0)
    list.push_back(fmt::format("backlog grew by {:.0f} in {} days", *line.growth, kFleetDays));
  if (project.failed_sources > 0)
    list.push_back(fmt::format("{} failed", plural(project.failed_sources, "source")));
  else if (project.sources == 0)
    list.push_back("no source");
  else if (!project.data_until || *project.data_until < now - kStaleAfter)
    list.push_back(project.data_until ? "data end on " + format_date(*project.data_until) : "nothing was read yet");
  return fmt::format("{}", fmt::join(list, "; "));
}

Line line_of(const FleetProject& project, Timestamp now) {
  Line line;
  line.project = &project;
  if (project.has_items) {
    std::vector<double> days = project.pull_days;
    line.median_days = stats::quantile(days, 0.5);
    if (days.size() >= kLeastForMedian)
      if (const auto interval = stats::median_interval(days))
        line.low_days = interval->low, line.high_days = interval->high;
    const double opened = static_cast<double>(project.opened), closed = static_cast<double>(project.closed);
    // Difference of two Poisson counts, normal.
    const double error = stats::normal_quantile(0.95) * std::sqrt(opened + closed);
    line.growth = opened - closed;
    line.growth_low = opened - closed - error, line.growth_high = opened - closed + error;
  }
  line.why = reasons(line, now);
  return line;
}

std::vector<Line> lines_of(const std::vector<FleetProject>& projects, Timestamp now) {
  std::vector<Line> lines;
  std::vector<std::vector<double>> sides;
  for (const auto& project : projects) {
    lines.push_back(line_of(project, now));
    sides.push_back(lines.back().sides());
  }
  const std::vector<int> fronts = stats::pareto_layers(sides);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].front = fronts[i];
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    if (a.front != b.front) return a.front < b.front;
    const auto one = a.sides(), other = b.sides();
    return one != other ? one > other : a.project->name < b.project->name;
  });
  return lines;
}

std::vector<Result> analyse_fleet(const Context& context) {
  std::string wanted = context.argument("group");
  if (!wanted.empty() && !context.config.groups.contains(wanted)) {
    std::vector<std::string> names;
    for (const auto& [name, members] : context.config.groups) names.push_back(name);
    const std::string nearest = near_miss(wanted, names);
    throw Error(ErrorKind::usage, fmt::format("there is no group called {}", one_line(wanted)),
                names.empty()     ? "groups stand in [groups] of the configuration: name = [\"project\", …]"
                : nearest.empty() ? fmt::format("the groups are {}", fmt::join(names, ", "))
                                  : fmt::format("did you mean {}?", nearest));
  }
  if (wanted.empty()) wanted = context.project;
  const auto names = projects_meant(context.database, context.config.groups, wanted);
  const auto projects = load_fleet(context.database, names, context.asked, context.as_of);
  const auto lines = lines_of(projects, context.as_of);

  Result result;
  result.name = "fleet", result.title = "Fleet", result.question = "Which projects need somebody, and why?";
  result.as_of = context.as_of;
  result.columns = {
      {"front", "Front", ColumnType::integer, "", "1: none is worse off in every respect"},
      {"project", "Project"},
      {"why", "Why"},
      {"keepers", "Who merges", ColumnType::integer, "people", "in the year before"},
      {"last_kept", "Last merge", ColumnType::date},
      {"red", "Red checks", ColumnType::integer, "", "whose newest run on a branch failed"},
      {"checks", "Of", ColumnType::integer, "checks", "with a run in the last 14 days"},
      {"unanswered", "Newcomers unanswered", ColumnType::integer},
      {"newcomers", "Of", ColumnType::integer, "newcomers", "whose first item is open and 90 days old at most"},
      {"open_pulls", "Open PRs", ColumnType::integer},
      {"median_wait", "Median wait", ColumnType::duration, "", "of open pull requests"},
      {"wait_low", "from", ColumnType::duration, "", "95 %", "", true},
      {"wait_high", "to", ColumnType::duration, "", "95 %", "", true},
      {"open_issues", "Open issues", ColumnType::integer},
      {"growth", "Growth", ColumnType::number, "items", "opened less closed in 90 days"},
      {"growth_low", "from", ColumnType::number, "items", "95 %", "", true},
      {"growth_high", "to", ColumnType::number, "items", "95 %", "", true},
      {"opened", "Opened", ColumnType::integer, "items", "in 90 days", "", true},
      {"closed", "Closed", ColumnType::integer, "items", "in 90 days", "", true},
      {"data_until", "Data until", ColumnType::time, "", "of the tracker; of the clone where there is none"},
      {"synced_at", "Synced", ColumnType::time, "", "", "", true},
      {"moment", "As of", ColumnType::time, "", "", "", true},
      {"simulated", "Simulated", ColumnType::integer, "", "", "", true}};
  result.set_roles({{"project", ColumnRole::project}, {"why", ColumnRole::reason}});
  std::int64_t gone = 0, red = 0, unanswered = 0, newcomers_of = 0, stale = 0, without_items = 0;
  for (const Line& line : lines) {
    const FleetProject& project = *line.project;
    gone += project.is_expert_gone(), red += project.red > 0;
    unanswered += project.unanswered, newcomers_of += project.unanswered > 0;
    stale += !project.data_until || *project.data_until < context.as_of - kStaleAfter;
    without_items += !project.has_items;
    const auto items = [&](std::int64_t count) { return project.has_items ? Cell(count) : Cell(); };
    const auto days = [](const std::optional<double>& value) {
      return value ? Cell(std::llround(*value * static_cast<double>(kDay))) : Cell();
    };
    const auto number = [](const std::optional<double>& value) {
      return value ? Cell(std::round(*value * 10) / 10) : Cell();
    };
    const auto time = [](const std::optional<Timestamp>& value) { return value ? Cell(*value) : Cell(); };
    const bool has_keepers = project.last_kept.has_value();
    result.rows.push_back({static_cast<std::int64_t>(line.front),
                           project.name,
                           line.why,
                           has_keepers ? Cell(project.keepers) : Cell(),
                           time(project.last_kept),
                           project.checks > 0 ? Cell(project.red) : Cell(),
                           project.checks,
                           items(project.unanswered),
                           items(project.newcomers),
                           items(project.open_pulls),
                           days(line.median_days),
                           days(line.low_days),
                           days(line.high_days),
                           items(project.open_issues),
                           number(line.growth),
                           number(line.growth_low),
                           number(line.growth_high),
                           items(project.opened),
                           items(project.closed),
                           time(project.data_until),
                           time(project.synced_at),
                           project.moment,
                           static_cast<std::int64_t>(project.simulated)});
  }
  result.simulated = !lines.empty() &&
                     std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.project->simulated; });
  const auto count = static_cast<long long>(lines.size());
  std::vector<std::string> parts;
  if (gone > 0) parts.push_back(fmt::format("in {} nobody merges any more", with_thousands(gone)));
  if (red > 0) parts.push_back(fmt::format("{} red on a branch", plural(red, "is", "are")));
  if (unanswered > 0)
    parts.push_back(
        fmt::format("nobody answered {} in {}", plural(unanswered, "newcomer"), plural(newcomers_of, "project")));
  if (stale > 0) parts.push_back(fmt::format("the data of {} are older than a week", with_thousands(stale)));
  const std::string what_stands_out =
      parts.empty() ? ", and none has anything that stands out" : fmt::format(": {}", fmt::join(parts, "; "));
  result.claim =
      count == 0 ? "The store holds no project yet." : fmt::format("{}{}.", plural(count, "project"), what_stands_out);
  result.sample_size = count;
  result.definition =
      "Who merges: people who merged a pull request in the year before; where no merges are known, who committed to "
      "the "
      "default branch. Red: checks on branches whose newest run in 14 days failed. Newcomers: accounts whose first "
      "item "
      "is open and 90 days old at most; unanswered: nobody else, bots aside, commented or reviewed. Growth: opened "
      "less "
      "closed in 90 days. Each project as of the moment, or of where its tracker's data (or else its clone's) end if "
      "that is more than two "
      "days before.";
  result.method =
      "Order: first the front of projects than which no other is worse off in every respect (nobody merges, red "
      "checks, "
      "unanswered newcomers, median wait of open pull requests, growth), then the front of the others, and so on "
      "(Pareto); within a front by these five in turn, the worst first, then by name. What is not known counts as "
      "none.";
  result.uncertainty =
      "Median wait: 95 % by order statistics, of six or more; growth: 95 %, as a difference of two Poisson counts. The "
      "others are counts.";
  if (without_items > 0)
    result.coverage = fmt::format("of {} no issues and pull requests are known: their cells are empty",
                                  plural(without_items, "project"));
  result.evidence.push_back(
      {"what is open by project",
       "SELECT p.name, i.kind, i.number, i.title, v.opened_at FROM item_interval v JOIN item i USING (project_id, "
       "item_id) JOIN project p USING (project_id) WHERE v.closed_at IS NULL ORDER BY p.name, v.opened_at",
       {}});
  return {result};
}

}  // namespace

extern const Analysis fleet_analysis;
const Analysis fleet_analysis{
    "fleet",
    "Fleet",
    "Which projects need somebody, and why?",
    {{"group", "NAME", "projects that [groups] of the configuration names together"}},
    analyse_fleet,
    {groups::kMorning, "All projects of the store, those that need somebody first",
     "--project takes several names, separated by commas, too.\nExample: resident fleet --group web"},
    {},
    true};

}  // namespace resident
