#include <algorithm>
#include <cstdint>
#include <stats/concordance.hpp>
#include <stats/ordering.hpp>

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
  std::vector<std::uint32_t> tree_;
};

}  // namespace

std::optional<double> concordance(const std::vector<double>& time, const std::vector<bool>& happened,
                                  const std::vector<double>& risk, const std::vector<int>& stratum) {
  const std::size_t n = time.size();
  // Ranks of the risks, equal ones alike.
  std::vector<std::uint32_t> rank(n), equal_at;
  const auto by_risk = order_of(risk);
  for (std::size_t i = 0; i < n; ++i) {
    if (i == 0 || risk[by_risk[i]] != risk[by_risk[i - 1]]) equal_at.push_back(0);
    rank[by_risk[i]] = static_cast<std::uint32_t>(equal_at.size() - 1);
  }
  auto order = order_of(time);
  std::reverse(order.begin(), order.end());
  if (!stratum.empty())
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return stratum[a] < stratum[b]; });
  const auto group_of = [&](std::uint32_t row) { return stratum.empty() ? 0 : stratum[row]; };
  double right = 0, equal = 0, pairs = 0;
  for (auto at = order.begin(); at != order.end();) {
    const int group = group_of(*at);
    Counts later(equal_at.size());
    std::fill(equal_at.begin(), equal_at.end(), 0);
    std::int64_t seen = 0;
    while (at != order.end() && group_of(*at) == group) {
      auto end = at + 1;
      while (end != order.end() && group_of(*end) == group && time[*end] == time[*at]) ++end;
      // The censored of a time outlive its events.
      const auto add = [&](std::uint32_t row) { later.add(rank[row]), ++equal_at[rank[row]], ++seen; };
      for (auto each = at; each != end; ++each)
        if (!happened[*each]) add(*each);
      for (auto each = at; each != end; ++each) {
        if (!happened[*each]) continue;
        right += static_cast<double>(later.below(rank[*each]));
        equal += static_cast<double>(equal_at[rank[*each]]);
        pairs += static_cast<double>(seen);
      }
      for (auto each = at; each != end; ++each)
        if (happened[*each]) add(*each);
      at = end;
    }
  }
  if (pairs == 0) return std::nullopt;
  return (right + equal / 2) / pairs;
}

}  // namespace resident::stats
