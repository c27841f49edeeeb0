// `cycles`: commits of the running release cycle against the same time of the one
// before. Cycles lie between releases: those of the configuration, else tags whose
// names match release_tags. Git tells when a commit was made, not when it came to
// the default branch, so for comparing days a commit counts at its committer date; what
// is in a release is told by ancestry, beside it: what its tag reaches and no earlier one.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/cycle_course.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/analysis.hpp>
#include <model/releases.hpp>
#include <optional>
#include <set>
#include <stats/intervals.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

struct Commit {
  std::int64_t id;
  Timestamp at;
  std::int64_t person;  // 0: unknown
  bool by_bot;
};

struct Cycle {
  std::string name;
  Timestamp start, end;  // end: the next release, or the as-of time
  bool is_running = false;
  std::int64_t commits = 0, commits_same_time = 0, by_bots = 0;
  std::int64_t contributors = 0, new_contributors = 0;
  std::vector<std::int64_t> per_day = {};  // commits of each day of the cycle
  std::int64_t in_release = 0, people_in_release = 0;
  double days() const { return static_cast<double>(end - start) / kDay; }
};

std::vector<Commit> commits(const Context& context) {
  std::vector<Commit> list;
  const auto rows = context.database.query(
      "SELECT c.commit_id, c.committed_at, p.person_id, p.is_bot FROM git_commit c "
      "LEFT JOIN person_identity i ON i.project_id = c.project_id AND i.identity_id = c.author_id "
      "LEFT JOIN person p ON p.project_id = i.project_id AND p.person_id = i.person_id "
      "WHERE c.project_id = :project AND c.on_default = 1 AND c.parent_count < 2 AND c.committed_at <= :as_of "
      "ORDER BY c.committed_at, c.commit_id",
      context.parameters());
  while (rows->next()) list.push_back({rows->integer(0), rows->integer(1), rows->integer(2), rows->integer(3) == 1});
  return list;
}

std::vector<Cycle> cycles_between(const std::vector<Release>& releases, const std::vector<Commit>& commits,
                                  Timestamp as_of) {
  std::vector<Cycle> list;
  if (!commits.empty() && commits.front().at <= releases.front().at)
    list.push_back({"to " + releases.front().name, commits.front().at, releases.front().at});
  for (std::size_t i = 0; i + 1 < releases.size(); ++i) {
    if (releases[i].at == releases[i + 1].at) continue;  // two names for one moment
    list.push_back(
        {fmt::format("{} to {}", releases[i].name, releases[i + 1].name), releases[i].at, releases[i + 1].at});
  }
  list.push_back({"since " + releases.back().name, releases.back().at, as_of, true});
  return list;
}

// Which release each commit came in: that of the oldest tag that reaches it, by commit; those in none are left out.
// Nothing where the commit of a release is not known.
std::optional<std::unordered_map<std::int64_t, std::size_t>> first_releases(const Context& context,
                                                                            const std::vector<Release>& releases) {
  std::unordered_map<std::string, std::int64_t> ids;
  for (const auto rows = context.database.query(
           "SELECT sha, commit_id FROM git_commit WHERE project_id = :project AND (in_history = 1 OR on_default = 1)",
           {{"project", context.project_id}});
       rows->next();)
    ids.emplace(rows->string(0), rows->integer(1));
  for (const auto& each : releases)
    if (!ids.contains(each.sha)) return std::nullopt;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> parents;
  for (const auto rows = context.database.query(
           "SELECT commit_id, parent_sha FROM commit_parent WHERE project_id = :project ORDER BY commit_id, position",
           {{"project", context.project_id}});
       rows->next();)
    if (const auto parent = ids.find(rows->string(1)); parent != ids.end())
      parents[rows->integer(0)].push_back(parent->second);
  std::unordered_map<std::int64_t, std::size_t> first;
  for (std::size_t i = 0; i < releases.size(); ++i)
    for (std::vector<std::int64_t> open{ids.at(releases[i].sha)}; !open.empty();) {
      const std::int64_t id = open.back();
      open.pop_back();
      if (!first.emplace(id, i).second) continue;
      if (const auto found = parents.find(id); found != parents.end())
        open.insert(open.end(), found->second.begin(), found->second.end());
    }
  return first;
}

// Beside the dates: the commits that each release brought. False where that is not known.
bool count_in_releases(const Context& context, const std::vector<Release>& releases, const std::vector<Commit>& commits,
                       std::vector<Cycle>& cycles) {
  const auto first = first_releases(context, releases);
  if (!first) return false;
  std::vector<std::set<std::int64_t>> people(cycles.size());
  for (const Commit& commit : commits) {
    std::size_t place = cycles.size() - 1;
    const auto found = first->find(commit.id);
    if (found != first->end())
      for (place = 0; place + 1 < cycles.size() && cycles[place].end < releases[found->second].at;) ++place;
    // Of a release before the first cycle, by date.
    if (found != first->end() && cycles[place].start >= releases[found->second].at &&
        cycles[place].end > cycles[place].start)
      continue;
    ++cycles[place].in_release;
    if (commit.person != 0 && !commit.by_bot) people[place].insert(commit.person);
  }
  for (std::size_t i = 0; i < cycles.size(); ++i)
    cycles[i].people_in_release = static_cast<std::int64_t>(people[i].size());
  return true;
}

// Both lists are in order of time. A commit at the moment of a release belongs to it: a lightweight tag has no other
// moment than that of the commit it stands on.
void count(std::vector<Cycle>& cycles, const std::vector<Commit>& commits) {
  const Timestamp elapsed = cycles.back().end - cycles.back().start;
  std::unordered_set<std::int64_t> known;
  auto commit = commits.begin();
  for (Cycle& cycle : cycles) {
    cycle.per_day.assign(static_cast<std::size_t>((cycle.end - cycle.start) / kDay) + 1, 0);
    std::set<std::int64_t> people;
    for (; commit != commits.end() && (cycle.is_running || commit->at <= cycle.end); ++commit) {
      ++cycle.commits;
      ++cycle.per_day[static_cast<std::size_t>((commit->at - cycle.start) / kDay)];
      cycle.commits_same_time += commit->at - cycle.start <= elapsed;
      cycle.by_bots += commit->by_bot;
      if (commit->person == 0 || commit->by_bot) continue;
      people.insert(commit->person);
      if (known.insert(commit->person).second) ++cycle.new_contributors;
    }
    cycle.contributors = static_cast<std::int64_t>(people.size());
  }
}

// How much more the weeks of both spans vary than Poisson's would: Pearson's chi
// square by its degrees of freedom, each span with its own rate; at least 1.
double dispersion(const Cycle& first, const Cycle& second, std::size_t days) {
  double chi_square = 0;
  std::size_t weeks_of_both = 0;
  for (const Cycle* cycle : {&first, &second}) {
    const std::size_t weeks = std::min(days, cycle->per_day.size()) / 7;
    std::vector<double> counts(weeks, 0);
    double total = 0;
    for (std::size_t day = 0; day < weeks * 7; ++day) {
      counts[day / 7] += static_cast<double>(cycle->per_day[day]);
      total += static_cast<double>(cycle->per_day[day]);
    }
    if (weeks < 2 || total == 0) continue;
    const double mean = total / static_cast<double>(weeks);
    for (const double each : counts) chi_square += (each - mean) * (each - mean) / mean;
    weeks_of_both += weeks - 1;
  }
  return weeks_of_both == 0 ? 1 : std::max(1.0, chi_square / static_cast<double>(weeks_of_both));
}

std::string change_text(double ratio) {
  const double percent = 100 * std::fabs(ratio - 1);
  if (percent < 0.5) return "as many as";
  return fmt::format("{:.0f} % {} than", percent, ratio < 1 ? "fewer" : "more");
}

void make_claim(Result& result, const std::vector<Cycle>& cycles) {
  const Cycle& now = cycles.back();
  const std::string release = now.name.substr(6);  // after "since "
  const auto days = static_cast<long long>((now.end - now.start) / kDay);
  result.claim =
      fmt::format("{} in the {} since {}", plural(now.commits, "commit"), plural(days, "day"), one_line(release));
  if (cycles.size() < 2) {
    result.claim += "; there is no cycle before to compare with.";
    return;
  }
  const Cycle& before = cycles[cycles.size() - 2];
  if (before.end - before.start < now.end - now.start) {
    result.claim += fmt::format("; the cycle before ({}) ended after {} with {}.", one_line(before.name),
                                plural(static_cast<long long>((before.end - before.start) / kDay), "day"),
                                plural(before.commits, "commit"));
    return;
  }
  if (before.commits_same_time == 0) {
    result.claim += "; there was none in the same time of the cycle before.";
    return;
  }
  const double ratio = static_cast<double>(now.commits) / static_cast<double>(before.commits_same_time);
  result.claim += fmt::format(", {} in the same time of the cycle before ({}).", change_text(ratio),
                              with_thousands(before.commits_same_time));
  const double factor = dispersion(now, before, static_cast<std::size_t>(days));
  if (const auto interval = stats::rate_ratio_interval(now.commits, before.commits_same_time, factor)) {
    const bool clear = interval->low > 1 || interval->high < 1;
    result.uncertainty = fmt::format(
        "Ratio to the same time of the cycle before: {:.2f}, 95 % interval {:.2f} to {:.2f}{}. Log-normal interval "
        "with Poisson variance times {:.1f}, "
        "the dispersion of the weekly counts within the two spans.",
        ratio, interval->low, interval->high, clear ? "" : ", so the difference may be chance", factor);
  }
}

Result curve_result(const Context& context, const Result& table, const std::vector<Cycle>& cycles) {
  Result curve =
      context.result("cycles_curve", "Commits by day of the cycle", "Does this cycle run ahead of the ones before?");
  curve.claim = table.claim;
  curve.definition = table.definition;
  curve.method = table.method;
  curve.evidence = table.evidence;
  curve.columns = {{"cycle", "Cycle"},
                   {"day", "Day", ColumnType::integer, "", "of the cycle, 1 being the first"},
                   {"commits", "Commits", ColumnType::integer, "commits", "since the cycle began"}};
  curve.chart = {Chart::Kind::step, "day", {"commits"}, "cycle", "", "", "commits since the release"};
  for (std::size_t i = cycles.size() > 3 ? cycles.size() - 3 : 0; i < cycles.size(); ++i) {
    std::int64_t total = 0;
    // Every day up to 400, then in steps, so that a cycle of years stays a picture.
    const std::size_t step = cycles[i].per_day.size() / 400 + 1;
    for (std::size_t day = 0; day < cycles[i].per_day.size(); ++day) {
      total += cycles[i].per_day[day];
      if ((day + 1) % step == 0 || day + 1 == cycles[i].per_day.size())
        curve.rows.push_back({cycles[i].name, static_cast<std::int64_t>(day + 1), total});
    }
    curve.sample_size = curve.sample_size.value_or(0) + cycles[i].commits;
  }
  return curve;
}

std::vector<Result> analyse_cycles(const Context& context) {
  for (const char* name : {"of", "align", "before", "after", "schedule"})
    if (!context.argument(name).empty()) return cycle_course(context);
  Result result =
      context.result("cycles", "Release cycles", "Is this release cycle as busy as the ones before, at the same day?");
  result.columns = {
      {"cycle", "Cycle"},
      {"start", "Start", ColumnType::date},
      {"days", "Days", ColumnType::number, "days"},
      {"commits", "Commits", ColumnType::integer, "commits"},
      {"commits_same_time", "Commits by the same time", ColumnType::integer, "commits",
       "in as many days as the running cycle has had; none where the cycle was shorter"},
      {"commits_per_day", "Commits per day", ColumnType::number, "commits per day"},
      {"contributors", "Contributors", ColumnType::integer, "people", "authors of these commits, without bots"},
      {"new_contributors", "New contributors", ColumnType::integer, "people", "authors whose first commit it was"},
      {"in_release", "In the release", ColumnType::integer, "commits",
       "by ancestry: what its tag reaches and no earlier release's; since the last one: what no tag reaches"},
      {"people_in_release", "People in it", ColumnType::integer, "people", "authors of those, without bots", "", true},
      {"by_bots", "By bots", ColumnType::integer, "commits", "of the commits, by accounts that are bots", "", true}};
  result.definition =
      "CHAOSS 'Code Changes Commits' by release cycle: commits on the default branch that are not merges, by committer "
      "date, from a release (which holds what was committed at its own moment) until the next. In the release: by "
      "ancestry instead of by date, so that what was written before a release and merged behind it counts to the next. "
      "Source: https://chaoss.community/kb/metric-code-changes-commits/.";
  std::string origin;
  const auto list = releases_of(context, &origin);
  result.method = fmt::format(
      "Releases: {}. A commit counts at its committer date, as git does not tell when it came to the default branch.",
      origin);
  result.evidence.push_back(
      {"Commits that count",
       fmt::format("SELECT sha, committed_at, subject FROM git_commit WHERE project_id = {} AND on_default = 1 "
                   "AND parent_count < 2 AND committed_at <= {} ORDER BY committed_at",
                   context.project_id, context.as_of),
       {}});
  const auto all = commits(context);
  result.sample_size = static_cast<std::int64_t>(all.size());
  if (list.empty()) {
    result.claim = "No release is known, so there are no cycles to compare.";
    result.notes.push_back("Releases are tags that match release_tags, or stand in the configuration under releases.");
    return {std::move(result)};
  }
  auto cycles = cycles_between(list, all, context.as_of);
  count(cycles, all);
  const bool by_ancestry = count_in_releases(context, list, all, cycles);
  if (!by_ancestry)
    result.notes.push_back(
        "What is in which release is not known by ancestry: a release has no tag whose commit is known.");
  const Timestamp elapsed = cycles.back().end - cycles.back().start;
  for (const Cycle& cycle : cycles) {
    const bool is_long_enough = cycle.end - cycle.start >= elapsed;
    result.rows.push_back({cycle.name, cycle.start, std::round(cycle.days() * 10) / 10, cycle.commits,
                           is_long_enough ? Cell(cycle.commits_same_time) : Cell(),
                           cycle.end > cycle.start ? Cell(static_cast<double>(cycle.commits) / cycle.days()) : Cell(),
                           cycle.contributors, cycle.new_contributors, by_ancestry ? Cell(cycle.in_release) : Cell(),
                           by_ancestry ? Cell(cycle.people_in_release) : Cell(), cycle.by_bots});
  }
  make_claim(result, cycles);
  Result curve = curve_result(context, result, cycles);
  return {std::move(result), std::move(curve)};
}

}  // namespace

extern const Analysis cycles_analysis;
const Analysis cycles_analysis{
    "cycles",
    "Release cycles",
    "Is this release cycle as busy as the ones before, at the same day?",
    {{"of", "SERIES",
      "Laid over the cycles before: merged, closed, reviews, comments, commits, opened, issues, newcomers, answered, "
      "contributors, reviewers, first_response, red, measure:NAME.COLUMN, benchmark:NAME, adoption:MODULE or "
      "downloads:MODULE"},
     {"align", "POINT", "Where cycles begin: release (without it), candidate, beta or branch"},
     {"last", "CYCLES", "How many cycles before (5)"},
     {"before", "WEEKS", "Begin so many weeks before the point (0)"},
     {"after", "WEEKS", "End so many weeks after it at most (52)"},
     {"schedule", "STAGES", "Points that no tag has: 3.15 beta 1=2026-05-05, 3.15=2026-10-01"}},
    &analyse_cycles,
    {},
    {{"flow", 20}}};

}  // namespace resident
