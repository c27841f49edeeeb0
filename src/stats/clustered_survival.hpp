// Survival where what is observed comes in clusters that share their fate: lines of
// code go in hunks and whole files, so that a thousand lines tell less than a
// thousand independent observations would. The estimate is Kaplan–Meier's; the
// variance is that of its linearization summed by cluster, which allows any
// dependence within a cluster and none between them: R. L. Williams, "Product-Limit
// Survival Functions with Correlated Survival Times", Lifetime Data Analysis 1
// (1995). With each observation its own cluster it is Greenwood's, times g/(g-1).
//
// Times are whole numbers (months, say) and observations come with a count, so that
// millions of lines cost what their groups cost.
#pragma once

#include <cstdint>
#include <stats/survival.hpp>
#include <vector>

namespace resident::stats {

struct GroupedObservation {
  std::int64_t cluster;
  std::int32_t time;  // 0 or more
  bool happened;      // false: censored at time
  std::int64_t count;
};

// With fewer effective clusters than this there are no intervals: the variance between so few is a guess.
inline constexpr double kFewestClusters = 5;

struct ClusteredCurve {
  // Points with log–log intervals, good for time_until(); `leaving` stays empty, as
  // it would hold every observation.
  SurvivalCurve curve;
  std::int64_t clusters = 0;
  // As many clusters of equal size would tell as much: (sum of sizes)² / sum of squares,
  // after L. Kish, "Survey Sampling" (1965). The intervals take Student's t with one
  // degree of freedom less, as files differ much in size; coverage is tested for such.
  double effective_clusters = 0;
  std::int32_t longest = 0;           // the longest time that is observed, censored or not
  std::vector<double> design_effect;  // at each point: variance by cluster / Greenwood's; 0 where there is none

  // The newest point not later than that time; nothing before the first.
  const SurvivalPoint* point_at(double time) const;
};

// Observations in any order (they are reordered); counts of 0 or less are left out.
ClusteredCurve clustered_kaplan_meier(std::vector<GroupedObservation> observations, double confidence = 0.95);

}  // namespace resident::stats
