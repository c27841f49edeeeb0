// Random numbers that are the same everywhere: xoshiro256** (Blackman, Vigna)
// seeded by splitmix64, with distributions of our own, because those of the
// standard library may differ between implementations. A stream is named by
// (seed, purpose, index), so every item, person and text has numbers of its own
// and one that draws more than before disturbs no other.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

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
};

inline std::uint64_t mix(std::uint64_t value) {  // splitmix64's finaliser
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

inline std::uint64_t mix(std::uint64_t first, std::uint64_t second) {
  return mix(mix(first) ^ (second * 0xd1342543de82ef95ULL));
}

class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (auto& word : state_) word = seed = mix(seed);
  }
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0)
      : Random(mix(mix(seed, static_cast<std::uint64_t>(purpose)), index)) {}

  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // [0, 1)
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  // 0 to count - 1; the bias, below 2^-32 for the counts used here, does not matter.
  std::size_t below(std::size_t count) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((static_cast<Wide>(next()) * count) >> 64);
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {  // both included
    return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low + 1)));
  }
  bool chance(double probability) { return uniform() < probability; }
  double exponential() { return -std::log1p(-uniform()); }  // mean 1
  double normal() {
    const double radius = std::sqrt(2 * exponential());
    return radius * std::cos(2 * 3.141592653589793 * uniform());
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

 private:
  static std::uint64_t rotate(std::uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }
  std::array<std::uint64_t, 4> state_;
};

}  // namespace resident::simulation
