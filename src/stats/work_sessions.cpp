#include <stats/work_sessions.hpp>

namespace resident::stats {

std::vector<double> seconds_before(std::span<const std::int64_t> moments, const SessionRule& rule) {
  std::vector<double> result;
  result.reserve(moments.size());
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const std::int64_t gap = i == 0 ? rule.before_first : moments[i] - moments[i - 1];
    const bool goes_on = i == 0 || gap < rule.longest_gap;
    result.push_back(static_cast<double>(goes_on ? gap : rule.before_later));
  }
  return result;
}

std::int64_t count_sessions(std::span<const std::int64_t> moments, const SessionRule& rule) {
  std::int64_t sessions = moments.empty() ? 0 : 1;
  for (std::size_t i = 1; i < moments.size(); ++i) sessions += moments[i] - moments[i - 1] >= rule.longest_gap;
  return sessions;
}

}  // namespace resident::stats
