#include <algorithm>
#include <base/pattern.hpp>
#include <sources/forge/base_merge.hpp>
#include <store/event_details.hpp>

namespace resident::json {

std::string detail_of_commit(std::string_view headline, std::string_view base) {
  // "Merge branch 'main' of https://host/o/r into topic", "Merge remote-tracking branch 'upstream/main' into topic"; of
  // a fork 'owner:main'.
  static const Pattern merge(
      R"(^Merge (?:remote-tracking )?branch '(?:refs/(?:heads|remotes)/)?([^'\s]+)'(?: of \S+)?(?: into '?([^'\s]+)'?)?\s*$)");
  std::string from, into;
  if (!merge.found_in(headline, &from, &into) || from == into) return {};
  const auto is_of = [&](std::string_view branch) {
    if (from == branch) return true;
    if (!from.ends_with(branch) || from.size() == branch.size()) return false;
    const char before = from[from.size() - branch.size() - 1];
    return before == '/' || before == ':';
  };
  static constexpr std::string_view kUsual[] = {"main", "master", "trunk", "develop", "development", "dev", "default"};
  const bool is_base = base.empty() ? std::ranges::any_of(kUsual, is_of) : is_of(base);
  return std::string(is_base ? kBaseMerged : std::string_view());
}

}  // namespace resident::json
