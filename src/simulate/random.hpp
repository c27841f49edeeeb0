// Random numbers that are the same everywhere (stats/random.hpp). A stream is named by
// (seed, purpose, index), so every item, person and text has numbers of its own
// and one that draws more than before disturbs no other.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stats/random.hpp>

namespace resident::simulation {

enum class Purpose : std::uint64_t {
  arrivals = 1,
  authors,
  identity,
  people,
  topic,
  issue_plan,
  pull_plan,
  closing,
  tree,
  ci,
  benchmarks,
  material,
  builders,
};

using stats::mix;

inline std::uint64_t mix(std::uint64_t first, std::uint64_t second) {
  return mix(mix(first) ^ (second * 0xd1342543de82ef95ULL));
}

class Random : public stats::Random {
 public:
  explicit Random(std::uint64_t seed) : stats::Random(seed) {}
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0)
      : stats::Random(mix(mix(seed, static_cast<std::uint64_t>(purpose)), index)) {}

  std::int64_t between(std::int64_t low, std::int64_t high) {  // both included
    return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
  }
  double lognormal(double median, double sigma) { return median * std::exp(sigma * normal()); }
  int poisson(double mean) {  // for small means
    int count = 0;
    for (double sum = exponential(); sum < mean; sum += exponential()) ++count;
    return count;
  }
  template <typename Container>
  const auto& pick(const Container& container) {
    return container[below(std::size(container))];
  }
};

}  // namespace resident::simulation
