#include <fmt/format.h>

#include <actions/triage_marks.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {

TriageMarks::TriageMarks(Database& database, std::int64_t project_id, std::string user)
    : database_(database), project_id_(project_id), user_(std::move(user)) {}

void TriageMarks::check_item(std::int64_t item_id) const {
  if (!database_.integer("SELECT item_id FROM item WHERE project_id = :project AND item_id = :item",
                         {{"project", project_id_}, {"item", item_id}}))
    throw Error(ErrorKind::usage, "there is no such issue or pull request", "nothing was kept");
}

void TriageMarks::put(std::int64_t item_id, const std::string& kind, Value until, Value text,
                      const std::string& made_by, Timestamp now) {
  database_.insert({"triage_mark",
                    {"project_id", "item_id", "kind", "until", "note", "made_by", "made_at", "user_name"},
                    {"project_id", "user_name", "item_id", "kind"}},
                   {{project_id_, item_id, kind, std::move(until), std::move(text), made_by, now, user_}});
}

void TriageMarks::snooze(std::int64_t item_id, Timestamp until, const std::string& made_by, Timestamp now) {
  check_item(item_id);
  if (until <= now) throw Error(ErrorKind::usage, "something is snoozed until a later time");
  put(item_id, "snooze", until, Value(), made_by, now);
}

void TriageMarks::wake(std::int64_t item_id) {
  database_.execute(
      "DELETE FROM triage_mark WHERE project_id = :project AND item_id = :item AND kind = 'snooze' AND user_name = "
      ":user",
      {{"project", project_id_}, {"item", item_id}, {"user", user_}});
}

void TriageMarks::note(std::int64_t item_id, const std::string& text, const std::string& made_by, Timestamp now) {
  check_item(item_id);
  const std::string kept = clean_text(text);
  if (kept.size() > kLongestNote)
    throw Error(ErrorKind::usage,
                fmt::format("a note has at most {} bytes, and this one {}", kLongestNote, kept.size()), "shorten it");
  if (trim(kept).empty()) {
    database_.execute(
        "DELETE FROM triage_mark WHERE project_id = :project AND item_id = :item AND kind = 'note' AND user_name = "
        ":user",
        {{"project", project_id_}, {"item", item_id}, {"user", user_}});
    return;
  }
  put(item_id, "note", Value(), kept, made_by, now);
}

std::map<std::int64_t, TriageMark> TriageMarks::all() const {
  std::map<std::int64_t, TriageMark> marks;
  for (const auto rows = database_.query(
           "SELECT item_id, kind, until, note FROM triage_mark WHERE project_id = :project AND user_name = :user",
           {{"project", project_id_}, {"user", user_}});
       rows->next();) {
    TriageMark& mark = marks[rows->integer(0)];
    if (rows->text(1) == "snooze")
      mark.snoozed_until = rows->integer(2);
    else
      mark.note = rows->string(3);
  }
  return marks;
}

}  // namespace resident
