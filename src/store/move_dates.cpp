#include <algorithm>
#include <map>
#include <store/move_dates.hpp>
#include <vector>

namespace resident {

namespace {

class MoveDates {
 public:
  MoveDates(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules)
      : database_(database), rules_(rules), project_{{"project", project_id}} {}

  void run() {
    date_evidence();
    date_joins();
  }

 private:
  // Of what was found anew: with the item where its own words say so, else with the first bot's comment that does.
  void date_evidence() {
    struct Undated {
      std::int64_t item;
      TrackerItem first;
      std::string own;
      Timestamp created_at;
      bool is_own_word;
    };
    std::vector<Undated> undated;
    for (const auto rows = database_.query(
             "SELECT m.item_id, m.tracker, m.first_number, i.url, i.created_at, i.title, i.body, m.found_by FROM "
             "item_move m JOIN item i ON i.project_id = m.project_id AND i.item_id = m.item_id WHERE m.project_id = "
             ":project AND m.evidence_at IS NULL ORDER BY m.item_id",
             project_);
         rows->next();) {
      const auto own = tracker_item(rows->text(3));
      Undated one{rows->integer(0), {}, own ? own->tracker : std::string(), rows->integer(4), true};
      one.first.tracker = rows->string(1), one.first.number = rows->integer(2);
      if (rows->text(7) == "rule" || rows->text(7) == "line")
        one.is_own_word = names(one.first, rows->text(5), rows->text(6), one.own);
      undated.push_back(std::move(one));
    }
    for (const Undated& one : undated)
      set(one.item, "evidence_at",
          one.is_own_word ? one.created_at : said_at(one.item, one.first, one.own, one.created_at));
  }

  bool names(const TrackerItem& first, std::string_view title, std::string_view text, const std::string& own) const {
    const auto found = find_first_life(title, text, own, rules_);
    return found && found->first.tracker == first.tracker && found->first.number == first.number;
  }

  Timestamp said_at(std::int64_t item, const TrackerItem& first, const std::string& own, Timestamp otherwise) {
    Parameters parameters = project_;
    parameters.emplace_back("item", item);
    for (const auto rows = database_.query(
             "SELECT c.created_at, c.body FROM comment c JOIN person_identity n ON n.project_id = c.project_id AND "
             "n.identity_id = c.author_id JOIN person p ON p.project_id = n.project_id AND p.person_id = n.person_id "
             "WHERE c.project_id = :project AND c.item_id = :item AND p.is_bot = 1 ORDER BY c.created_at, "
             "c.comment_key",
             parameters);
         rows->next();)
      if (names(first, {}, rows->text(1), own)) return rows->integer(0);
    return otherwise;
  }

  // Where the number of alike lines joins, the one that made them enough tells since when; where somebody decided, the
  // decision. A join that was taken back never was one.
  void date_joins() {
    std::map<std::string, std::vector<Timestamp>> forms;
    std::map<std::int64_t, Timestamp> decided;
    for (const auto rows = database_.query(
             "SELECT form, evidence_at FROM item_move WHERE project_id = :project AND form <> ''", project_);
         rows->next();)
      forms[rows->string(0)].push_back(rows->integer(1));
    for (auto& [form, moments] : forms) std::sort(moments.begin(), moments.end());
    for (const auto rows = database_.query(
             "SELECT item_id, decided_at FROM item_move_decision WHERE project_id = :project ORDER BY decision_id",
             project_);
         rows->next();)
      decided[rows->integer(0)] = rows->integer(1);
    std::vector<std::pair<std::int64_t, std::optional<Timestamp>>> changed;
    for (const auto rows = database_.query(
             "SELECT item_id, is_joined, form, evidence_at, joined_at, why FROM item_move WHERE project_id = :project",
             project_);
         rows->next();) {
      std::optional<Timestamp> at;
      if (rows->integer(1) == 1) {
        at = rows->integer(3);
        const auto decision = decided.find(rows->integer(0));
        if (decision != decided.end() && rows->text(5) == kJoinedByDecision) {
          at = std::max(*at, decision->second);
        } else if (rows->text(5).starts_with(kJoinedByForm)) {
          const auto& moments = forms[rows->string(2)];
          at = std::max(*at, moments[std::min(moments.size(), static_cast<std::size_t>(kSameForm)) - 1]);
        }
      }
      if (at != rows->optional_integer(4)) changed.emplace_back(rows->integer(0), at);
    }
    for (const auto& [item, at] : changed) set(item, "joined_at", at);
  }

  void set(std::int64_t item, const std::string& column, std::optional<Timestamp> at) {
    database_.execute("UPDATE item_move SET " + column + " = :at WHERE project_id = :project AND item_id = :item",
                      {{"at", value_of(at)}, project_.front(), {"item", item}});
  }

  Database& database_;
  const std::vector<LinkRule>& rules_;
  Parameters project_;
};

}  // namespace

void date_moves(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules) {
  MoveDates(database, project_id, rules).run();
}

}  // namespace resident
