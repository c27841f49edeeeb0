#include <fmt/format.h>

#include <model/attention_loader.hpp>
#include <unordered_map>

namespace resident {

bool is_edit_by_hand(std::string_view reason) {
  return reason.ends_with(" using the hovercard menu") || reason.ends_with(" by clicking the attention icon");
}

void load_attention(const Context& context, const People& people, std::vector<OpenItem>& items) {
  std::unordered_map<std::int64_t, std::size_t> index;
  for (std::size_t i = 0; i < items.size(); ++i) index[items[i].id] = i;
  struct Known {
    bool is_in = false, by_hand = false, is_before = false;  // before: some change of it came by the moment
    AttentionEntry entry;
  };
  std::unordered_map<std::size_t, std::map<std::int64_t, Known>> known;
  // Few projects have any: they are looked up by their kind, and + keeps SQLite from walking all events in their order.
  const std::string one = items.size() == 1 ? fmt::format(" AND item_id = {}", items.front().id) : std::string();
  for (const auto rows = context.database.query(
           fmt::format("SELECT item_id, kind, subject_id, occurred_at, detail, actor_id FROM event WHERE project_id = "
                       ":project AND kind IN ('attention_added', 'attention_removed') AND occurred_at IS NOT NULL{} "
                       "ORDER BY +item_id, occurred_at, position",
                       one),
           {{"project", context.project_id}});
       rows->next();) {
    const auto found = index.find(rows->integer(0));
    const std::int64_t person = people.person(rows->optional_integer(2));
    if (found == index.end() || person == 0) continue;
    Known& state = known[found->second][person];
    if (rows->integer(3) > context.as_of) continue;
    state.is_before = true;
    state.is_in = rows->text(1) == "attention_added";
    state.by_hand = is_edit_by_hand(rows->text(4));
    state.entry = {rows->integer(3), rows->string(4), people.person(rows->optional_integer(5))};
  }
  for (auto& [place, accounts] : known) {
    Attention& attention = items[place].attention;
    attention.is_known = true;
    for (auto& [person, state] : accounts) {
      attention.is_known = attention.is_known && state.is_before;
      attention.was_edited = attention.was_edited || state.by_hand;
      if (state.is_in) attention.people.emplace(person, std::move(state.entry));
    }
    if (!attention.is_known) attention = {};
  }
}

void load_built_on(const Context& context, std::vector<OpenItem>& items) {
  std::unordered_map<std::int64_t, std::size_t> index;
  for (std::size_t i = 0; i < items.size(); ++i) index[items[i].id] = i;
  std::unordered_map<std::string, std::vector<std::size_t>> built_on;  // commit → items
  const std::string one = items.size() == 1 ? fmt::format(" AND item_id = {}", items.front().id) : std::string();
  for (const auto rows = context.database.query(
           fmt::format("SELECT item_id, sha FROM event WHERE project_id = :project AND kind = 'built_on' AND "
                       "occurred_at <= :as_of{} ORDER BY +item_id, occurred_at, position",
                       one),
           context.parameters());
       rows->next();)
    if (const auto found = index.find(rows->integer(0)); found != index.end())
      built_on[rows->string(1)].push_back(found->second);
  if (built_on.empty()) return;
  struct Parent {
    BuiltOn known;
    std::string newest;  // its last patch set
  };
  std::unordered_map<std::int64_t, Parent> parents;
  std::unordered_map<std::string, std::int64_t> item_of;
  for (const auto rows = context.database.query(
           "SELECT p.item_id, p.sha, i.number, CASE WHEN EXISTS (SELECT 1 FROM item_interval v WHERE v.project_id = "
           "i.project_id AND v.item_id = i.item_id AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > "
           ":as_of)) THEN 0 ELSE 1 END, CASE WHEN i.updated_at <= :as_of AND EXISTS (SELECT 1 FROM item_label l WHERE "
           "l.project_id = i.project_id AND l.item_id = i.item_id AND l.name = 'submittable') THEN 1 ELSE 0 END FROM "
           "event p JOIN item i ON i.project_id = p.project_id AND i.item_id = p.item_id WHERE p.project_id = :project "
           "AND p.kind IN ('committed', 'head_ref_force_pushed') AND p.occurred_at <= :as_of AND (i.merged_at IS NULL "
           "OR i.merged_at > :as_of) AND p.item_id IN (SELECT q.item_id FROM event q WHERE q.project_id = :project AND "
           "q.kind IN ('committed', 'head_ref_force_pushed') AND q.sha IN (SELECT b.sha FROM event b WHERE "
           "b.project_id = :project AND b.kind = 'built_on')) ORDER BY p.item_id, p.occurred_at, p.position",
           context.parameters());
       rows->next();) {
    Parent& parent = parents[rows->integer(0)];
    parent.known = {rows->integer(2), false, rows->integer(3) == 1, rows->integer(4) == 1};
    parent.newest = rows->string(1);
    item_of[parent.newest] = rows->integer(0);
  }
  for (const auto& [sha, places] : built_on) {
    const auto found = item_of.find(sha);
    if (found == item_of.end()) continue;
    const Parent& parent = parents.at(found->second);
    for (const std::size_t place : places) {
      if (items[place].id == found->second) continue;
      items[place].built_on = parent.known;
      items[place].built_on->is_outdated = parent.newest != sha;
    }
  }
}

}  // namespace resident
