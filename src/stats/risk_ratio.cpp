#include <cmath>
#include <stats/risk_ratio.hpp>

namespace resident::stats {

double e_value(double ratio) {
  const double above = ratio < 1 ? 1 / ratio : ratio;
  return above + std::sqrt(above * (above - 1));
}

std::optional<RiskRatio> risk_ratio(std::int64_t happened_first, std::int64_t first, std::int64_t happened_second,
                                    std::int64_t second) {
  if (happened_first <= 0 || happened_second <= 0 || happened_first > first || happened_second > second)
    return std::nullopt;
  if (happened_first == first && happened_second == second) return std::nullopt;
  const double a = static_cast<double>(happened_first), n = static_cast<double>(first),
               b = static_cast<double>(happened_second), m = static_cast<double>(second);
  RiskRatio result;
  result.ratio = a / n / (b / m);
  const double reach = 1.959963984540054 * std::sqrt(1 / a - 1 / n + 1 / b - 1 / m);
  result.low = result.ratio * std::exp(-reach);
  result.high = result.ratio * std::exp(reach);
  result.e_value = e_value(result.ratio);
  if (result.low > 1) result.e_value_of_interval = e_value(result.low);
  if (result.high < 1) result.e_value_of_interval = e_value(result.high);
  return result;
}

}  // namespace resident::stats
