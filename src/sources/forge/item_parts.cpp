#include <algorithm>
#include <base/pattern.hpp>
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

std::string detail_of_commit(std::string_view headline, std::int64_t parents, std::string_view base) {
  // "Merge branch 'main' of https://host/o/r into topic", "Merge remote-tracking branch 'upstream/main' into topic"; of
  // a fork 'owner:main'.
  static const Pattern merge(
      R"(^Merge (?:remote-tracking )?branch '(?:refs/(?:heads|remotes)/)?([^'\s]+)'(?: of \S+)?(?: into '?([^'\s]+)'?)?\s*$)");
  std::string from, into;
  if (parents < 2 || !merge.found_in(headline, &from, &into) || from == into) return {};
  const auto is_of = [&](std::string_view branch) {
    if (from == branch) return true;
    if (!from.ends_with(branch) || from.size() == branch.size()) return false;
    const char before = from[from.size() - branch.size() - 1];
    return before == '/' || before == ':';
  };
  static constexpr std::string_view kUsual[] = {"main", "master", "trunk", "develop", "development", "dev", "default"};
  return base.empty() ? std::string(std::ranges::any_of(kUsual, is_of) ? kBaseMerged : std::string_view())
                      : std::string(is_of(base) ? kBaseMerged : std::string_view());
}

void derive_ends(ItemRecord& item) {
  derive_event(item, "merged", item.merged_at, item.merged_by);
  derive_event(item, "closed", item.closed_at, item.merged_at ? item.merged_by : PersonRecord{});
}

}  // namespace resident::json
