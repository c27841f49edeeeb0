// The meanings of items (embedding.hpp), in order of adding: which earlier ones are nearest to a new one. All are
// looked at, which costs some 3 ms among 60,000 of 384 numbers and is exact; nothing later than `before` is.
#pragma once

#include <base/packed.hpp>
#include <cstdint>
#include <span>
#include <text/embedding.hpp>
#include <vector>

namespace resident::text {

class MeaningIndex {
 public:
  // An empty one is near nothing. Throws Error unless all have one width.
  void add(std::span<const std::int16_t> meaning);
  std::size_t size() const { return size_; }

  struct Near {
    std::vector<std::uint32_t> documents;  // the nearest, best first; none that is not nearer than usual
    double usual = 0;                      // mean cosine to all that were looked at, pulled to 0 as if by ten others
    std::vector<float> cosines;            // to each that was looked at
    // How much nearer than usual: 0 as any two are, 1 the same. So it means the same whatever the model: some models
    // put all texts at cosines of 0.7 and more.
    double above_usual(std::size_t document) const;
  };
  // Among the first `before`.
  Near near(std::span<const std::int16_t> asking, std::size_t most, std::size_t before) const;

  // As bytes and back (base/packed.hpp). Throws Error where they are broken.
  void pack(Packer& packer) const;
  static MeaningIndex unpack(Unpacker& unpacker);

 private:
  std::size_t size_ = 0, width_ = 0;
  std::vector<std::int16_t> numbers_;  // one after the other; an empty meaning: zeros
};

}  // namespace resident::text
