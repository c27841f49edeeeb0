// Do groups differ in the share to whom one of several competing things happens? R. J.
// Gray, "A Class of K-Sample Tests for Comparing the Cumulative Incidence of a Competing
// Risk", Annals of Statistics 16 (1988), with his K(t) = (1 - F1(t-))^rho; equal to the
// tests of R's cmprsk::cuminc.
#pragma once

#include <stats/aalen_johansen.hpp>
#include <stats/log_rank.hpp>
#include <vector>

namespace resident::stats {

// cause: the one that is compared; group: from 0, all with observations. observed and expected stay empty.
GroupTest gray_test(const std::vector<CauseObservation>& observations, const std::vector<int>& group, int cause,
                    double rho = 0);

}  // namespace resident::stats
