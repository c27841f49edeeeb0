// What becomes of an issue or a pull request, decided when it is opened: who
// answers when, what they say, how it ends. Plans only read the world, so a plan
// can be made a second time in a world without the resident; the difference is the
// true effect that truth.json reports.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "simulate/calendar.hpp"
#include "simulate/items.hpp"
#include "simulate/people.hpp"

namespace resident::simulation {

// The resident multiplies these hazards; what is more than before is done by them, and at least so large a share of
// all.
struct Residency {
  double pull_response = 1.8, issue_response = 1.6, merge = 1.5;
  double least_share = 0;
  double share(double ratio) const { return std::max((ratio - 1) / ratio, least_share); }
};
// Of one that makes all three so much higher (0.15: 1.15 times); a fifth of the acts are the resident's even at 0.
Residency residency_of(std::optional<double> effect);
// First response at attention 1: the median in days, and factors of its hazard.
inline constexpr double kPullResponseDays = 2.2, kReviewAgainDays = 1.4, kMergeDays = 0.5, kIssueResponseDays = 1.6;
inline constexpr double kNewcomerFactor = 0.7, kRegularFactor = 1.0, kCoreFactor = 1.3, kLargeFactor = 0.7,
                        kFeatureFactor = 0.75, kQuestionFactor = 0.8, kNeglectedFactor = 0.2;

struct PlanContext {
  const Calendar& calendar;
  const People& people;
  Names& labels;
  std::uint64_t seed;
  Residency residency;
  bool with_resident = true;

  double ratio(double of_resident) const { return with_resident ? of_resident : 1; }
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
