// `hotspots`: files that are complex and change often. Complexity alone costs
// nothing while nobody touches it, and change alone is easy where code is simple;
// where both meet, time is spent and defects come from.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <model/file_history.hpp>
#include <model/modules.hpp>
#include <set>

namespace resident {

namespace {

struct Spot {
  std::int64_t path_id = 0;
  std::int64_t commits = 0;
  std::set<std::int64_t> authors = {};
  Timestamp last_change = 0;
  std::optional<std::int64_t> lines = {}, code_lines = {}, total = {}, deepest = {};
  double score = 0;
};

// Prose, data and pictures: their indentation says nothing of how hard they are.
bool is_code(const std::string& path) {
  static const std::set<std::string_view> others{
      "adoc", "asciidoc", "bib",  "csv",  "gif",  "htm", "html", "ico",   "ipynb", "jpeg", "jpg",
      "json", "lock",     "md",   "mo",   "news", "pdf", "po",   "png",   "pot",   "rst",  "rtf",
      "svg",  "tex",      "texi", "toml", "tsv",  "txt", "webp", "xhtml", "xml",   "yaml", "yml"};
  const std::size_t dot = path.rfind('.'), slash = path.rfind('/');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return true;
  return !others.contains(to_lower(path.substr(dot + 1)));
}

// Share of the values that are smaller, those that are equal counting half: 0 to 1.
std::vector<double> percent_ranks(const std::vector<std::int64_t>& values) {
  std::vector<std::int64_t> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> ranks;
  for (const auto value : values) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), value);
    ranks.push_back(static_cast<double>((low - sorted.begin()) + (high - sorted.begin())) /
                    (2 * static_cast<double>(values.size())));
  }
  return ranks;
}

// Files with their commits since then, from the history.
std::vector<Spot> count_changes(const Context& context, const FileHistory& history, ModuleMap& map, bool all) {
  const People people = load_people(context);
  std::vector<Spot> spots(history.file_count());
  for (FileHistory::File file = 0; file < history.file_count(); ++file) spots[file].path_id = history.path_id(file);
  for (const auto& commit : history.commits()) {
    const std::int64_t person = people.person(commit.author_id);
    for (const auto file : history.files(commit)) {
      Spot& spot = spots[file];
      ++spot.commits;
      spot.last_change = std::max(spot.last_change, commit.at);
      if (person && !people.bots.contains(person)) spot.authors.insert(person);
    }
  }
  std::vector<Spot> kept;
  for (FileHistory::File file = 0; file < history.file_count(); ++file) {
    const std::string& path = map.path(spots[file].path_id);
    if (history.is_gone(file) || (!all && (!is_code(path) || map.module_of(spots[file].path_id).empty()))) continue;
    kept.push_back(std::move(spots[file]));
  }
  return kept;
}

// The newest tree's figures hold as of the moment for files that did not change since.
void add_complexity(const Context& context, std::vector<Spot>& spots) {
  std::unordered_map<std::int64_t, Spot*> by_path;
  for (auto& spot : spots) by_path.emplace(spot.path_id, &spot);
  const auto rows = context.database.query(
      "SELECT h.path_id, h.lines, h.code_lines, h.indentation_total, h.indentation_max FROM head_file h WHERE "
      "h.project_id = :project AND h.indentation_total IS NOT NULL AND NOT EXISTS (SELECT 1 FROM file_change f JOIN "
      "git_commit c ON c.project_id = f.project_id AND c.commit_id = f.commit_id WHERE f.project_id = h.project_id AND "
      "f.path_id = h.path_id AND c.on_default = 1 AND c.committed_at > :as_of)",
      context.parameters());
  while (rows->next()) {
    const auto found = by_path.find(rows->integer(0));
    if (found == by_path.end()) continue;
    Spot& spot = *found->second;
    spot.lines = rows->optional_integer(1);
    spot.code_lines = rows->optional_integer(2);
    spot.total = rows->optional_integer(3);
    spot.deepest = rows->optional_integer(4);
  }
}

// Most urgent first; what has no complexity comes after all that has.
void rank(std::vector<Spot>& spots, ModuleMap& map) {
  std::vector<Spot*> known;
  std::vector<std::int64_t> commits, totals;
  for (auto& spot : spots) {
    if (!spot.total) continue;
    known.push_back(&spot);
    commits.push_back(spot.commits);
    totals.push_back(*spot.total);
  }
  const std::vector<double> by_commits = percent_ranks(commits), by_total = percent_ranks(totals);
  for (std::size_t i = 0; i < known.size(); ++i) known[i]->score = by_commits[i] * by_total[i];
  std::sort(spots.begin(), spots.end(), [&](const Spot& a, const Spot& b) {
    if (a.total.has_value() != b.total.has_value()) return a.total.has_value();
    if (a.score != b.score) return a.score > b.score;
    if (a.commits != b.commits) return a.commits > b.commits;
    return map.path(a.path_id) < map.path(b.path_id);
  });
}

Cell cell(const std::optional<std::int64_t>& value) {
  return value ? Cell(*value) : Cell();
}

std::vector<Result> analyse_hotspots(const Context& context) {
  const Timestamp since = time_argument(context, "since").value_or(context.as_of - 365 * kDay);
  const bool all = flag_argument(context, "all");
  const auto limit = static_cast<std::size_t>(context.whole_number("limit", 50, 1, 1'000'000'000));
  const FileHistory history(context, since);
  ModuleMap map(context);
  std::vector<Spot> spots = count_changes(context, history, map, all);
  add_complexity(context, spots);
  rank(spots, map);
  const auto known = static_cast<std::size_t>(
      std::count_if(spots.begin(), spots.end(), [](const Spot& spot) { return spot.total.has_value(); }));

  Result result =
      context.result("hotspots", "Hotspots", "Which complex files change so often that making them simpler would pay?");
  result.columns = {
      {"path", "File"},
      {"commits", "Commits", ColumnType::integer, "commits", fmt::format("since {}", format_date(since))},
      {"authors", "Authors", ColumnType::integer, "people", "of these commits, without bots"},
      {"lines", "Lines", ColumnType::integer, "lines"},
      {"indentation_total", "Indentation", ColumnType::integer, "levels", "added up over the lines that are not blank"},
      {"indentation_mean", "Mean", ColumnType::number, "levels", "of a line that is not blank"},
      {"indentation_max", "Deepest", ColumnType::integer, "levels"},
      {"score", "Score", ColumnType::number, "", "product of the two percent ranks, 0 to 1"},
      {"module", "Module"},
      {"last_change", "Last change", ColumnType::date},
      {"code_lines", "Lines with text", ColumnType::integer, "lines", "", "", true}};
  result.set_roles({{"path", ColumnRole::file}, {"module", ColumnRole::module}});
  if (known > 0)
    result.chart = {Chart::Kind::dot, "commits", {"indentation_total"}, "", "", "", "levels of indentation, added up"};
  for (const Spot& spot : spots) {
    if (result.rows.size() == limit) break;
    const bool has_mean = spot.total && spot.code_lines && *spot.code_lines > 0;
    result.rows.push_back(
        {map.path(spot.path_id), spot.commits, static_cast<std::int64_t>(spot.authors.size()), cell(spot.lines),
         cell(spot.total),
         has_mean
             ? Cell(std::round(100.0 * static_cast<double>(*spot.total) / static_cast<double>(*spot.code_lines)) / 100)
             : Cell(),
         cell(spot.deepest), spot.total ? Cell(std::round(spot.score * 1e4) / 1e4) : Cell(),
         map.module_of(spot.path_id), spot.last_change, cell(spot.code_lines)});
  }
  if (spots.empty()) {
    result.claim = fmt::format("No file of code changed since {}.", format_date(since));
  } else {
    const Spot& first = spots.front();
    const std::string path = one_line(map.path(first.path_id));
    // Those without a figure stand last, by commits: a busier one could well be the first.
    std::string unmeasured;
    if (known > 0 && known < spots.size() && spots[known].commits >= first.commits)
      unmeasured = fmt::format("{}, with {}, {}. Of the others, ", one_line(map.path(spots[known].path_id)),
                               plural(spots[known].commits, "commit"),
                               spots.size() - known == 1
                                   ? "is without a figure of complexity"
                                   : fmt::format("and {} more are without a figure of complexity",
                                                 with_thousands(static_cast<long long>(spots.size() - known - 1))));
    result.claim = known == 0
                       ? fmt::format("{} changed most since {}: {}. How complex the files are is not known.", path,
                                     format_date(since), plural(first.commits, "commit"))
                       : fmt::format("{}{} is the first hotspot of {}: {} by {} since {}, and {}.", unmeasured, path,
                                     plural(static_cast<long long>(known), "file"), plural(first.commits, "commit"),
                                     plural(static_cast<long long>(first.authors.size()), "author"), format_date(since),
                                     plural(first.lines.value_or(0), "line"));
  }
  result.sample_size = static_cast<std::int64_t>(history.commits().size());
  result.definition =
      "Frequency of change and complexity of the same file: A. Tornhill, 'Your Code as a Crime Scene' (2015). "
      "Complexity is by indentation, levels added up over the lines that are not blank; a level is a tab or as many "
      "spaces as the file indents by: A. Hindle, M. Godfrey and R. Holt, 'Reading Beside the Lines', ICPC 2008.";
  result.method = fmt::format(
      "Commits on the default branch that are not merges, by committer date since {} (as git log --no-merges "
      "--since-as-filter), "
      "a rename not ending a file's history. Score: product of the percent ranks of commits and of indentation among "
      "the files that changed; ranks, since both are so unevenly spread that after division by the largest value one "
      "huge file would decide.",
      format_time(since));
  result.uncertainty =
      "Counts are exact; indentation stands in for complexity and knows nothing of what the code does.";
  if (!all)
    result.notes.push_back(
        "Left out: prose, data and pictures by the ending of the name, and paths that do not count by configuration "
        "(ignored_paths) or that .gitattributes mark as generated or vendored. --all takes them in.");
  if (known < spots.size())
    result.notes.push_back(
        fmt::format("{} without a figure of complexity: binary, changed after the as-of time, or not measured. They "
                    "come last, by commits.",
                    plural(static_cast<long long>(spots.size() - known), "file is", "files are")));
  if (spots.size() > limit)
    result.notes.push_back(fmt::format("{} of {} files are shown; --limit says how many.",
                                       with_thousands(static_cast<long long>(limit)),
                                       with_thousands(static_cast<long long>(spots.size()))));
  result.evidence.push_back(
      {"Commits by path, renames not followed",
       fmt::format("SELECT p.path, count(*) AS commits FROM git_commit c JOIN file_change f ON f.project_id = "
                   "c.project_id AND f.commit_id = c.commit_id JOIN path p ON p.project_id = f.project_id AND "
                   "p.path_id = f.path_id WHERE c.project_id = {} AND c.on_default = 1 AND c.parent_count < 2 AND "
                   "c.committed_at >= {} AND c.committed_at <= {} GROUP BY p.path ORDER BY commits DESC",
                   context.project_id, since, context.as_of),
       {}});
  return {std::move(result)};
}

}  // namespace

extern const Analysis hotspots_analysis;
const Analysis hotspots_analysis{
    "hotspots",
    "Hotspots",
    "Which complex files change so often that making them simpler would pay?",
    {{"since", "DATE", "count commits from then on; without it, the year before"},
     {"limit", "N", "files to show (50)"},
     {"all", "", "take in prose, data and paths that do not count by configuration"}},
    &analyse_hotspots,
    {groups::kCode, "Files that are complex and change often", "Example: resident hotspots --since 2020-01-01"},
    {{"modules", 20, {{"limit", "25"}}}}};

}  // namespace resident
