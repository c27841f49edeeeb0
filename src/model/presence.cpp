#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <model/presence.hpp>
#include <vector>

namespace resident {

namespace {

// The last act of each kind of one identity: the end of a stretch of an index. Who is asked about stands in {}. The
// plus signs keep SQLite from looking for the newest commit of all first, which takes a minute where many are asked
// about.
constexpr std::string_view kLastActs[] = {
    "SELECT max(+committed_at) FROM git_commit WHERE project_id = :project AND author_id = {} AND +committed_at <= "
    ":as_of",
    "SELECT occurred_at FROM event WHERE project_id = :project AND actor_id = {} AND occurred_at <= :as_of AND kind "
    "NOT IN ('mentioned', 'subscribed', 'unsubscribed', 'committed') ORDER BY occurred_at DESC LIMIT 1",
    "SELECT max(created_at) FROM item WHERE project_id = :project AND author_id = {} AND created_at <= :as_of",
    "SELECT max(created_at) FROM comment WHERE project_id = :project AND author_id = {} AND created_at <= :as_of",
    "SELECT max(submitted_at) FROM review WHERE project_id = :project AND author_id = {} AND submitted_at <= :as_of"};

// Identity by identity: a group over all acts would read them all.
std::unordered_map<std::int64_t, Timestamp> read_last(const Context& context, const People& people,
                                                      const std::string& whose) {
  std::string sql = "SELECT i.identity_id";
  for (const std::string_view act : kLastActs)
    sql += fmt::format(", ({})", fmt::format(fmt::runtime(act), "i.identity_id"));
  sql += " FROM identity i WHERE i.project_id = :project" + whose;
  std::unordered_map<std::int64_t, Timestamp> last;
  for (const auto rows = context.database.query(sql, context.parameters()); rows->next();) {
    const std::int64_t person = people.person(rows->integer(0));
    if (!person) continue;
    for (std::size_t i = 1; i <= std::size(kLastActs); ++i)
      if (const auto at = rows->optional_integer(i)) {
        const auto [found, is_new] = last.emplace(person, *at);
        if (!is_new) found->second = std::max(found->second, *at);
      }
  }
  return last;
}

}  // namespace

std::unordered_map<std::int64_t, Timestamp> last_activity(const Context& context, const People& people) {
  return read_last(context, people, "");
}

std::unordered_map<std::int64_t, Timestamp> last_activity_of(const Context& context, const People& people,
                                                             const std::set<std::int64_t>& persons) {
  std::vector<std::int64_t> identities;
  for (const auto& [identity, person] : people.person_of_identity)
    if (persons.contains(person)) identities.push_back(identity);
  if (identities.empty()) return {};
  std::sort(identities.begin(), identities.end());
  return read_last(context, people, fmt::format(" AND i.identity_id IN ({})", fmt::join(identities, ", ")));
}

const std::unordered_map<std::int64_t, Timestamp>& Presence::last_of_all() const {
  if (!all_) all_ = last_activity(context_, people_);
  return *all_;
}

void Presence::look_up(const std::set<std::int64_t>& persons) const {
  std::set<std::int64_t> unknown;
  for (const std::int64_t person : persons)
    if (!all_ && person != 0 && !asked_.contains(person)) unknown.insert(person);
  if (unknown.empty()) return;
  const auto found = last_activity_of(context_, people_, unknown);
  for (const std::int64_t person : unknown) {
    const auto last = found.find(person);
    asked_[person] = last == found.end() ? std::nullopt : std::optional(last->second);
  }
}

std::optional<Timestamp> Presence::last(std::int64_t person) const {
  constexpr std::size_t kOneByOne = 64;
  if (!all_ && person != 0) {
    if (const auto found = asked_.find(person); found != asked_.end()) return found->second;
    if (asked_.size() < kOneByOne) {
      look_up({person});
      return asked_.at(person);
    }
  }
  const auto& all = last_of_all();
  const auto found = all.find(person);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace resident
