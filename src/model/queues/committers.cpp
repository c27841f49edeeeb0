#include <model/queues/committers.hpp>

namespace resident {

std::set<std::int64_t> committers_of(const OpenItem& item, const People& people,
                                     const std::set<std::int64_t>& reviewers) {
  if (item.author_merges_own && people.maintainers.contains(item.author)) return {item.author};
  std::set<std::int64_t> result;
  for (const auto person : reviewers)
    if (person != item.author && people.maintainers.contains(person)) result.insert(person);
  return result;
}

}  // namespace resident
