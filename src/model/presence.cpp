#include <algorithm>
#include <model/presence.hpp>

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

const std::unordered_map<std::int64_t, Timestamp>& Presence::last_of_all() const {
  if (!all_) all_ = last_activity(context_, people_);
  return *all_;
}

std::optional<Timestamp> Presence::last(std::int64_t person) const {
  constexpr std::size_t kOneByOne = 64;
  if (!all_ && person != 0) {
    if (const auto found = asked_.find(person); found != asked_.end()) return found->second;
    if (asked_.size() < kOneByOne) return asked_[person] = last_activity_of(context_, people_, person);
  }
  const auto& all = last_of_all();
  const auto found = all.find(person);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace resident
