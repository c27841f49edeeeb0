#include <fmt/format.h>

#include <algorithm>
#include <model/open_item_facts.hpp>

namespace resident {

// Few items are ever locked: all such events are looked up by their kind.
void OpenItemFacts::load_locks() {
  has_locks_ = true;
  const auto each_lock = [&](std::string_view when, const auto& take) {
    const auto rows =
        context_.database.query(fmt::format("SELECT item_id, kind FROM event WHERE project_id = :project AND kind IN "
                                            "('locked', 'unlocked') AND occurred_at {}",
                                            when),
                                context_.parameters());
    while (rows->next()) take(rows->integer(0), rows->text(1) == "locked");
  };
  // Today's state with what came later undone, …
  each_lock("> :as_of ORDER BY position DESC", [&](std::int64_t item, bool locks) { locked_[item] = !locks; });
  // … and what was done before it, where a source does not tell today's.
  each_lock("<= :as_of ORDER BY position", [&](std::int64_t item, bool locks) { locked_[item] = locks; });
}

// The first renaming after the moment tells the title that it took the place of: "a → b".
void OpenItemFacts::load_titles() {
  has_titles_ = true;
  constexpr std::string_view kArrow = " → ";
  for (const auto rows = context_.database.query("SELECT item_id, detail FROM event WHERE project_id = :project AND "
                                                 "kind = 'renamed' AND occurred_at > :as_of "
                                                 "ORDER BY item_id, occurred_at DESC, position DESC",
                                                 context_.parameters());
       rows->next();)
    if (const auto arrow = rows->text(1).find(kArrow); arrow != std::string_view::npos && arrow > 0)
      titles_[rows->integer(0)] = std::string(rows->text(1).substr(0, arrow));
}

void OpenItemFacts::load_merges() {
  has_merges_ = true;
  Parameters parameters = context_.parameters();
  parameters.emplace_back("since", context_.as_of - 2 * 365 * kDay);
  for (const auto rows = context_.database.query(
           "SELECT i.author_id, sum(CASE WHEN e.actor_id = i.author_id THEN 1 ELSE 0 END), count(*) FROM event e "
           "JOIN item i ON i.project_id = e.project_id AND i.item_id = e.item_id WHERE e.project_id = :project AND "
           "e.kind = 'merged' AND e.occurred_at > :since AND e.occurred_at <= :as_of GROUP BY i.author_id",
           parameters);
       rows->next();) {
    auto& [own, all] = merged_[people_.person(rows->optional_integer(0))];
    own += rows->integer(1);
    all += rows->integer(2);
  }
}

void OpenItemFacts::load_firsts(std::int64_t author) {
  has_firsts_ = true;
  // Of one item, its author's alone: the indices lead there.
  std::string whose;
  if (number_ != 0) {
    for (const auto& [identity, person] : people_.person_of_identity)
      if (person == author && person != 0) whose += fmt::format("{}{}", whose.empty() ? "" : ", ", identity);
    if (whose.empty()) return;
    whose = fmt::format(" AND author_id IN ({})", whose);
  }
  const auto read = [&](std::string_view sql, Firsts& first) {
    for (const auto rows = context_.database.query(fmt::format(fmt::runtime(sql), whose), context_.parameters());
         rows->next();) {
      const auto [found, is_new] = first.emplace(people_.person(rows->optional_integer(0)), rows->integer(1));
      if (!is_new) found->second = std::min(found->second, rows->integer(1));
    }
  };
  read(
      "SELECT author_id, min(created_at) FROM item WHERE project_id = :project AND created_at <= :as_of{} GROUP BY "
      "author_id",
      first_item_);
  read(
      // Grouped below: faster than sorting by author in the store. The + keeps SQLite from another index.
      "SELECT +author_id, merged_at FROM item WHERE project_id = :project AND merged_at <= :as_of{}", first_merged_);
  read(
      "SELECT author_id, min(committed_at) FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
      "committed_at <= :as_of{} GROUP BY author_id",
      first_merged_);
}

}  // namespace resident
