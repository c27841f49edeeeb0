// Snoozes and notes of a triager: what comes back later, and what is remembered of an
// item. They stay in the store and are never sent anywhere. One of each kind an item;
// a newer one replaces the older.
#pragma once

#include <map>
#include <optional>
#include <store/database.hpp>
#include <string>

namespace resident {

struct TriageMark {
  std::optional<Timestamp> snoozed_until;
  std::string note;
};

inline constexpr std::size_t kLongestNote = 10'000;  // bytes

class TriageMarks {
 public:
  // user: whose they are; "": nobody's in particular. Nobody sees another's.
  TriageMarks(Database& database, std::int64_t project_id, std::string user = {});
  // Both throw Error{usage} for an item that the project does not have; snooze also for a time that is not later than
  // now.
  void snooze(std::int64_t item_id, Timestamp until, const std::string& made_by, Timestamp now);
  // Takes a snooze back; nothing where there is none.
  void wake(std::int64_t item_id);
  // Throws Error{usage} for more than kLongestNote; an empty text takes the note away.
  void note(std::int64_t item_id, const std::string& text, const std::string& made_by, Timestamp now);
  std::map<std::int64_t, TriageMark> all() const;  // by item

 private:
  void check_item(std::int64_t item_id) const;
  void put(std::int64_t item_id, const std::string& kind, Value until, Value text, const std::string& made_by,
           Timestamp now);
  Database& database_;
  std::int64_t project_id_;
  std::string user_;
};

}  // namespace resident
