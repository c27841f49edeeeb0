// Topics of texts: spherical k-means over tf·idf of their words.
#pragma once

#include <base/packed.hpp>
#include <learn/labels/features.hpp>
#include <unordered_map>
#include <vector>

namespace resident::labels {

class Topics {
 public:
  Topics() = default;
  Topics(const std::vector<const Features*>& texts, int count, std::uint64_t seed);
  int of(const Features& text) const;
  // As bytes and back (base/packed.hpp). Throws Error where they are broken.
  void pack(Packer& packer) const;
  static Topics unpack(Unpacker& unpacker);

 private:
  using Vector = std::unordered_map<std::uint32_t, float>;
  using Row = std::vector<std::pair<std::uint32_t, float>>;
  Row row(const Features& text) const;
  std::vector<double> likeness(const Row& row) const;

  std::unordered_map<std::uint64_t, std::pair<std::uint32_t, float>> words_;  // place and inverse document frequency
  std::vector<std::vector<float>> centres_;                                   // word × topic
  std::size_t count_ = 0;
};

}  // namespace resident::labels
