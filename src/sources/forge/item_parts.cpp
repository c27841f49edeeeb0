#include <algorithm>
#include <sources/forge/item_parts.hpp>

namespace resident::json {

std::int64_t item_number(const Object& object, std::string_view key) {
  const std::int64_t number = object.required_integer(key);
  if (number < 1 || number > 1'000'000'000'000) throw Error(fmt::format("the number {} cannot be", number));
  return number;
}

namespace {

void derive_event(ItemRecord& item, const char* kind, const std::optional<Timestamp>& at, const PersonRecord& actor) {
  const auto is_it = [&](const EventRecord& event) { return event.kind == kind; };
  if (!at || std::any_of(item.events.begin(), item.events.end(), is_it)) return;
  EventRecord event;
  event.kind = kind;
  event.occurred_at = at;
  event.actor = actor;
  event.is_derived = true;
  item.events.push_back(std::move(event));
}

}  // namespace

void derive_ends(ItemRecord& item) {
  derive_event(item, "merged", item.merged_at, item.merged_by);
  derive_event(item, "closed", item.closed_at, item.merged_at ? item.merged_by : PersonRecord{});
}

}  // namespace resident::json
