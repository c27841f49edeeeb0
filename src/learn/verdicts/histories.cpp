#include <algorithm>
#include <learn/verdicts/histories.hpp>

namespace resident::verdicts {

Histories::Histories(const TestRuns& runs) : runs_(runs) {
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) failing_[configuration].push_back(test);
  const auto known = runs.context().database.integer("SELECT count(*) FROM ci_test WHERE project_id = :project",
                                                     {{"project", runs.context().project_id}});
  tests_ = static_cast<double>(std::max<std::int64_t>(1, known.value_or(1)));
  for (const auto& run : runs.runs()) is_mass_.push_back(is_mass_failure(run));
}

const std::map<std::int64_t, std::vector<HistoryPoint>>& Histories::of(std::int64_t configuration) const {
  auto found = points_.find(configuration);
  if (found != points_.end()) return found->second;
  found = points_.emplace(configuration, std::map<std::int64_t, std::vector<HistoryPoint>>{}).first;
  const auto tests = failing_.find(configuration);
  if (tests == failing_.end()) return found->second;
  for (const auto& [id, points] : runs_.histories(tests->second, configuration))
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
  const auto& tests = of(configuration);
  const auto found = tests.find(test);
  return found == tests.end() ? none : found->second;
}

}  // namespace resident::verdicts
