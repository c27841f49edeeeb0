// What becomes of an issue or a pull request, decided when it is opened: who
// answers when, what they say, how it ends. Plans only read the world, so a plan
// can be made a second time in a world without the resident; the difference is the
// true effect that truth.json reports.
#pragma once

#include <vector>

#include "simulate/calendar.hpp"
#include "simulate/items.hpp"
#include "simulate/people.hpp"

namespace resident::simulation {

// The resident multiplies these hazards; what is more than before is done by them.
inline constexpr double kPullResponseRatio = 1.8, kIssueResponseRatio = 1.6, kMergeRatio = 1.5;
// First response at attention 1: the median in days, and factors of its hazard.
inline constexpr double kPullResponseDays = 2.2, kReviewAgainDays = 1.4, kMergeDays = 0.5, kIssueResponseDays = 1.6;
inline constexpr double kNewcomerFactor = 0.7, kRegularFactor = 1.0, kCoreFactor = 1.3, kLargeFactor = 0.7,
                        kFeatureFactor = 0.75, kQuestionFactor = 0.8, kNeglectedFactor = 0.2;

struct PlanContext {
  const Calendar& calendar;
  const People& people;
  Names& labels;
  std::uint64_t seed;
  bool with_resident = true;
};

double pull_response_factor(const Pull& pull);
double issue_response_factor(const Issue& issue);

// original: the number of the issue of which this is a duplicate, or 0; noticed
// tells whether somebody will see it.
void plan_issue(const PlanContext& context, Issue& issue, std::int64_t original, bool noticed);
// The pushes there are (at the opening) are kept and more are added.
void plan_pull(const PlanContext& context, Pull& pull, const SourceTree& tree, std::size_t tests);
void plan_backport(const PlanContext& context, Pull& pull);
void plan_dependency(const PlanContext& context, Pull& pull);
// The edits of one push for the topic.
std::vector<Edit> make_edits(const SourceTree& tree, const Topic& topic, PullType type, std::size_t count,
                             Random& random);

}  // namespace resident::simulation
