// J. Platt, "Probabilistic Outputs for Support Vector Machines" (1999): a logistic curve over the logit, by Newton's
// method, with a weak Gaussian prior about "as it is" (intercept 0, slope 1) so that a few cases do not bend it.
#include <algorithm>
#include <cmath>
#include <learn/verdicts/verdict.hpp>

namespace resident::verdicts {

namespace {

constexpr double kPrior = 2;  // precision

double logit(double probability) {
  const double bounded = std::clamp(probability, 1e-6, 1 - 1e-6);
  return std::log(bounded / (1 - bounded));
}

double logistic(double value) {
  return 1 / (1 + std::exp(-value));
}

}  // namespace

double Calibration::of(double probability) const {
  return cases == 0 ? probability : logistic(intercept + slope * logit(probability));
}

Calibration calibrate(const std::vector<std::pair<double, bool>>& judged) {
  Calibration result;
  if (static_cast<std::int64_t>(judged.size()) < kFewestToCalibrate) return result;
  // Log posterior, without what does not change.
  const auto merit = [&](double a, double b) {
    double sum = -kPrior * (a * a + (b - 1) * (b - 1)) / 2;
    for (const auto& [probability, right] : judged) {
      const double z = a + b * logit(probability), signed_z = right ? z : -z;
      sum -= signed_z > 0 ? std::log1p(std::exp(-signed_z)) : std::log1p(std::exp(signed_z)) - signed_z;
    }
    return sum;
  };
  double a = 0, b = 1, best = merit(a, b);
  for (int step = 0; step < 50; ++step) {
    double ga = -kPrior * a, gb = -kPrior * (b - 1), haa = kPrior, hab = 0, hbb = kPrior;
    for (const auto& [probability, right] : judged) {
      const double x = logit(probability), p = logistic(a + b * x), w = p * (1 - p), error = (right ? 1 : 0) - p;
      ga += error, gb += error * x;
      haa += w, hab += w * x, hbb += w * x * x;
    }
    const double determinant = haa * hbb - hab * hab;
    double da = (hbb * ga - hab * gb) / determinant, db = (haa * gb - hab * ga) / determinant;
    // A whole step may go beyond the top; half of it, or less, does not.
    double next = merit(a + da, b + db);
    for (int half = 0; half < 30 && !(next >= best); ++half) da /= 2, db /= 2, next = merit(a + da, b + db);
    if (!(next >= best)) break;
    a += da, b += db, best = next;
    if (std::abs(da) + std::abs(db) < 1e-9) break;
  }
  // A curve that falls would call the surest the least sure.
  return b > 0 ? Calibration{a, b, static_cast<std::int64_t>(judged.size())} : Calibration{};
}

}  // namespace resident::verdicts
