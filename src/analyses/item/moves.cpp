// Which items began in another tracker, on what evidence, and what is too weak to count.
#include <fmt/format.h>

#include <base/text.hpp>
#include <framework/analysis.hpp>

namespace resident {

namespace {

std::vector<Result> analyse_moves(const Context& context) {
  const std::string wanted = context.choice("state", {"all", "joined", "undecided"});
  Result result =
      context.result("moves", "Moves between trackers", "Which items began in another tracker, and how is that known?");
  result.columns = {{"number", "Item", ColumnType::item, "", "", "url"},
                    {"title", "Title", ColumnType::text},
                    {"first", "Began as", ColumnType::text},
                    {"began", "On", ColumnType::date, "",
                     "by that tracker where the store has it, else by the line; empty: not told"},
                    {"answered", "Answered there", ColumnType::date},
                    {"state", "State", ColumnType::text, "", "joined: age and first response go by the first life"},
                    {"why", "Why", ColumnType::text},
                    {"evidence", "Evidence", ColumnType::text},
                    {"project", "Has it", ColumnType::text, "", "the project of this store that has the first life"},
                    {"first_url", "There", ColumnType::url, "", "", "", true},
                    {"url", "Address", ColumnType::url, "", "", "", true}};
  std::int64_t joined = 0, weak = 0;
  for (const auto rows = context.database.query(
           "SELECT i.number, i.title, m.tracker, m.first_number, m.opened_at, CASE WHEN m.responded_at <= :as_of THEN "
           "m.responded_at END, m.is_joined, m.why, m.evidence, p.name, m.first_url, i.url, i.kind FROM item_move m "
           "JOIN item i ON i.project_id = m.project_id AND i.item_id = m.item_id LEFT JOIN project p ON p.project_id = "
           "m.first_project_id WHERE m.project_id = :project AND i.created_at <= :as_of ORDER BY m.is_joined, i.number",
           context.parameters());
       rows->next();) {
    const bool is_joined = rows->integer(6) == 1;
    ++(is_joined ? joined : weak);
    if ((wanted == "joined" && !is_joined) || (wanted == "undecided" && is_joined)) continue;
    const auto date = [&](std::size_t column) { return rows->is_null(column) ? Cell() : Cell(rows->integer(column)); };
    result.rows.push_back({rows->integer(0), rows->string(1), fmt::format("{} #{}", rows->text(2), rows->integer(3)),
                           date(4), date(5), std::string(is_joined ? "joined" : "not joined"), rows->string(7),
                           rows->string(8), rows->string(9), rows->string(10),
                           rows->is_null(11) ? context.item_url(rows->text(12), rows->integer(0)) : rows->string(11)});
  }
  result.sample_size = joined + weak;
  result.claim = joined + weak == 0
                     ? "No item says that it began in another tracker."
                     : fmt::format(
                           "{} in another tracker and {} joined to the first life; of {} the evidence is too "
                           "weak, or somebody took it back.",
                           plural(joined, "item began", "items began"), joined == 1 ? "is" : "are", weak);
  result.definition =
      "Joined: by a link rule of the configuration; by a line that says where the item came from, with its address, in "
      "a form that 20 items have; by a number in the title, or by what the other tracker's item points to, where the "
      "store has that item under the same title; or "
      "by somebody's word. Ages, times to first response and to closing, and duplicates then go by the first life.";
  result.method = "texts of issues and comments of bots, read at each sync where they changed";
  return {result};
}

}  // namespace

extern const Analysis moves_analysis;
const Analysis moves_analysis{"moves",
                              "Moves between trackers",
                              "Which items began in another tracker, and how is that known?",
                              {{"state", "STATE", "all, joined or undecided"}},
                              analyse_moves};

}  // namespace resident
