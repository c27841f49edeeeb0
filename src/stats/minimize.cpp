#include <algorithm>
#include <cmath>
#include <limits>
#include <stats/minimize.hpp>

namespace resident::stats {

namespace {

using Point = std::vector<double>;

class Simplex {
 public:
  Simplex(const std::function<double(const Point&)>& function, const Point& start, const Point& steps)
      : function_(function) {
    add(start);
    for (std::size_t i = 0; i < start.size(); ++i) {
      Point moved = start;
      moved[i] += steps[i];
      add(moved);
    }
    sort();
  }

  void improve() {
    const std::size_t last = corners_.size() - 1;
    Point center(corners_[0].at.size(), 0);
    for (std::size_t i = 0; i < last; ++i)
      for (std::size_t j = 0; j < center.size(); ++j) center[j] += corners_[i].at[j] / static_cast<double>(last);
    const auto along = [&](double factor) {
      Point point = center;
      for (std::size_t j = 0; j < center.size(); ++j) point[j] += factor * (corners_[last].at[j] - center[j]);
      return Minimum{point, value(point)};
    };
    Minimum reflected = along(-1);
    if (reflected.value < corners_[0].value) {
      Minimum further = along(-2);
      corners_[last] = further.value < reflected.value ? further : reflected;
    } else if (reflected.value < corners_[last - 1].value) {
      corners_[last] = reflected;
    } else {
      Minimum nearer = along(reflected.value < corners_[last].value ? -0.5 : 0.5);
      if (nearer.value < std::min(reflected.value, corners_[last].value)) {
        corners_[last] = nearer;
      } else {
        for (std::size_t i = 1; i < corners_.size(); ++i) {
          for (std::size_t j = 0; j < center.size(); ++j)
            corners_[i].at[j] = (corners_[i].at[j] + corners_[0].at[j]) / 2;
          corners_[i].value = value(corners_[i].at);
        }
      }
    }
    sort();
  }
  const Minimum& best() const { return corners_[0]; }
  double spread() const { return corners_.back().value - corners_[0].value; }
  int evaluations() const { return evaluations_; }

 private:
  double value(const Point& point) {
    ++evaluations_;
    const double result = function_(point);
    return std::isfinite(result) ? result : std::numeric_limits<double>::max();
  }
  void add(const Point& point) { corners_.push_back({point, value(point)}); }
  void sort() {
    std::stable_sort(corners_.begin(), corners_.end(),
                     [](const Minimum& a, const Minimum& b) { return a.value < b.value; });
  }

  const std::function<double(const Point&)>& function_;
  std::vector<Minimum> corners_;
  int evaluations_ = 0;
};

}  // namespace

Minimum minimize(const std::function<double(const std::vector<double>&)>& function, std::vector<double> start,
                 const std::vector<double>& steps, double tolerance, int most_evaluations) {
  Minimum best{std::move(start), std::numeric_limits<double>::max()};
  if (best.at.empty()) return {best.at, function(best.at)};
  int left = most_evaluations;
  for (int restart = 0; restart < 8 && left > 0; ++restart) {
    Simplex simplex(function, best.at, steps);
    while (simplex.evaluations() < left && simplex.spread() > tolerance * (1e-3 + std::fabs(simplex.best().value)))
      simplex.improve();
    left -= simplex.evaluations();
    const bool is_settled = best.value - simplex.best().value <= tolerance * (1e-3 + std::fabs(best.value));
    best = simplex.best();
    if (is_settled) break;
  }
  return best;
}

}  // namespace resident::stats
