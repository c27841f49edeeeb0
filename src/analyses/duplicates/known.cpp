#include <re2/re2.h>

#include <analyses/duplicates/known.hpp>

namespace resident {

std::map<std::int64_t, std::set<std::int64_t>> known_duplicates(const Context& context) {
  std::map<std::int64_t, std::int64_t> item_of_number;  // an issue goes before a pull request of the same number
  for (const auto rows = context.database.query(
           "SELECT number, item_id FROM item WHERE project_id = :project AND created_at <= :as_of ORDER BY item_id",
           context.parameters());
       rows->next();)
    item_of_number.emplace(rows->integer(0), rows->integer(1));
  std::map<std::int64_t, std::set<std::int64_t>> result;
  const auto note = [&](std::int64_t item, std::int64_t number) {
    const auto other = item_of_number.find(number);
    if (other == item_of_number.end() || other->second == item) return;
    result[item].insert(other->second);
    result[other->second].insert(item);
  };
  static const RE2 event_number(R"(#?(\d+))"),
      said(R"((?i)\b(?:duplicate|dup|dupe|duplicates?) (?:of )?(?:\S+/issues/|\S+/pull/|#)(\d+)\b)");
  for (const auto rows = context.database.query("SELECT item_id, detail FROM event WHERE project_id = :project AND "
                                                "kind = 'marked_as_duplicate' AND detail IS "
                                                "NOT NULL AND (occurred_at IS NULL OR occurred_at <= :as_of)",
                                                context.parameters());
       rows->next();) {
    std::int64_t number = 0;
    if (RE2::PartialMatch(rows->string(1), event_number, &number)) note(rows->integer(0), number);
  }
  for (const auto rows = context.database.query(
           "SELECT c.item_id, c.body FROM comment c JOIN item i ON i.project_id = c.project_id AND i.item_id = "
           "c.item_id "
           "WHERE c.project_id = :project AND c.created_at <= :as_of AND i.closed_at <= :as_of AND c.kind = "
           "'conversation' AND (c.body LIKE '%uplicate%' OR c.body LIKE '%dup %' OR c.body LIKE '%dupe %')",
           context.parameters());
       rows->next();) {
    std::int64_t number = 0;
    if (RE2::PartialMatch(rows->string(1), said, &number)) note(rows->integer(0), number);
  }
  return result;
}

}  // namespace resident
