#include <algorithm>
#include <analyses/triage/past.hpp>
#include <base/text.hpp>
#include <tuple>

namespace resident {

namespace {

constexpr Timestamp kYear = 365 * kDay, kMonth = 30 * kDay;

}  // namespace

PastMaintainers::PastMaintainers(const Context& context, const People& people)
    : is_configured_(!context.config.maintainers.empty()) {
  for (const auto& login : context.config.maintainers)
    if (const auto found = people.by_login.find(to_lower(login)); found != people.by_login.end())
      configured_.insert(found->second);
  if (is_configured_) return;
  for (const std::string_view sql : {"SELECT actor_id, occurred_at FROM event WHERE project_id = :project AND kind = "
                                     "'merged' AND occurred_at <= :as_of",
                                     "SELECT author_id, committed_at FROM git_commit WHERE project_id = :project AND "
                                     "on_default = 1 AND parent_count > 1 AND committed_at <= :as_of"})
    for (const auto rows = context.database.query(sql, context.parameters()); rows->next();) {
      const std::int64_t person = people.person(rows->optional_integer(0));
      if (person && !people.bots.contains(person)) merges_[person].push_back(rows->integer(1));
    }
  for (auto& [person, list] : merges_) std::sort(list.begin(), list.end());
}

bool PastMaintainers::contains(std::int64_t person, Timestamp at) const {
  if (is_configured_) return configured_.contains(person);
  const auto found = merges_.find(person);
  if (found == merges_.end()) return false;
  const auto last = std::upper_bound(found->second.begin(), found->second.end(), at);
  return last != found->second.begin() && *std::prev(last) > at - 2 * kYear;
}

PastArrivals::PastArrivals(const Context& context) {
  for (const auto rows = context.database.query(
           "SELECT c.sha, c.item_id, i.merged_at FROM item_commit c JOIN item i ON i.project_id = c.project_id AND "
           "i.item_id = c.item_id WHERE c.project_id = :project AND c.relation IN ('head', 'merge') AND i.kind = "
           "'pull' AND i.merged_at <= :as_of ORDER BY c.sha, i.merged_at, c.item_id",
           context.parameters());
       rows->next();)
    pull_by_sha_.emplace(rows->string(0), Pull{rows->integer(1), rows->integer(2)});  // the first to bring it
}

Timestamp PastArrivals::of(const std::string& sha, Timestamp committed_at) const {
  const auto found = pull_by_sha_.find(sha);
  return found == pull_by_sha_.end() ? committed_at : std::max(committed_at, found->second.merged_at);
}

std::int64_t PastArrivals::pull_of(const std::string& sha) const {
  const auto found = pull_by_sha_.find(sha);
  return found == pull_by_sha_.end() ? 0 : found->second.item_id;
}

std::unordered_map<std::int64_t, std::vector<Claim>> load_claims(const Context& context, const PastArrivals& arrivals) {
  std::unordered_map<std::int64_t, std::vector<Claim>> claims;
  each_mention(context, 0, context.as_of, [&](const Speaker& speaker, std::int64_t number, bool closes) {
    if (!closes) return;
    Claim claim{speaker.at, speaker.commit_id, speaker.item_id, std::string(speaker.sha)};
    if (claim.commit_id) {
      claim.at = arrivals.of(claim.sha, speaker.at);
      claim.pull_id = arrivals.pull_of(claim.sha);
    }
    if (claim.at <= context.as_of) claims[number].push_back(std::move(claim));
  });
  for (auto& [number, list] : claims)
    std::stable_sort(list.begin(), list.end(), [](const Claim& a, const Claim& b) { return a.at < b.at; });
  return claims;
}

PastModules::PastModules(const Context& context, const PastArrivals& arrivals) : context_(context), map_(context) {
  std::int64_t id = 0, commit = 0;
  for (const auto rows =
           context.database.query("SELECT c.sha, c.committed_at, f.path_id, f.old_path_id, f.status, c.parent_count, "
                                  "c.commit_id FROM git_commit c JOIN file_change f ON f.project_id = c.project_id AND "
                                  "f.commit_id = c.commit_id WHERE c.project_id = :project AND c.on_default = 1 AND "
                                  "c.committed_at <= :as_of ORDER BY c.committed_at, c.commit_id, f.path_id",
                                  context.parameters());
       rows->next();) {
    if (rows->integer(6) != id) ++commit;
    id = rows->integer(6);
    const auto status = rows->text(4);
    Change change{arrivals.of(rows->string(0), rows->integer(1)), commit, rows->integer(2),
                  status.empty() ? 'M' : status.front(), rows->integer(5) <= 1};
    if (change.status == 'R') changes_.push_back({change.at, change.commit, rows->integer(3), 'D', false});
    changes_.push_back(change);
  }
  // In one commit what goes comes first, so that a file may take the name of one that moved away.
  std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
    return std::tuple(a.at, a.commit, a.status != 'D') < std::tuple(b.at, b.commit, b.status != 'D');
  });
}

// A file that is only ever changed stood before the history began.
void PastModules::take(const Change& change) {
  const bool is_new = seen_.insert(change.path_id).second;
  if (change.status == 'D') {
    tree_.erase(change.path_id);
  } else if (change.status != 'M' || is_new) {
    tree_.insert(change.path_id);
  }
}

void PastModules::learn() {
  map_.set_tree({tree_.begin(), tree_.end()});
  names_.learn(map_);
  counts_.clear();
  for (std::size_t i = oldest_; i < next_; ++i)
    if (changes_[i].counts) ++counts_[map_.module_of(changes_[i].path_id)];
}

void PastModules::go_to(Timestamp at) {
  const auto advance = [&](Timestamp until) {
    for (; next_ < changes_.size() && changes_[next_].at <= until; ++next_) {
      take(changes_[next_]);
      if (changes_[next_].counts) ++counts_[map_.module_of(changes_[next_].path_id)];
    }
    for (; oldest_ < next_ && changes_[oldest_].at <= until - kYear; ++oldest_)
      if (changes_[oldest_].counts) --counts_[map_.module_of(changes_[oldest_].path_id)];
  };
  const Timestamp begins = at - at % kMonth;
  if (!is_learnt_ || begins > learnt_at_) {
    advance(begins);
    learn();
    learnt_at_ = begins;
    is_learnt_ = true;
  }
  advance(at);
}

std::string PastModules::busiest() const {
  std::string best;
  std::int64_t most = 0;
  for (const auto& [module, count] : counts_)
    if (!module.empty() && count > most) {
      most = count;
      best = module;
    }
  return best;
}

std::vector<std::string> PastModules::changed_most(const Claim& claim) {
  std::map<std::string, std::int64_t> lines;
  const auto read = [&](std::string_view sql, std::int64_t id) {
    for (const auto rows = context_.database.query(sql, {{"project", context_.project_id}, {"id", id}}); rows->next();)
      if (const std::string& module = map_.module_of(rows->integer(0)); !module.empty())
        lines[module] += std::max<std::int64_t>(1, rows->integer(1) + rows->integer(2));
  };
  if (claim.pull_id)
    read(
        "SELECT path_id, COALESCE(additions, 0), COALESCE(deletions, 0) FROM item_file WHERE project_id = :project AND "
        "item_id = :id",
        claim.pull_id);
  if (lines.empty() && claim.pull_id)
    read(
        "SELECT f.path_id, COALESCE(f.additions, 0), COALESCE(f.deletions, 0) FROM item_commit c JOIN git_commit g ON "
        "g.project_id = c.project_id AND g.sha = c.sha JOIN file_change f ON f.project_id = g.project_id AND "
        "f.commit_id = g.commit_id WHERE c.project_id = :project AND c.item_id = :id AND c.relation = 'merge'",
        claim.pull_id);
  if (lines.empty() && claim.commit_id)
    read(
        "SELECT path_id, COALESCE(additions, 0), COALESCE(deletions, 0) FROM file_change WHERE project_id = :project "
        "AND commit_id = :id",
        claim.commit_id);
  std::int64_t most = 0;
  for (const auto& [module, count] : lines) most = std::max(most, count);
  std::vector<std::string> modules;
  for (const auto& [module, count] : lines)
    if (count == most) modules.push_back(module);
  return modules;
}

}  // namespace resident
