#include <algorithm>
#include <base/error.hpp>
#include <text/meaning_index.hpp>

namespace resident::text {

namespace {

constexpr double kOthers = 10;

}  // namespace

void MeaningIndex::add(std::span<const std::int16_t> meaning) {
  if (!meaning.empty() && width_ == 0) {
    width_ = meaning.size();
    numbers_.resize(size_ * width_);
  }
  if (!meaning.empty() && meaning.size() != width_) throw Error("meanings of two widths can't be compared");
  if (!is_unit(meaning)) throw Error("a meaning is broken");
  ++size_;
  if (meaning.empty())
    numbers_.resize(size_ * width_);
  else
    numbers_.insert(numbers_.end(), meaning.begin(), meaning.end());
}

double MeaningIndex::Near::above_usual(std::size_t document) const {
  if (document >= cosines.size() || usual >= 1) return 0;
  return std::max(0.0, (static_cast<double>(cosines[document]) - usual) / (1 - usual));
}

MeaningIndex::Near MeaningIndex::near(std::span<const std::int16_t> asking, std::size_t most,
                                      std::size_t before) const {
  Near result;
  if (asking.empty() || asking.size() != width_) return result;
  const std::size_t count = std::min(before, size_);
  result.cosines.reserve(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double each = cosine(asking, std::span(numbers_).subspan(i * width_, width_));
    sum += each;
    result.cosines.push_back(static_cast<float>(each));
  }
  result.usual = sum / (static_cast<double>(count) + kOthers);
  auto& nearest = result.documents;
  for (std::size_t i = 0; i < count; ++i)
    if (result.above_usual(i) > 0) nearest.push_back(static_cast<std::uint32_t>(i));
  const auto nearer = [&](std::uint32_t a, std::uint32_t b) {
    return result.cosines[a] != result.cosines[b] ? result.cosines[a] > result.cosines[b] : a > b;
  };
  const std::size_t kept = std::min(most, nearest.size());
  std::partial_sort(nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(kept), nearest.end(), nearer);
  nearest.resize(kept);
  return result;
}

void MeaningIndex::pack(Packer& packer) const {
  packer.whole(size_);
  packer.whole(width_);
  packer.numbers(numbers_);
}

MeaningIndex MeaningIndex::unpack(Unpacker& unpacker) {
  MeaningIndex index;
  const std::uint64_t size = unpacker.whole(), width = unpacker.whole();
  index.numbers_ = unpacker.numbers<std::int16_t>();
  if (width > kWidestMeaning || size > 0xFFFFFFFFU || size * width != index.numbers_.size())
    throw Error("kept meanings are broken");
  index.size_ = static_cast<std::size_t>(size);
  index.width_ = static_cast<std::size_t>(width);
  for (std::size_t i = 0; i < index.size_ && width > 0; ++i)
    if (!is_unit(std::span(index.numbers_).subspan(i * index.width_, index.width_)))
      throw Error("kept meanings are broken");
  return index;
}

}  // namespace resident::text
