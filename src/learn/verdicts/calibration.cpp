// J. Platt, "Probabilistic Outputs for Support Vector Machines" (1999): a logistic curve over the logit, by Newton's
// method, here with an intercept for each kind of verdict beside the common one. Gaussian priors of precision 1 about
// "as it is" (intercepts 0, slope 1), so that a few cases do not bend it.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <learn/verdicts/verdict.hpp>
#include <map>

namespace resident::verdicts {

namespace {

constexpr double kPrior = 1;  // precision
constexpr double kLeastSlope = 0.05, kFixed = 1e6;
constexpr int kBlames = 4, kSteps = 50, kHalvings = 30;
using Vector = Eigen::Matrix<double, kBlames + 2, 1>;  // common intercept, slope, one intercept a blame
using Matrix = Eigen::Matrix<double, kBlames + 2, kBlames + 2>;

double logit(double probability) {
  const double bounded = std::clamp(probability, 1e-6, 1 - 1e-6);
  return std::log(bounded / (1 - bounded));
}

double logistic(double value) {
  return 1 / (1 + std::exp(-value));
}

Vector row(const CalibrationCase& each) {
  Vector x = Vector::Zero();
  x[0] = 1, x[1] = logit(each.probability), x[2 + static_cast<int>(each.likeliest)] = 1;
  return x;
}

// The likeliest coefficients, with a prior of those precisions about `centre`.
Vector fit(const std::vector<CalibrationCase>& judged, const Vector& centre, const Vector& precision) {
  // Log posterior, without what does not change.
  const auto merit = [&](const Vector& at) {
    double sum = -precision.dot((at - centre).cwiseAbs2()) / 2;
    for (const auto& each : judged) {
      const double z = at.dot(row(each)), signed_z = each.is_right ? z : -z;
      sum -= each.weight * (signed_z > 0 ? std::log1p(std::exp(-signed_z)) : std::log1p(std::exp(signed_z)) - signed_z);
    }
    return sum;
  };
  Vector at = centre;
  double best = merit(at);
  for (int step = 0; step < kSteps; ++step) {
    Vector gradient = -precision.cwiseProduct(at - centre);
    Matrix curvature = precision.asDiagonal();
    for (const auto& each : judged) {
      const Vector x = row(each);
      const double p = logistic(at.dot(x));
      gradient += each.weight * ((each.is_right ? 1 : 0) - p) * x;
      curvature += each.weight * p * (1 - p) * x * x.transpose();
    }
    Vector change = curvature.ldlt().solve(gradient);
    // A whole step may go beyond the top; half of it, or less, does not.
    double next = merit(at + change);
    for (int half = 0; half < kHalvings && !(next >= best); ++half) change /= 2, next = merit(at + change);
    if (!(next >= best)) break;
    at += change, best = next;
    if (change.lpNorm<1>() < 1e-9) break;
  }
  return at;
}

}  // namespace

double Calibration::of(double probability, Blame likeliest) const {
  return cases == 0 ? probability
                    : logistic(intercepts.at(static_cast<std::size_t>(likeliest)) + slope * logit(probability));
}

Calibration calibrate(const std::vector<CalibrationCase>& judged) {
  Calibration result;
  if (static_cast<std::int64_t>(judged.size()) < kFewestToCalibrate) return result;
  Vector centre = Vector::Zero(), precision = Vector::Constant(kPrior);
  centre[1] = 1;
  Vector at = fit(judged, centre, precision);
  // A curve that falls would call the surest the least sure: then all of a kind are about equally sure.
  if (at[1] < kLeastSlope) {
    centre[1] = kLeastSlope, precision[1] = kFixed;
    at = fit(judged, centre, precision);
  }
  result.slope = at[1], result.cases = static_cast<std::int64_t>(judged.size());
  for (int blame = 0; blame < kBlames; ++blame)
    result.intercepts.at(static_cast<std::size_t>(blame)) = at[0] + at[2 + blame];
  return result;
}

Calibration calibrate(const std::vector<JudgedFailure>& judged) {
  std::map<std::size_t, double> of_run;
  for (const auto& each : judged) of_run[each.run] += 1;
  std::vector<CalibrationCase> cases;
  cases.reserve(judged.size());
  for (const auto& each : judged)
    cases.push_back({each.raw(), each.verdict.likeliest, each.is_right(), 1 / std::sqrt(of_run[each.run])});
  return calibrate(cases);
}

}  // namespace resident::verdicts
