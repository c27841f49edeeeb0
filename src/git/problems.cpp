#include <algorithm>
#include <base/text.hpp>
#include <git/problems.hpp>

namespace resident::git {

void Problems::add(const std::string& kind, std::string record, std::string reason) {
  const std::lock_guard lock(mutex_);
  Problem problem{clean_text(record, 1000), clean_text(reason, 1000), kind};
  std::size_t& total = totals_[kind];
  // A second walk over the same fault says nothing new.
  if (total <= kKeptPerKind && std::find(kept_.begin(), kept_.end(), problem) != kept_.end()) return;
  if (++total <= kKeptPerKind) kept_.push_back(std::move(problem));
}

std::vector<Problem> Problems::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Problem> result = kept_;
  for (const auto& [kind, total] : totals_)
    if (total > kKeptPerKind)
      result.push_back({kind,
                        with_thousands(static_cast<long long>(total)) + " in all; the first " +
                            std::to_string(kKeptPerKind) + " are listed",
                        kind});
  return result;
}

}  // namespace resident::git
