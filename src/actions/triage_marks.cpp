#include <actions/triage_marks.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr std::int64_t kSchema = 11;
constexpr std::size_t kLongestNote = 10000;

}  // namespace

TriageMarks::TriageMarks(Database& database, std::int64_t project_id) : database_(database), project_id_(project_id) {}

void TriageMarks::put(std::int64_t item_id, const std::string& kind, Value until, Value text,
                      const std::string& made_by, Timestamp now) {
  database_.insert({"triage_mark",
                    {"project_id", "item_id", "kind", "until", "note", "made_by", "made_at"},
                    {"project_id", "item_id", "kind"}},
                   {{project_id_, item_id, kind, std::move(until), std::move(text), made_by, now}});
}

void TriageMarks::snooze(std::int64_t item_id, Timestamp until, const std::string& made_by, Timestamp now) {
  if (until <= now) throw Error(ErrorKind::usage, "something is snoozed until a later time");
  put(item_id, "snooze", until, Value(), made_by, now);
}

void TriageMarks::note(std::int64_t item_id, const std::string& text, const std::string& made_by, Timestamp now) {
  const std::string kept = clean_text(text, kLongestNote);
  if (trim(kept).empty()) {
    database_.execute("DELETE FROM triage_mark WHERE project_id = :project AND item_id = :item AND kind = 'note'",
                      {{"project", project_id_}, {"item", item_id}});
    return;
  }
  put(item_id, "note", Value(), kept, made_by, now);
}

std::map<std::int64_t, TriageMark> TriageMarks::all() const {
  std::map<std::int64_t, TriageMark> marks;
  if (database_.integer("SELECT max(version) FROM migration").value_or(0) < kSchema) return marks;
  for (const auto rows =
           database_.query("SELECT item_id, kind, until, note FROM triage_mark WHERE project_id = :project",
                           {{"project", project_id_}});
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
