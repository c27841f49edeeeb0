// `coupling`: what changes together. Files that are committed together again and
// again depend on each other, whether the code says so or not: a change to one is
// a hint to look at the other, and coupling across modules is where a design leaks.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/arguments.hpp>
#include <framework/next_command.hpp>
#include <model/file_history.hpp>
#include <model/modules.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostPairs = 4'000'000;  // some 200 MB
constexpr std::uint32_t kNoUnit = ~std::uint32_t{0};

struct Settings {
  std::int64_t minimum_revisions, minimum_support, minimum_degree, maximum_changeset, limit;
  std::optional<Timestamp> since;
  std::string of;
  bool modules, all;
};

// What is counted: a file, a module, or the place that --of names.
struct Units {
  std::vector<std::string> names, modules;
  std::vector<std::uint32_t> of_file;  // by file; kNoUnit: does not count
  std::uint32_t place = kNoUnit;       // that of --of
};

struct Pair {
  std::uint32_t first, second;
  std::int64_t support;
  double degree;
  stats::Interval together;  // share of commits to both among commits to either, or with --of to the place
};

struct Counts {
  std::vector<std::int64_t> revisions;  // by unit
  std::unordered_map<std::uint64_t, std::int64_t> support;
  std::int64_t commits = 0, too_large = 0;
  bool is_capped = false;
};

Settings settings_of(const Context& context) {
  constexpr std::int64_t most = 1'000'000'000;
  return {context.whole_number("minimum-revisions", 5, 1, most),
          context.whole_number("minimum-support", 5, 1, most),
          context.whole_number("minimum-degree", context.argument("of").empty() ? 30 : 0, 0, 100),
          context.whole_number("maximum-changeset", 30, 2, 1000),
          context.whole_number("limit", 50, 1, most),
          time_argument(context, "since"),
          context.argument("of"),
          flag_argument(context, "modules"),
          flag_argument(context, "all")};
}

bool is_below(const std::string& path, std::string_view place) {
  return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

// Marks what --of names: a module, or files that bear or bore that path.
std::vector<bool> files_of_place(const FileHistory& history, ModuleMap& map, const std::string& wanted) {
  std::string place = wanted;
  while (place.size() > 1 && place.ends_with('/')) place.pop_back();
  std::vector<bool> chosen(history.file_count(), false);
  bool any = false;
  for (const auto& [path_id, file] : history.names())
    if (is_below(map.path(path_id), place)) any = chosen[file] = true;
  for (FileHistory::File file = 0; !any && file < history.file_count(); ++file)
    if (map.module_of(history.path_id(file)) == wanted) chosen[file] = true;
  if (std::find(chosen.begin(), chosen.end(), true) == chosen.end())
    throw Error(ErrorKind::usage, fmt::format("no commit of this time changed {}", one_line(wanted)),
                "--of takes a file, a folder or a module (`resident modules` lists them)");
  return chosen;
}

Units units_of(const FileHistory& history, ModuleMap& map, const Settings& settings) {
  Units units;
  std::unordered_map<std::string, std::uint32_t> number;
  const auto unit = [&](const std::string& name, const std::string& module) {
    const auto [found, is_new] = number.emplace(name, static_cast<std::uint32_t>(units.names.size()));
    if (is_new) units.names.push_back(name), units.modules.push_back(module);
    return found->second;
  };
  std::vector<bool> in_place;
  if (!settings.of.empty()) {
    in_place = files_of_place(history, map, settings.of);
    units.place = 0;
    units.names.push_back(settings.of);
    units.modules.emplace_back();
  }
  for (FileHistory::File file = 0; file < history.file_count(); ++file) {
    const std::int64_t path_id = history.path_id(file);
    const std::string& module = map.module_of(path_id);
    const bool counts = !history.is_gone(file) && (settings.all || !module.empty());
    units.of_file.push_back(!in_place.empty() && in_place[file] ? units.place
                            : !counts                           ? kNoUnit
                            : settings.modules ? unit(module.empty() ? "(ignored paths)" : module, module)
                                               : unit(map.path(path_id), module));
  }
  return units;
}

// Calls each with the units of every commit that is not too large, each unit once.
template <class Each>
void each_commit(const FileHistory& history, const Units& units, const Settings& settings, const Each& each) {
  std::vector<std::uint32_t> changed;
  for (const auto& commit : history.commits()) {
    const auto files = history.files(commit);
    changed.clear();
    if (static_cast<std::int64_t>(files.size()) > settings.maximum_changeset) {
      each(nullptr);
      continue;
    }
    for (const auto file : files)
      if (units.of_file[file] != kNoUnit) changed.push_back(units.of_file[file]);
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    each(&changed);
  }
}

Counts count(const FileHistory& history, const Units& units, const Settings& settings) {
  Counts counts;
  counts.revisions.assign(units.names.size(), 0);
  each_commit(history, units, settings, [&](const std::vector<std::uint32_t>* changed) {
    ++(changed ? counts.commits : counts.too_large);
    if (changed)
      for (const auto unit : *changed) ++counts.revisions[unit];
  });
  // What changed more rarely than the least support can be in no pair that counts.
  std::vector<std::uint32_t> frequent;
  each_commit(history, units, settings, [&](const std::vector<std::uint32_t>* changed) {
    if (!changed) return;
    frequent.clear();
    for (const auto unit : *changed)
      if (counts.revisions[unit] >= settings.minimum_support) frequent.push_back(unit);
    // The place of --of is unit 0, so it stands first where it changed.
    if (units.place != kNoUnit && (frequent.empty() || frequent.front() != units.place)) return;
    const std::size_t firsts = units.place != kNoUnit ? 1 : frequent.size();
    for (std::size_t i = 0; i < firsts; ++i)
      for (std::size_t j = i + 1; j < frequent.size(); ++j) {
        const std::uint64_t key = std::uint64_t{frequent[i]} << 32 | frequent[j];
        if (const auto found = counts.support.find(key); found != counts.support.end()) {
          ++found->second;
        } else if (counts.support.size() < kMostPairs) {
          counts.support.emplace(key, 1);
        } else {
          counts.is_capped = true;
        }
      }
  });
  return counts;
}

std::vector<Pair> pairs_of(const Counts& counts, const Units& units, const Settings& settings) {
  std::vector<Pair> pairs;
  for (const auto& [key, support] : counts.support) {
    const auto first = static_cast<std::uint32_t>(key >> 32), second = static_cast<std::uint32_t>(key);
    const std::int64_t sum = counts.revisions[first] + counts.revisions[second];
    const double degree = 2 * static_cast<double>(support) / static_cast<double>(sum);
    if (support < settings.minimum_support || sum < 2 * settings.minimum_revisions ||
        200 * support < settings.minimum_degree * sum)
      continue;
    const std::int64_t whole = first == units.place ? counts.revisions[first] : sum - support;
    pairs.push_back({first, second, support, degree, *stats::wilson_interval(support, whole)});
    Pair& pair = pairs.back();
    if (pair.first != units.place && units.names[pair.second] < units.names[pair.first])
      std::swap(pair.first, pair.second);
  }
  std::sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) {
    if (a.together.low != b.together.low) return a.together.low > b.together.low;
    if (units.names[a.first] != units.names[b.first]) return units.names[a.first] < units.names[b.first];
    return units.names[a.second] < units.names[b.second];
  });
  return pairs;
}

double share(std::int64_t part, std::int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

void add_rows(Result& result, const std::vector<Pair>& pairs, const Counts& counts, const Units& units,
              const Settings& settings) {
  const char* kind = settings.modules ? "Module" : "File";
  result.columns = {
      {"first", units.place != kNoUnit ? "Place" : kind},
      {"second", units.place != kNoUnit ? "Changes with it" : fmt::format("Other {}", to_lower(kind))},
      {"support", "Both", ColumnType::integer, "commits", "that changed both"},
      {"first_revisions", "First", ColumnType::integer, "commits", "that changed the first"},
      {"second_revisions", "Second", ColumnType::integer, "commits", "that changed the second"},
      {"degree", "Degree", ColumnType::share, "", "commits to both, by the mean of the commits to each"},
      {"confidence", "First → second", ColumnType::share, "", "of the commits to the first, those to the second too"},
      {"confidence_back", "Second → first", ColumnType::share, "",
       "of the commits to the second, those to the first too"},
      {"lift", "Lift", ColumnType::number, "",
       "commits to both, by how many there would be if the two changed independently", "", true},
      {"across", "Across modules", ColumnType::text, "", "", "", settings.modules || units.place != kNoUnit},
      {"rank_low", "Rank, low", ColumnType::share, "", "lower end of the 95 % interval that the order is by", "", true},
      {"rank_high", "Rank, high", ColumnType::share, "", "upper end of the same", "", true},
      {"first_module", "Module of first", ColumnType::text, "", "", "", true},
      {"second_module", "Module of second", ColumnType::text, "", "", "", true}};
  // A place that was asked for may be a folder, and has no page.
  const ColumnRole role = settings.modules ? ColumnRole::module : ColumnRole::file;
  if (units.place == kNoUnit) result.set_roles({{"first", role}, {"second", role}});
  for (const Pair& pair : pairs) {
    if (static_cast<std::int64_t>(result.rows.size()) == settings.limit) break;
    const std::int64_t first = counts.revisions[pair.first], second = counts.revisions[pair.second];
    result.rows.push_back(
        {units.names[pair.first], units.names[pair.second], pair.support, first, second, pair.degree,
         share(pair.support, first), share(pair.support, second),
         share(pair.support, first) / share(second, counts.commits),
         units.place != kNoUnit || units.modules[pair.first] == units.modules[pair.second] ? "" : "yes",
         pair.together.low, pair.together.high, units.modules[pair.first], units.modules[pair.second]});
  }
}

std::string claim_of(const std::vector<Pair>& pairs, const Counts& counts, const Units& units, const Settings& settings,
                     const Context& context) {
  const std::string things = settings.modules ? "modules" : "files";
  if (counts.commits + counts.too_large == 0)
    return settings.since ? fmt::format("No commit since {} changed a file.", format_date(*settings.since))
                          : why_no_code(context);
  if (pairs.empty())
    return units.place != kNoUnit ? fmt::format("Nothing changes together with {} often enough to count.",
                                                one_line(units.names[units.place]))
                                  : fmt::format("No {} change together often enough to count.", things);
  const Pair& best = pairs.front();
  if (units.place != kNoUnit)
    return fmt::format("When {0} changes, look at {1} first: {2} of the {3} to {0} changed it too; {4} in all.",
                       one_line(units.names[best.first]), one_line(units.names[best.second]),
                       with_thousands(best.support), plural(counts.revisions[best.first], "commit"),
                       plural(static_cast<long long>(pairs.size()), "partner"));
  return fmt::format("{} of {} {} together; first of them {} and {}, in {} ({:.0f} % of their average).",
                     plural(static_cast<long long>(pairs.size()), "pair"), things,
                     pairs.size() == 1 ? "changes" : "change", one_line(units.names[best.first]),
                     one_line(units.names[best.second]), plural(best.support, "commit"), 100 * best.degree);
}

std::string evidence_sql(const Context& context, const std::vector<Pair>& pairs, const Units& units,
                         const Settings& settings) {
  const auto quoted = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2) text.insert(at, "'");
    return "'" + text + "'";
  };
  const bool has_pair = !pairs.empty() && !settings.modules && units.place == kNoUnit;
  std::string condition;
  if (has_pair)
    for (const std::uint32_t unit : {pairs.front().first, pairs.front().second})
      condition += fmt::format(
          " AND EXISTS (SELECT 1 FROM file_change f JOIN path p ON p.project_id = f.project_id AND p.path_id = "
          "f.path_id WHERE f.project_id = c.project_id AND f.commit_id = c.commit_id AND p.path = {})",
          quoted(units.names[unit]));
  return fmt::format(
      "SELECT c.sha, c.committed_at, c.subject FROM git_commit c WHERE c.project_id = {} AND c.on_default = 1 AND "
      "c.parent_count < 2 AND c.committed_at >= {} AND c.committed_at <= {}{} ORDER BY c.committed_at",
      context.project_id, settings.since.value_or(0), context.as_of, condition);
}

std::vector<Result> analyse_coupling(const Context& context) {
  const Settings settings = settings_of(context);
  const FileHistory history(context, settings.since);
  ModuleMap map(context);
  const Units units = units_of(history, map, settings);
  const Counts counts = count(history, units, settings);
  const std::vector<Pair> pairs = pairs_of(counts, units, settings);

  Result result =
      context.result("coupling", "Change coupling", "What must be looked at together, as it changes together?");
  add_rows(result, pairs, counts, units, settings);
  result.claim = claim_of(pairs, counts, units, settings, context);
  result.sample_size = counts.commits;
  result.definition = fmt::format(
      "Commits to both (support) by the mean of the commits to each: degree, as code-maat defines it "
      "(https://github.com/adamtornhill/code-maat). Confidence: association rules of T. Zimmermann et al., 'Mining "
      "Version Histories to Guide Software Changes', IEEE TSE 31 (2005); A. Ying et al., 'Predicting Source Code "
      "Changes by Mining Change History', IEEE TSE 30 (2004). Shown from {}, {} on average for each of the two, and a "
      "degree of {} %.",
      plural(settings.minimum_support, "commit") + " to both", plural(settings.minimum_revisions, "commit"),
      settings.minimum_degree);
  result.method = fmt::format(
      "Commits on the default branch that are not merges, {}by committer date; those that touch more than {} files are "
      "left out ({}). In order of the lower end of the 95 % interval (Wilson) of the share of commits to both among "
      "those to {}, so that few commits that agree do not go before many.",
      settings.since ? fmt::format("since {}, ", format_date(*settings.since)) : "", settings.maximum_changeset,
      plural(counts.too_large, "commit"), units.place == kNoUnit ? "either" : "the place");
  result.uncertainty = "Counts are exact. That two change together is no proof that one needs the other.";
  result.notes.push_back(
      fmt::format("Renames are followed as git finds them ({} in this time): a file's newest path speaks for its "
                  "earlier ones. Pairs "
                  "with a file that is gone are left out{}.",
                  with_thousands(history.renames()),
                  settings.all ? "" : ", and so are paths that do not count by configuration (--all takes them in)"));
  if (static_cast<std::int64_t>(pairs.size()) > settings.limit)
    result.notes.push_back(fmt::format("{} of {} pairs are shown; --limit says how many.",
                                       with_thousands(settings.limit),
                                       with_thousands(static_cast<long long>(pairs.size()))));
  if (counts.is_capped)
    result.notes.push_back(fmt::format(
        "There are more than {} pairs: those that first met in older commits were not counted. A later --since, a "
        "smaller --maximum-changeset or --of PATH counts all.",
        with_thousands(static_cast<long long>(kMostPairs))));
  result.evidence.push_back({pairs.empty() || settings.modules || units.place != kNoUnit
                                 ? "Commits that count"
                                 : "Commits to both of the first pair, under their newest paths",
                             evidence_sql(context, pairs, units, settings),
                             {}});
  return {std::move(result)};
}

}  // namespace

extern const Analysis coupling_analysis;
const Analysis coupling_analysis{
    "coupling",
    "Change coupling",
    "What must be looked at together, as it changes together?",
    {{"of", "PATH", "what changes with this file, folder or module"},
     {"since", "DATE", "count commits from then on; without it, all"},
     {"modules", "", "modules that change together, not files"},
     {"minimum-support", "N", "commits that changed both (5)"},
     {"minimum-revisions", "N", "commits to each of the two, on average (5)"},
     {"minimum-degree", "PERCENT", "commits to both by the average of the commits to each (30; with --of 0)"},
     {"maximum-changeset", "N", "leave out commits that touch more files (30)"},
     {"limit", "N", "pairs to show (50)"},
     {"all", "", "count paths too that do not count by configuration"}},
    &analyse_coupling,
    {groups::kCode, "Files and modules that change together",
     "With --of, the partners of one file, folder or module.\nExample: resident coupling --of src/parser.c"},
    {{"modules", 30, {{"limit", "25"}}}, {"file", 30, {{"of", std::string(kPageSubject)}, {"limit", "25"}}}}};

}  // namespace resident
