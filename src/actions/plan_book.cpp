#include <fmt/format.h>
#include <fmt/ranges.h>

#include <actions/plan_book.hpp>
#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestName = 200;

}  // namespace

const std::vector<std::string>& action_kinds() {
  static const std::vector<std::string> kinds{"label",    "unlabel", "comment", "request_review", "assign",
                                              "unassign", "close",   "reopen",  "milestone"};
  return kinds;
}

PlannedAction make_action(const Context& context, std::int64_t item_id, const std::string& kind,
                          const std::string& content, const std::string& reason) {
  const auto& kinds = action_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    throw Error(ErrorKind::usage, fmt::format("there is no action called {}", one_line(kind)),
                fmt::format("the actions are {}", fmt::join(kinds, ", ")));
  const auto rows = context.database.query(
      "SELECT number, kind, title, url FROM item WHERE project_id = :project AND item_id = :item",
      {{"project", context.project_id}, {"item", item_id}});
  if (!rows->next()) throw Error(ErrorKind::usage, "there is no such issue or pull request");
  PlannedAction action;
  action.item_id = item_id;
  action.number = rows->integer(0);
  action.item_kind = rows->string(1);
  action.title = rows->string(2);
  action.url = rows->string(3);
  action.kind = kind;
  action.reason = clean_text(reason, 1000);
  const bool is_comment = kind == "comment";
  action.content = is_comment ? clean_text(content) : one_line(clean_text(content, kLongestName));
  if (is_comment && action.content.size() > kLongestComment)
    throw Error(ErrorKind::usage,
                fmt::format("a comment has at most {} bytes, and this one {}", kLongestComment, action.content.size()),
                "shorten it, or make two of it");
  if (kind == "close" && action.content.empty()) action.content = "not_planned";
  if (kind == "close" && action.content != "not_planned" && action.content != "completed")
    throw Error(ErrorKind::usage, "an item is closed as completed or as not_planned");
  if (kind == "reopen") action.content = "reopen";
  if (trim(action.content).empty()) throw Error(ErrorKind::usage, fmt::format("{} of what?", kind));
  if (kind == "request_review" && action.item_kind != "pull")
    throw Error(ErrorKind::usage, "a review can be asked for on a pull request only");
  action.key = action_key(item_id, kind, action.content);
  return action;
}

std::string action_key(std::int64_t item_id, const std::string& kind, const std::string& content) {
  return fmt::format("{}/{}/{}", item_id, kind, fingerprint(content).substr(0, 16));
}

PlanBook::PlanBook(Database& database, std::int64_t project_id) : database_(database), project_id_(project_id) {}

bool PlanBook::add(const PlannedAction& action, const std::string& made_by, Timestamp now, const std::string& user) {
  Transaction transaction(database_);
  const Parameters key{{"project", project_id_}, {"key", action.key}};
  if (database_.integer("SELECT count(*) FROM action_log WHERE project_id = :project AND action_key = :key AND state "
                        "IN ('sent', 'sending')",
                        key) != 0)
    return false;
  database_.execute(
      "INSERT INTO planned_action (project_id, action_key, item_id, kind, content, reason, made_by, made_at, state, "
      "user_name) VALUES (:project, :key, :item, :kind, :content, :reason, :made_by, :made_at, 'planned', :user) ON "
      "CONFLICT (project_id, action_key) DO UPDATE SET state = 'planned', reason = excluded.reason, made_by = "
      "excluded.made_by, made_at = excluded.made_at, user_name = excluded.user_name, message = NULL WHERE "
      "planned_action.state <> 'planned'",
      {{"project", project_id_},
       {"key", action.key},
       {"item", action.item_id},
       {"kind", action.kind},
       {"content", action.content},
       {"reason", action.reason},
       {"made_by", made_by},
       {"made_at", now},
       {"user", user}});
  transaction.commit();
  return true;
}

bool PlanBook::drop(const std::string& key) {
  Transaction transaction(database_);
  const Parameters parameters{{"project", project_id_}, {"key", key}};
  const bool was_there = database_.integer(
                             "SELECT count(*) FROM planned_action WHERE project_id = :project AND action_key = :key "
                             "AND state IN ('planned', 'failed')",
                             parameters) != 0;
  database_.execute(
      "UPDATE planned_action SET state = 'dropped' WHERE project_id = :project AND action_key = :key AND state IN "
      "('planned', 'failed')",
      parameters);
  transaction.commit();
  return was_there;
}

std::vector<CollectedAction> PlanBook::all() const {
  std::vector<CollectedAction> list;
  for (const auto rows =
           database_.query("SELECT p.action_key, p.item_id, i.number, i.kind, i.title, i.url, p.kind, p.content, "
                           "p.reason, p.made_by, p.made_at, p.state, p.message, p.user_name FROM planned_action p JOIN "
                           "item i ON i.project_id = p.project_id AND i.item_id = p.item_id WHERE p.project_id = "
                           ":project ORDER BY p.made_at, p.item_id, p.action_key",
                           {{"project", project_id_}});
       rows->next();) {
    CollectedAction one;
    one.action = {rows->string(0), rows->integer(1), rows->integer(2), rows->string(3), rows->string(4),
                  rows->string(5), rows->string(6),  rows->string(7),  rows->string(8)};
    one.made_by = rows->string(9);
    one.made_at = rows->integer(10);
    one.state = rows->string(11);
    one.message = rows->string(12);
    one.user = rows->string(13);
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<CollectedAction> PlanBook::planned() const {
  std::vector<CollectedAction> list;
  for (auto& one : all())
    if (one.state == "planned" || one.state == "failed") list.push_back(std::move(one));
  return list;
}

}  // namespace resident
