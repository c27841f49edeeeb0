#include <algorithm>
#include <learn/verdicts/histories.hpp>

namespace resident::verdicts {

Histories::Histories(const TestRuns& runs) : runs_(runs) {
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) failing_[configuration].push_back(test);
  std::map<std::int64_t, double> of_configuration;
  double tests = 1, pairs = 0;
  for (const auto& run : runs.runs()) {
    is_mass_.push_back(is_mass_failure(run));
    double& most = of_configuration[run.configuration];
    const double these = static_cast<double>(run.tests);
    if (these <= most) continue;
    pairs += these - most;
    most = these;
    tests = std::max(tests, these);
    largest_.push_back({run.at, {tests, std::max(1.0, pairs)}});
  }
}

std::pair<double, double> Histories::largest_at(Timestamp now) const {
  const auto after = std::upper_bound(largest_.begin(), largest_.end(), now,
                                      [](Timestamp at, const auto& each) { return at < each.first; });
  return after == largest_.begin() ? std::pair{1.0, 1.0} : (after - 1)->second;
}

// The store keeps a group of tests together: what is read for one is read for all of it that ever failed.
const Histories::Group& Histories::group_of(std::int64_t test, std::int64_t configuration) const {
  const std::pair key{configuration, test / kTestsOfATile};
  auto found = groups_.find(key);
  if (found != groups_.end()) return found->second;
  found = groups_.emplace(key, Group{}).first;
  const auto failing = failing_.find(configuration);
  if (failing == failing_.end()) return found->second;
  std::vector<std::int64_t> tests;
  for (auto each = std::lower_bound(failing->second.begin(), failing->second.end(), key.second * kTestsOfATile);
       each != failing->second.end() && *each / kTestsOfATile == key.second; ++each)
    tests.push_back(*each);
  for (const auto& [id, points] : runs_.histories(tests, configuration))
    for (const auto& point : points) {
      const ci::Outcome outcome = point.state.outcome();
      const bool mixed = outcome == ci::Outcome::flaky;
      if (!mixed && !ci::is_failure(outcome) && outcome != ci::Outcome::pass && outcome != ci::Outcome::xfail &&
          outcome != ci::Outcome::xpass)
        continue;
      found->second[id].push_back({static_cast<std::uint32_t>(point.run),
                                   static_cast<std::int32_t>(point.state.message_id), mixed || ci::is_failure(outcome),
                                   mixed});
    }
  return found->second;
}

const std::vector<HistoryPoint>& Histories::of(std::int64_t test, std::int64_t configuration) const {
  static const std::vector<HistoryPoint> none;
  const Group& tests = group_of(test, configuration);
  const auto found = tests.find(test);
  return found == tests.end() ? none : found->second;
}

}  // namespace resident::verdicts
