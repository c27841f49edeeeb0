// Series of a known kind, in which nothing began: for tests, and for bench/placebo_alarms.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stats/random.hpp>
#include <vector>

namespace resident::stats {

enum class Kind { white, autocorrelated, walk, seasonal, heavy, trending, counts, few };

inline std::vector<double> series(Kind kind, std::size_t length, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values;
  double state = 0;
  for (std::size_t t = 0; t < length; ++t) {
    const double time = static_cast<double>(t), noise = random.normal();
    switch (kind) {
      case Kind::white:
        values.push_back(10 + noise);
        break;
      case Kind::autocorrelated:
        state = 0.7 * state + 0.15 * noise;
        values.push_back(50 * std::exp(state));
        break;
      case Kind::walk:
        state += 0.05 * noise;
        values.push_back(50 * std::exp(state + 0.1 * random.normal()));
        break;
      case Kind::seasonal:
        values.push_back(50 * std::exp(0.3 * std::sin(2 * 3.14159265358979 * time / 52) + 0.15 * noise));
        break;
      case Kind::heavy:  // Student's t with two degrees of freedom, on the log scale
        values.push_back(50 * std::exp(0.1 * noise / std::max(0.05, std::sqrt(random.gamma(1)))));
        break;
      case Kind::trending:
        values.push_back(std::max(0.0, 20 + 0.3 * time + 5 * noise));
        break;
      case Kind::counts:
        values.push_back(static_cast<double>(random.negative_binomial(5, 3)));
        break;
      case Kind::few:
        values.push_back(static_cast<double>(random.negative_binomial(1, 2)));
        break;
    }
  }
  return values;
}

}  // namespace resident::stats
