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

}  // namespace resident
