#include <cmath>
#include <stats/shift_test.hpp>

namespace resident::stats {

namespace {

// To mean 0 without a straight line, and length 1. False where nothing is left.
bool straighten(std::vector<double>& series) {
  const double n = static_cast<double>(series.size()), middle = (n - 1) / 2;
  double mean = 0, slope = 0, squares = 0, size = 0;
  for (const double each : series) mean += each / n;
  for (std::size_t i = 0; i < series.size(); ++i)
    slope += (static_cast<double>(i) - middle) * series[i] * 12 / (n * (n * n - 1));
  for (std::size_t i = 0; i < series.size(); ++i) {
    size += series[i] * series[i];
    series[i] -= mean + slope * (static_cast<double>(i) - middle);
    squares += series[i] * series[i];
  }
  if (!(squares > 1e-18 * size)) return false;
  for (double& each : series) each /= std::sqrt(squares);
  return true;
}

}  // namespace

ShiftAnswer shift_test(std::vector<double> first, std::vector<double> second) {
  ShiftAnswer answer;
  const std::size_t n = first.size();
  if (n <= kFewestShifts || second.size() != n || !straighten(first) || !straighten(second)) return answer;
  const auto at = [&](std::size_t shift) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += first[i] * second[(i + shift) % n];
    return sum;
  };
  answer.is_answered = true;
  answer.correlation = at(0);
  std::size_t as_far = 0;
  for (std::size_t shift = 0; shift < n; ++shift)
    as_far += std::fabs(at(shift)) >= std::fabs(answer.correlation) * (1 - 1e-12);
  answer.p = static_cast<double>(as_far) / static_cast<double>(n);
  return answer;
}

}  // namespace resident::stats
