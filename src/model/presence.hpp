// Who is still here: people, and when each was last active anywhere in the project, as of the moment. Everything that
// says "living", "active", "away" or "gone" asks here, so that no two pages differ.
#pragma once

#include <model/open_items.hpp>
#include <optional>
#include <set>
#include <unordered_map>

namespace resident {

// Active: did anything in so many days before the moment.
inline constexpr int kPresenceDays = 365;
// The moment since which somebody must have done something to be here.
inline Timestamp present_since(Timestamp as_of) {
  return as_of - kPresenceDays * kDay;
}

// When each person was last active anywhere in the project, as of the moment:
// commits, items, comments, reviews and events but those that merely happen to people.
std::unordered_map<std::int64_t, Timestamp> last_activity(const Context& context, const People& people);
// The same of those people alone, by way of the indices: quick where few are asked about.
std::unordered_map<std::int64_t, Timestamp> last_activity_of(const Context& context, const People& people,
                                                             const std::set<std::int64_t>& persons);

// People who are gone: not active since present_since(as_of). Bots and the unknown
// are neither here nor gone.
class Presence {
 public:
  Presence(const Context& context, const People& people) : context_(context), people_(people) {}
  std::optional<Timestamp> last(std::int64_t person) const;
  // Reads of those in one go what last() will be asked: for who knows beforehand whom it is about.
  void look_up(const std::set<std::int64_t>& persons) const;
  const std::unordered_map<std::int64_t, Timestamp>& last_of_all() const;
  bool is_person(std::int64_t person) const { return person != 0 && !people_.bots.contains(person); }
  bool is_active(std::int64_t person) const { return last(person).value_or(0) > present_since(context_.as_of); }
  bool is_gone(std::int64_t person) const { return is_person(person) && !is_active(person); }

 private:
  const Context& context_;
  const People& people_;
  // The first few asked about are looked up one by one; with more of them all are read at once.
  mutable std::unordered_map<std::int64_t, std::optional<Timestamp>> asked_;
  mutable std::optional<std::unordered_map<std::int64_t, Timestamp>> all_;
};

}  // namespace resident
