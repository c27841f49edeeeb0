// Random numbers that are the same on every machine: xoshiro256** (D. Blackman and
// S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47, 2021)
// seeded by splitmix64, with distributions of our own, because those of the standard
// library may differ between implementations. The same seed, the same numbers.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace resident::stats {

inline std::uint64_t mix(std::uint64_t value) {  // splitmix64's finaliser
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (auto& word : state_) word = seed = mix(seed);
  }

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
  bool chance(double probability) { return uniform() < probability; }
  double exponential() { return -std::log1p(-uniform()); }  // mean 1
  double normal() {
    const double radius = std::sqrt(2 * exponential());
    return radius * std::cos(2 * 3.141592653589793 * uniform());
  }
  // Shape above 0, scale 1. G. Marsaglia and W. W. Tsang, ACM TOMS 26 (2000).
  double gamma(double shape);
  // Mean 0 or more; by inversion for small means, by halving (J. H. Ahrens and U. Dieter, 1974) for large ones.
  std::int64_t poisson(double mean);
  std::int64_t binomial(std::int64_t n, double probability);
  // Variance mean + mean²/size; size at or below 0: Poisson.
  std::int64_t negative_binomial(double mean, double size);

 private:
  static std::uint64_t rotate(std::uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }
  std::array<std::uint64_t, 4> state_;
};

}  // namespace resident::stats
