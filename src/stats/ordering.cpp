#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <numeric>
#include <stats/ordering.hpp>
#include <utility>

namespace resident::stats {

namespace {

constexpr std::size_t kFew = 256;  // so many are compared
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

// In the order of the numbers.
std::uint64_t key_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0 becomes 0
  return bits ^ (bits & kSign ? ~std::uint64_t{0} : kSign);
}

double value_of(std::uint64_t key) {
  return std::bit_cast<double>(key ^ (key & kSign ? kSign : ~std::uint64_t{0}));
}

struct Placed {
  std::uint64_t key;
  std::uint32_t place;
};

std::uint64_t key_in(std::uint64_t key) {
  return key;
}
std::uint64_t key_in(const Placed& each) {
  return each.key;
}

template <class Item>
void radix_sort(std::vector<Item>& items) {
  constexpr std::size_t kBytes = 8, kValues = 256;
  std::array<std::array<std::uint32_t, kValues>, kBytes> counts{};
  for (const auto& item : items) {
    const std::uint64_t key = key_in(item);
    for (std::size_t byte = 0; byte < kBytes; ++byte) ++counts[byte][key >> (8 * byte) & 0xff];
  }
  std::vector<Item> other(items.size());
  for (std::size_t byte = 0; byte < kBytes; ++byte) {
    auto& count = counts[byte];
    if (count[key_in(items.front()) >> (8 * byte) & 0xff] == items.size()) continue;
    std::uint32_t sum = 0;
    for (auto& each : count) sum += std::exchange(each, sum);
    for (const auto& item : items) other[count[key_in(item) >> (8 * byte) & 0xff]++] = item;
    items.swap(other);
  }
}

}  // namespace

void sort_values(std::vector<double>& values) {
  if (values.size() < kFew) {
    std::sort(values.begin(), values.end());
    return;
  }
  std::vector<std::uint64_t> keys(values.size());
  std::transform(values.begin(), values.end(), keys.begin(), key_of);
  radix_sort(keys);
  std::transform(keys.begin(), keys.end(), values.begin(), value_of);
}

std::vector<std::uint32_t> order_of(std::span<const double> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  if (values.size() < kFew) {
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
    return order;
  }
  std::vector<Placed> placed(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) placed[i] = {key_of(values[i]), static_cast<std::uint32_t>(i)};
  radix_sort(placed);
  for (std::size_t i = 0; i < placed.size(); ++i) order[i] = placed[i].place;
  return order;
}

}  // namespace resident::stats
