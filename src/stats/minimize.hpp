// The least value of a function of a few numbers: J. A. Nelder and R. Mead, "A Simplex
// Method for Function Minimization", Computer Journal 7 (1965), started again where it
// stopped until that changes nothing. No derivatives, no randomness: the same start, the same
// answer. Where the function gives what is not finite, it is taken for the worst.
#pragma once

#include <functional>
#include <vector>

namespace resident::stats {

struct Minimum {
  std::vector<double> at;
  double value = 0;
};

// steps: how far to look at first in each direction. tolerance: of the value, relative.
Minimum minimize(const std::function<double(const std::vector<double>&)>& function, std::vector<double> start,
                 const std::vector<double>& steps, double tolerance = 1e-10, int most_evaluations = 4000);

}  // namespace resident::stats
