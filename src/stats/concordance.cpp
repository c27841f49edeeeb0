#include <algorithm>
#include <cstdint>
#include <numeric>
#include <stats/concordance.hpp>

namespace resident::stats {

namespace {

// How many stand at each rank, with sums over the first ones (P. M. Fenwick, 1994).
class Counts {
 public:
  explicit Counts(std::size_t size) : tree_(size + 1, 0) {}
  void add(std::size_t rank) {
    for (++rank; rank < tree_.size(); rank += rank & (~rank + 1)) ++tree_[rank];
  }
  std::int64_t below(std::size_t rank) const {
    std::int64_t sum = 0;
    for (; rank > 0; rank -= rank & (~rank + 1)) sum += tree_[rank];
    return sum;
  }

 private:
  std::vector<std::int64_t> tree_;
};

}  // namespace

std::optional<double> concordance(const std::vector<double>& time, const std::vector<bool>& happened,
                                  const std::vector<double>& risk, const std::vector<int>& stratum) {
  std::vector<std::size_t> order(time.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto group = [&](std::size_t row) { return stratum.empty() ? 0 : stratum[row]; };
  // From late to early; the censored of a time before its events, as they outlive them.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (group(a) != group(b)) return group(a) < group(b);
    if (time[a] != time[b]) return time[a] > time[b];
    return happened[a] < happened[b];
  });
  std::vector<double> values = risk;
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  double right = 0, equal = 0, pairs = 0;
  for (std::size_t at = 0; at < order.size();) {
    const int now = group(order[at]);
    Counts later(values.size());
    std::int64_t seen = 0;
    while (at < order.size() && group(order[at]) == now) {
      std::size_t end = at;
      while (end < order.size() && group(order[end]) == now && time[order[end]] == time[order[at]] &&
             happened[order[end]] == happened[order[at]])
        ++end;
      for (std::size_t i = at; happened[order[at]] && i < end; ++i) {
        const auto rank =
            static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), risk[order[i]]) - values.begin());
        const auto lower = later.below(rank), not_higher = later.below(rank + 1);
        right += static_cast<double>(lower);
        equal += static_cast<double>(not_higher - lower);
        pairs += static_cast<double>(seen);
      }
      for (std::size_t i = at; i < end; ++i, ++seen)
        later.add(
            static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), risk[order[i]]) - values.begin()));
      at = end;
    }
  }
  if (pairs == 0) return std::nullopt;
  return (right + equal / 2) / pairs;
}

}  // namespace resident::stats
