#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <model/experts.hpp>

namespace resident {

const char* const kExpertDefinition =
    "Expertise: commits on the default branch and half a point for each pull request reviewed, each halved for every "
    "year since (own definition, after the "
    "decayed degree of knowledge of Fritz et al., ICSE 2010). Active: seen anywhere in the project in the last 365 "
    "days. Bots do not count.";

namespace {

constexpr double kHalfLife = 365.0 * kDay;

// Each change to a file on the default branch, once a commit and key.
struct Change {
  std::int64_t person;
  Timestamp at;
  std::int64_t path_id;
  std::int64_t commit_id;
};

// Those of which alone something is asked; none: all.
using Files = std::optional<std::set<std::int64_t>>;

// A condition on the files f.
std::string among(const Files& files) {
  return files ? fmt::format(" AND f.path_id IN ({})", fmt::join(*files, ", ")) : std::string();
}

template <class Each>
void each_change(const Context& context, const People& people, Timestamp since, const Files& files, const Each& each) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since);
  const auto rows = context.database.query(
      "SELECT c.commit_id, c.author_id, c.committed_at, f.path_id FROM git_commit c JOIN file_change f ON f.project_id "
      "= c.project_id AND "
      "f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND c.committed_at <= :as_of AND "
      "c.committed_at > :since" +
          among(files) + " ORDER BY c.commit_id",
      parameters);
  while (rows->next()) {
    const std::int64_t person = people.person(rows->optional_integer(1));
    if (person && people.bots.contains(person)) continue;
    each(Change{person, rows->integer(2), rows->integer(3), rows->integer(0)});
  }
}

// Reviews (each person once a pull request) of pull requests with known files. What each changes is looked up here: put
// together by the database, every review stood there once a file before it was counted.
template <class Each>
void each_review(const Context& context, const People& people, const Files& files, const Each& each) {
  std::vector<std::pair<std::int64_t, std::int64_t>> changed;  // item and path, in order
  for (const auto rows =
           context.database.query("SELECT f.item_id, f.path_id FROM item_file f WHERE f.project_id = :project" +
                                      among(files) + " ORDER BY f.item_id, f.path_id",
                                  {{"project", context.project_id}});
       rows->next();)
    changed.emplace_back(rows->integer(0), rows->integer(1));
  if (changed.empty()) return;
  // Of few files, the pull requests that change them alone are looked at.
  const std::string items =
      files ? " AND item_id IN (SELECT f.item_id FROM item_file f WHERE f.project_id = :project" + among(files) + ")"
            : std::string();
  const auto rows = context.database.query(
      "SELECT r.author_id, r.item_id, min(r.at) AS at FROM ("
      "SELECT item_id, author_id, submitted_at AS at FROM review WHERE project_id = :project AND submitted_at <= "
      ":as_of "
      "AND author_id IS NOT NULL" +
          items +
          " UNION ALL SELECT item_id, author_id, created_at AS at FROM comment WHERE project_id = :project AND kind = "
          "'inline' AND created_at <= :as_of AND author_id IS NOT NULL" +
          items +
          ") r JOIN item i ON i.project_id = :project AND i.item_id = r.item_id WHERE i.author_id IS NULL OR "
          "i.author_id <> r.author_id GROUP BY r.author_id, r.item_id ORDER BY r.author_id, r.item_id",
      context.parameters());
  while (rows->next()) {
    const std::int64_t person = people.person(rows->optional_integer(0)), item = rows->integer(1),
                       at = rows->integer(2);
    if (!person || people.bots.contains(person)) continue;
    auto file = std::lower_bound(changed.begin(), changed.end(), std::pair(item, std::int64_t{0}));
    for (; file != changed.end() && file->first == item; ++file) each(person, at, file->second, item);
  }
}

double weight(Timestamp at, Timestamp as_of) {
  return std::exp2(-static_cast<double>(std::max<Timestamp>(0, as_of - at)) / kHalfLife);
}

// Gathers commits and reviews to experts, by any key (a module, or all).
template <class Key>
class Gatherer {
 public:
  Gatherer(const Context& context, const People& people, Files files = {})
      : context_(context), people_(people), files_(std::move(files)) {}

  template <class KeyOf>
  void gather(const KeyOf& key_of) {
    // A commit with several files of one module counts once.
    std::int64_t commit = -1;
    std::set<Key> keys_of_commit;
    each_change(context_, people_, std::numeric_limits<std::int64_t>::min() / 2, files_, [&](const Change& change) {
      if (change.commit_id != commit) commit = change.commit_id, keys_of_commit.clear();
      const auto key = key_of(change.path_id);
      if (!key || !keys_of_commit.insert(*key).second) return;
      totals[*key].changes += 1;
      totals[*key].last_change = std::max(totals[*key].last_change, change.at);
      if (change.at > present_since(context_.as_of)) totals[*key].recent_changes += 1;
      if (!change.person) return;
      if (change.at > present_since(context_.as_of)) totals[*key].recent_people.insert(change.person);
      Expert& expert = experts[*key][change.person];
      expert.commits += 1;
      expert.score += weight(change.at, context_.as_of);
      expert.last_here = std::max(expert.last_here, change.at);
    });
    std::set<std::tuple<Key, std::int64_t, std::int64_t>> counted;
    each_review(context_, people_, files_,
                [&](std::int64_t person, Timestamp at, std::int64_t path_id, std::int64_t item) {
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
      expert.living = expert.last_active > present_since(context_.as_of);
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
  const Files files_;
};

// The module of a path that counts; nothing for those that don't.
std::optional<std::string> module_if_any(ModuleMap& map, std::int64_t path_id) {
  const std::string& module = map.module_of(path_id);
  return module.empty() ? std::nullopt : std::optional(module);
}

}  // namespace

std::vector<Expert> experts_of(const Context& context, const People& people,
                               const std::function<bool(std::int64_t)>& counts) {
  Gatherer<int> gatherer(context, people);
  gatherer.gather([&](std::int64_t path_id) { return counts(path_id) ? std::optional(0) : std::nullopt; });
  return gatherer.ranked(0, last_activity(context, people));
}

std::vector<Expert> experts_of_files(const Context& context, const People& people,
                                     const std::set<std::int64_t>& path_ids) {
  Gatherer<int> gatherer(context, people, path_ids);
  gatherer.gather([](std::int64_t) { return std::optional(0); });
  return gatherer.ranked(0, last_activity(context, people));
}

std::map<std::string, ModuleKnowledge> knowledge_by_module(const Context& context, const People& people, ModuleMap& map,
                                                           const Presence& presence) {
  Gatherer<std::string> gatherer(context, people);
  gatherer.gather([&](std::int64_t path_id) { return module_if_any(map, path_id); });
  std::map<std::string, ModuleKnowledge> result;
  for (auto& [module, totals] : gatherer.totals) {
    ModuleKnowledge& knowledge = result[module];
    knowledge.changes = totals.changes;
    knowledge.recent_changes = totals.recent_changes;
    knowledge.last_change = totals.last_change;
    knowledge.recent_people = std::move(totals.recent_people);
    knowledge.experts = gatherer.ranked(module, presence.last_of_all());
  }
  return result;
}

std::unordered_map<std::string, std::vector<Expert>> experts_by_module(const Context& context, const People& people,
                                                                       ModuleMap& map) {
  Gatherer<std::string> gatherer(context, people);
  gatherer.gather([&](std::int64_t path_id) -> std::optional<std::string> {
    return map.knows(path_id) ? module_if_any(map, path_id) : std::nullopt;
  });
  const auto last = last_activity(context, people);
  std::unordered_map<std::string, std::vector<Expert>> result;
  for (const auto& [module, experts] : gatherer.experts) result[module] = gatherer.ranked(module, last);
  return result;
}

}  // namespace resident
