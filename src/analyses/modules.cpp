// Modules and experts: what changes, who knows it, and who of them is still here.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/lines.hpp>
#include <analyses/modules.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <map>
#include <set>

namespace resident {

std::unordered_map<std::int64_t, Timestamp> last_activity(const Context& context, const People& people) {
  std::unordered_map<std::int64_t, Timestamp> last;
  for (const std::string_view sql :
       {"SELECT author_id, max(committed_at) FROM git_commit WHERE project_id = :project "
        "AND committed_at <= :as_of GROUP BY author_id",
        // The + keeps SQLite from looking up every event in order of its actor.
        "SELECT +actor_id, max(occurred_at) FROM event WHERE project_id = :project AND occurred_at <= :as_of AND kind "
        "NOT IN ('mentioned', 'subscribed', 'unsubscribed', 'committed') GROUP BY +actor_id",
        "SELECT author_id, max(created_at) FROM item WHERE project_id = :project AND created_at <= :as_of GROUP BY "
        "author_id",
        "SELECT author_id, max(created_at) FROM comment WHERE project_id = :project AND "
        "created_at <= :as_of GROUP BY author_id",
        "SELECT author_id, max(submitted_at) FROM review WHERE project_id = :project AND submitted_at <= :as_of GROUP "
        "BY author_id"}) {
    for (const auto rows = context.database.query(sql, context.parameters()); rows->next();) {
      const std::int64_t person = people.person(rows->optional_integer(0));
      if (person && !rows->is_null(1)) last[person] = std::max(last[person], rows->integer(1));
    }
  }
  return last;
}

std::optional<Timestamp> last_activity_of(const Context& context, const People& people, std::int64_t person) {
  std::optional<Timestamp> last;
  for (const auto& [identity, whose] : people.person_of_identity) {
    if (whose != person) continue;
    Parameters parameters = context.parameters();
    parameters.emplace_back("identity", identity);
    for (const std::string_view sql :
         {"SELECT max(committed_at) FROM git_commit WHERE project_id = :project AND author_id = :identity AND "
          "committed_at <= :as_of",
          "SELECT occurred_at FROM event WHERE project_id = :project AND actor_id = :identity AND occurred_at <= "
          ":as_of "
          "AND kind NOT IN ('mentioned', 'subscribed', 'unsubscribed', 'committed') ORDER BY occurred_at DESC LIMIT 1",
          "SELECT max(created_at) FROM item WHERE project_id = :project AND author_id = :identity AND created_at <= "
          ":as_of",
          "SELECT max(created_at) FROM comment WHERE project_id = :project AND author_id = :identity AND created_at <= "
          ":as_of",
          "SELECT max(submitted_at) FROM review WHERE project_id = :project AND author_id = :identity AND submitted_at "
          "<= :as_of"})
      if (const auto found = context.database.integer(sql, parameters)) last = std::max(last.value_or(0), *found);
  }
  return last;
}

namespace {

constexpr double kHalfLife = 365.0 * kDay;

// Each change to a file on the default branch, once a commit and key.
struct Change {
  std::int64_t person;
  Timestamp at;
  std::int64_t path_id;
  std::int64_t commit_id;
};

template <class Each>
void each_change(const Context& context, const People& people, Timestamp since, const Each& each) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since);
  const auto rows = context.database.query(
      "SELECT c.commit_id, c.author_id, c.committed_at, f.path_id FROM git_commit c JOIN file_change f ON f.project_id "
      "= c.project_id AND "
      "f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND c.committed_at <= :as_of AND "
      "c.committed_at > :since "
      "ORDER BY c.commit_id",
      parameters);
  while (rows->next()) {
    const std::int64_t person = people.person(rows->optional_integer(1));
    if (person && people.bots.contains(person)) continue;
    each(Change{person, rows->integer(2), rows->integer(3), rows->integer(0)});
  }
}

// Reviews (each person once a pull request) of pull requests with known files.
template <class Each>
void each_review(const Context& context, const People& people, const Each& each) {
  const auto rows = context.database.query(
      "SELECT r.author_id, min(r.at) AS at, f.path_id, r.item_id FROM ("
      "SELECT project_id, item_id, author_id, submitted_at AS at FROM review WHERE project_id = :project AND "
      "submitted_at <= :as_of "
      "UNION ALL SELECT project_id, item_id, author_id, created_at AS at FROM comment WHERE project_id = :project AND "
      "kind = 'inline' AND created_at <= :as_of"
      ") r JOIN item i ON i.project_id = r.project_id AND i.item_id = r.item_id JOIN item_file f ON f.project_id = "
      "r.project_id AND f.item_id = r.item_id "
      "WHERE r.author_id IS NOT NULL AND (i.author_id IS NULL OR i.author_id <> r.author_id) GROUP BY r.author_id, "
      "f.path_id, r.item_id",
      context.parameters());
  while (rows->next()) {
    const std::int64_t person = people.person(rows->optional_integer(0));
    if (!person || people.bots.contains(person)) continue;
    each(person, rows->integer(1), rows->integer(2), rows->integer(3));
  }
}

double weight(Timestamp at, Timestamp as_of) {
  return std::exp2(-static_cast<double>(std::max<Timestamp>(0, as_of - at)) / kHalfLife);
}

// Gathers commits and reviews to experts, by any key (a module, or all).
template <class Key>
class Gatherer {
 public:
  Gatherer(const Context& context, const People& people) : context_(context), people_(people) {}

  template <class KeyOf>
  void gather(const KeyOf& key_of) {
    // A commit with several files of one module counts once.
    std::int64_t commit = -1;
    std::set<Key> keys_of_commit;
    each_change(context_, people_, std::numeric_limits<std::int64_t>::min() / 2, [&](const Change& change) {
      if (change.commit_id != commit) commit = change.commit_id, keys_of_commit.clear();
      const auto key = key_of(change.path_id);
      if (!key || !keys_of_commit.insert(*key).second) return;
      totals[*key].changes += 1;
      totals[*key].last_change = std::max(totals[*key].last_change, change.at);
      if (change.at > context_.as_of - 365 * kDay) totals[*key].recent_changes += 1;
      if (!change.person) return;
      if (change.at > context_.as_of - 365 * kDay) totals[*key].recent_people.insert(change.person);
      Expert& expert = experts[*key][change.person];
      expert.commits += 1;
      expert.score += weight(change.at, context_.as_of);
      expert.last_here = std::max(expert.last_here, change.at);
    });
    std::set<std::tuple<Key, std::int64_t, std::int64_t>> counted;
    each_review(context_, people_, [&](std::int64_t person, Timestamp at, std::int64_t path_id, std::int64_t item) {
      const auto key = key_of(path_id);
      if (!key || !counted.emplace(*key, person, item).second) return;
      Expert& expert = experts[*key][person];
      expert.reviews += 1;
      expert.score += 0.5 * weight(at, context_.as_of);
      expert.last_here = std::max(expert.last_here, at);
    });
  }

  std::vector<Expert> ranked(const Key& key, const std::unordered_map<std::int64_t, Timestamp>& last) {
    std::vector<Expert> result;
    for (auto& [person, expert] : experts[key]) {
      expert.person = person;
      const auto found = last.find(person);
      expert.last_active = found == last.end() ? expert.last_here : found->second;
      expert.living = expert.last_active > context_.as_of - 365 * kDay;
      result.push_back(expert);
    }
    std::sort(result.begin(), result.end(), [](const Expert& a, const Expert& b) {
      return a.score != b.score ? a.score > b.score : a.person < b.person;
    });
    return result;
  }

  struct Totals {
    std::int64_t changes = 0, recent_changes = 0;
    Timestamp last_change = 0;
    std::set<std::int64_t> recent_people;
  };
  std::map<Key, Totals> totals;
  std::map<Key, std::map<std::int64_t, Expert>> experts;

 private:
  const Context& context_;
  const People& people_;
};

constexpr const char* kExpertDefinition =
    "Expertise: commits on the default branch and half a point for each pull request reviewed, each halved for every "
    "year since (own definition, after the "
    "decayed degree of knowledge of Fritz et al., ICSE 2010). Living: active anywhere in the project in the last 365 "
    "days. Bots do not count.";

// Of the lines of each module, those by people who are gone; empty where lines are not known.
std::map<std::string, std::pair<std::int64_t, std::int64_t>> orphaned_lines(const Context& context,
                                                                            const People& people,
                                                                            const Presence& presence, ModuleMap& map) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> result;
  if (!why_no_lines(context).empty()) return result;
  each_lines(context, people, line_moment(context), false, [&](const Lines& lines) {
    auto& [orphaned, all] = result[map.module_of(lines.path_id)];
    all += lines.count;
    if (presence.is_gone(lines.person)) orphaned += lines.count;
  });
  return result;
}

std::vector<Result> run_modules(const Context& context) {
  const People people = load_people(context);
  ModuleMap map(context);
  Gatherer<std::string> gatherer(context, people);
  gatherer.gather([&](std::int64_t path_id) -> std::optional<std::string> {
    const std::string& module = map.module_of(path_id);
    return module.empty() ? std::nullopt : std::optional(module);
  });
  const Presence presence(context, people);
  const auto files = map.files();
  auto orphaned = orphaned_lines(context, people, presence, map);
  std::map<std::string, std::set<std::int64_t>> open_pulls;
  const auto rows = context.database.query(
      "SELECT f.path_id, f.item_id FROM item_file f JOIN item_interval v ON v.project_id = f.project_id AND v.item_id "
      "= f.item_id "
      "WHERE f.project_id = :project AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of)",
      context.parameters());
  while (rows->next())
    if (const std::string& module = map.module_of(rows->integer(0)); !module.empty())
      open_pulls[module].insert(rows->integer(1));

  Result result =
      context.result("modules", "Modules", "Where is work needed: what changes, who knows it, and who still does?");
  result.columns = {{"module", "Module", ColumnType::text},
                    {"files", "Files", ColumnType::integer, "files", "in the newest tree"},
                    {"recent_changes", "Changes, 1 year", ColumnType::integer, "commits"},
                    {"recent_contributors", "People, 1 year", ColumnType::integer, "people"},
                    {"changes", "Changes, ever", ColumnType::integer, "commits"},
                    {"last_change", "Last change", ColumnType::date},
                    {"living_experts", "Living experts", ColumnType::integer, "people",
                     "with at least a point, active in the last year"},
                    {"experts", "Best known by", ColumnType::text, "", "living, most expert first"},
                    {"former_expert", "Former expert", ColumnType::text, "", "knew it best, and is away"},
                    {"expert_last_active", "Best expert active", ColumnType::date},
                    {"open_pulls", "Open PRs", ColumnType::integer, "pull requests"},
                    {"orphaned", "Orphaned", ColumnType::share, "",
                     "of the lines that stand, by people who are away (resident ownership)"}};
  struct Line {
    double need;
    std::vector<Cell> cells;
  };
  std::vector<Line> lines;
  std::int64_t orphans = 0, active_modules = 0;
  for (const auto& [module, totals] : gatherer.totals) {
    const auto found_files = files.find(module);
    const std::int64_t file_count = found_files == files.end() ? 0 : found_files->second;
    if (file_count == 0) continue;  // gone from the tree
    const auto experts = gatherer.ranked(module, presence.last_of_all());
    std::string living, former;
    std::int64_t living_count = 0, shown = 0;
    Timestamp expert_active = 0;
    for (const auto& expert : experts) {
      if (expert.living && expert.score >= 1) ++living_count;
      if (expert.living && shown < 3) {
        living += (living.empty() ? "" : ", ") + people.name(expert.person);
        ++shown;
      }
    }
    if (!experts.empty()) {
      expert_active = experts.front().last_active;
      // Who knew it best when they left: by undecayed commits, where clearly more than any living expert.
      const auto best = std::max_element(experts.begin(), experts.end(),
                                         [](const Expert& a, const Expert& b) { return a.commits < b.commits; });
      if (!best->living) former = people.name(best->person);
    }
    const std::pair<std::int64_t, std::int64_t> owned = orphaned[module];
    const auto pulls = static_cast<std::int64_t>(open_pulls[module].size());
    active_modules += totals.recent_changes > 0;
    orphans += living_count == 0 && (totals.recent_changes > 0 || pulls > 0);
    // Most in need first: what moves and is known by few.
    const double need =
        (std::log2(1 + static_cast<double>(totals.recent_changes)) + 2 * std::log2(1 + static_cast<double>(pulls))) /
        (0.5 + static_cast<double>(living_count));
    lines.push_back(
        {need,
         {module, file_count, totals.recent_changes, static_cast<std::int64_t>(totals.recent_people.size()),
          totals.changes, totals.last_change, living_count, living, former,
          expert_active ? Cell(expert_active) : Cell(), pulls,
          owned.second == 0 ? Cell() : Cell(static_cast<double>(owned.first) / static_cast<double>(owned.second))}});
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.need > b.need; });
  for (auto& line : lines) result.rows.push_back(std::move(line.cells));
  result.claim =
      lines.empty()
          ? "No files are known: add a clone with `resident add git`."
          : fmt::format("{} of {} that changed in the last year or have open pull requests {} without a living expert.",
                        orphans, plural(std::max(active_modules, orphans), "module"), orphans == 1 ? "is" : "are");
  result.sample_size = static_cast<std::int64_t>(lines.size());
  result.definition =
      std::string(kExpertDefinition) +
      " A living expert has at least one point. In order of need: what changes and is known by few comes first.";
  result.method =
      context.config.modules.empty()
          ? "modules by folder (a folder with more than a quarter of the files is split); rules can be configured"
          : "modules by the configured rules";
  result.evidence.push_back(
      {"changes by path", fmt::format("SELECT p.path, count(*) AS changes FROM git_commit c JOIN file_change f USING "
                                      "(project_id, commit_id) JOIN path p USING "
                                      "(project_id, path_id) WHERE c.project_id = {} AND c.on_default = 1 AND "
                                      "c.committed_at <= {} GROUP BY p.path ORDER BY changes DESC",
                                      context.project_id, context.as_of)});
  return {result};
}

std::vector<Result> run_experts(const Context& context) {
  const std::string wanted = context.argument("path");
  if (wanted.empty())
    throw Error(ErrorKind::usage, "experts needs a path or a module", "for example `resident experts src/main.c`");
  const People people = load_people(context);
  ModuleMap map(context);
  std::string prefix = wanted;
  while (prefix.size() > 1 && prefix.ends_with('/')) prefix.pop_back();
  bool any_path = false;
  const auto matches_path = [&](std::int64_t id) {
    const std::string& path = map.path(id);
    return path == prefix || (path.starts_with(prefix) && path.size() > prefix.size() && path[prefix.size()] == '/');
  };
  std::vector<std::string> modules;
  for (const auto& [module, count] : map.files()) modules.push_back(module);
  const auto rows =
      context.database.query("SELECT path_id FROM path WHERE project_id = :project", {{"project", context.project_id}});
  while (rows->next()) any_path = any_path || matches_path(rows->integer(0));
  const bool is_module = std::find(modules.begin(), modules.end(), wanted) != modules.end();
  if (!any_path && !is_module) {
    const std::string nearest = near_miss(wanted, modules);
    throw Error(ErrorKind::usage, fmt::format("the history knows no path or module {}", one_line(wanted)),
                nearest.empty() ? "`resident modules` lists the modules" : fmt::format("did you mean {}?", nearest));
  }
  const auto experts = experts_of(
      context, people, [&](std::int64_t id) { return is_module ? map.module_of(id) == wanted : matches_path(id); });
  Result result =
      context.result("experts", "Experts of " + one_line(wanted), "Who knows this code, and is still here to ask?");
  result.columns = {{"person", "Person", ColumnType::text},
                    {"score", "Points", ColumnType::number, "", "commits and half the reviews, halved a year"},
                    {"commits", "Commits", ColumnType::integer},
                    {"reviews", "Reviews", ColumnType::integer, "", "of pull requests that touch it"},
                    {"last_here", "Last here", ColumnType::date},
                    {"last_active", "Last active", ColumnType::date, "", "anywhere in the project"},
                    {"living", "Living", ColumnType::text}};
  std::string best;
  for (const auto& expert : experts) {
    if (best.empty() && expert.living) best = people.name(expert.person);
    result.rows.push_back({people.name(expert.person), std::round(expert.score * 100) / 100, expert.commits,
                           expert.reviews, expert.last_here, expert.last_active,
                           std::string(expert.living ? "yes" : "no")});
  }
  result.claim = experts.empty() ? "Nobody is known to have worked on it."
                 : best.empty()
                     ? fmt::format("None of the {} who worked on {} is still active.",
                                   plural(static_cast<long long>(experts.size()), "person", "people"), one_line(wanted))
                     : fmt::format("Ask {}: of those still active, they know {} best.", best, one_line(wanted));
  result.sample_size = static_cast<std::int64_t>(experts.size());
  result.definition = kExpertDefinition;
  return {result};
}

}  // namespace

std::vector<Expert> experts_of(const Context& context, const People& people,
                               const std::function<bool(std::int64_t)>& counts) {
  Gatherer<int> gatherer(context, people);
  gatherer.gather([&](std::int64_t path_id) { return counts(path_id) ? std::optional(0) : std::nullopt; });
  return gatherer.ranked(0, last_activity(context, people));
}

std::unordered_map<std::string, std::vector<Expert>> experts_by_module(const Context& context, const People& people,
                                                                       ModuleMap& map) {
  Gatherer<std::string> gatherer(context, people);
  gatherer.gather([&](std::int64_t path_id) -> std::optional<std::string> {
    if (!map.knows(path_id) || map.module_of(path_id).empty()) return std::nullopt;
    return map.module_of(path_id);
  });
  const auto last = last_activity(context, people);
  std::unordered_map<std::string, std::vector<Expert>> result;
  for (const auto& [module, experts] : gatherer.experts) result[module] = gatherer.ranked(module, last);
  return result;
}

extern const Analysis modules_analysis, experts_analysis;
const Analysis modules_analysis{
    "modules", "Modules", "Where is work needed: what changes, who knows it, and who still does?", {}, run_modules};
const Analysis experts_analysis{"experts",
                                "Experts",
                                "Who knows this code, and is still here to ask?",
                                {{"path", "PATH", "a file, a folder or a module"}},
                                run_experts};

}  // namespace resident
