#include <algorithm>
#include <cstdint>
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
  std::vector<std::uint32_t> tree_;
};

}  // namespace

std::optional<double> concordance(const std::vector<double>& time, const std::vector<bool>& happened,
                                  const std::vector<double>& risk, const std::vector<int>& stratum) {
  struct Row {
    double time, risk;
    int group;
    bool happened;
    std::uint32_t rank;  // of the risk, equal ones alike
  };
  std::vector<Row> rows(time.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = {time[i], risk[i], stratum.empty() ? 0 : stratum[i], happened[i], 0};
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.risk < b.risk; });
  for (std::size_t i = 1; i < rows.size(); ++i) rows[i].rank = rows[i - 1].rank + (rows[i].risk != rows[i - 1].risk);
  const std::size_t ranks = rows.empty() ? 0 : rows.back().rank + std::size_t{1};
  // From late to early; the censored of a time before its events, as they outlive them.
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.group != b.group) return a.group < b.group;
    if (a.time != b.time) return a.time > b.time;
    return a.happened < b.happened;
  });
  double right = 0, equal = 0, pairs = 0;
  for (std::size_t at = 0; at < rows.size();) {
    const int now = rows[at].group;
    Counts later(ranks);
    std::int64_t seen = 0;
    while (at < rows.size() && rows[at].group == now) {
      std::size_t end = at;
      while (end < rows.size() && rows[end].group == now && rows[end].time == rows[at].time &&
             rows[end].happened == rows[at].happened)
        ++end;
      for (std::size_t i = at; rows[at].happened && i < end; ++i) {
        const auto lower = later.below(rows[i].rank), not_higher = later.below(rows[i].rank + std::size_t{1});
        right += static_cast<double>(lower);
        equal += static_cast<double>(not_higher - lower);
        pairs += static_cast<double>(seen);
      }
      for (; at < end; ++at, ++seen) later.add(rows[at].rank);
    }
  }
  if (pairs == 0) return std::nullopt;
  return (right + equal / 2) / pairs;
}

}  // namespace resident::stats
