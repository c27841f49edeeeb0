// Designs that need nothing but the series: a structural time series, and a mixture of others.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact.hpp>
#include <base/text.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stats/quantile.hpp>
#include <stats/structural_sampler.hpp>
#include <stats/synthetic_control.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostDrawn = 30;  // steps since the start; where there are more, means of four are drawn
constexpr std::size_t kYear = 52, kBlock = 4, kFewestBefore = 26;
constexpr std::size_t kMostMoments = 40;  // the model is asked at; of more, evenly spread ones

double mean_of(const std::vector<double>& values, std::size_t begin, std::size_t end) {
  return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(begin),
                         values.begin() + static_cast<std::ptrdiff_t>(end), 0.0) /
         static_cast<double>(end - begin);
}

// The series until `end`, foreseen from `start` on. A year's season is two waves, where two years are known.
stats::StructuralQuestion model_question(const ImpactSeries& series, bool is_relative, std::size_t start,
                                         std::size_t end) {
  stats::StructuralQuestion question;
  const auto& asked = series.question;
  question.series.assign(asked.outcome.begin(), asked.outcome.begin() + static_cast<std::ptrdiff_t>(end));
  question.start = start;
  if (is_relative) question.least = 0;
  // The level may move as much as the data say, not a hundredth of their deviation.
  question.priors.level = 0.1;
  question.priors.level_weight = 1;
  std::size_t waves = 0;
  for (const std::size_t season : asked.seasons) {
    if (season <= 12 && start >= 3 * season) question.season = season;
    if (season == kYear && start >= 2 * season) waves = 2;
  }
  const auto steps = static_cast<Eigen::Index>(end), count = static_cast<Eigen::Index>(asked.controls.size());
  question.always = 2 * waves;
  const auto season = static_cast<Eigen::Index>(question.always);
  question.controls.resize(steps, season + count);
  for (Eigen::Index t = 0; t < steps; ++t) {
    for (std::size_t wave = 0; wave < waves; ++wave) {
      const double angle = 2 * 3.14159265358979323846 * static_cast<double>(wave + 1) * static_cast<double>(t) / kYear;
      question.controls(t, static_cast<Eigen::Index>(2 * wave)) = std::sin(angle);
      question.controls(t, static_cast<Eigen::Index>(2 * wave + 1)) = std::cos(angle);
    }
    for (Eigen::Index k = 0; k < count; ++k)
      question.controls(t, season + k) = asked.controls[static_cast<std::size_t>(k)][static_cast<std::size_t>(t)];
  }
  return question;
}

struct Gap {
  double standardised = 0;  // observed less expected, in deviations of what the model foresaw
  bool is_claimed = false;  // its 95 % interval leaves out 0
};

Gap gap_at(const ImpactSeries& series, bool is_relative, std::size_t start, std::size_t window) {
  auto question = model_question(series, is_relative, start, start + window);
  question.draws = 300;
  question.burn_in = 100;
  auto averages = stats::structural_counterfactual(question).averages;
  const double observed = mean_of(series.question.outcome, start, start + window);
  const double center = std::accumulate(averages.begin(), averages.end(), 0.0) / static_cast<double>(averages.size());
  double spread = 0;
  for (const double each : averages) spread += (each - center) * (each - center);
  spread = std::sqrt(spread / static_cast<double>(averages.size()));
  return {(observed - center) / std::max(spread, 1e-12),
          observed < *stats::quantile(averages, 0.025) || observed > *stats::quantile(averages, 0.975)};
}

bool varies(const std::vector<double>& values, std::size_t end) {
  return std::any_of(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(end),
                     [&](double each) { return each != values.front(); });
}

}  // namespace

std::optional<ImpactCourse> impact_course(const ImpactSeries& series, const stats::PlaceboAnswer& answer) {
  const auto& asked = series.question;
  const std::size_t end = asked.end == 0 ? asked.outcome.size() : std::min(asked.end, asked.outcome.size());
  if (asked.start < kFewestBefore || asked.start >= end || !varies(asked.outcome, asked.start)) return std::nullopt;
  auto question = model_question(series, answer.is_relative, asked.start, end);
  question.block = end - asked.start > kMostDrawn ? kBlock : 1;
  const auto foreseen = stats::structural_counterfactual(question);
  ImpactCourse course;
  course.start = asked.start;
  course.block = question.block;
  course.expected = foreseen.mean;
  course.low = foreseen.low;
  course.high = foreseen.high;
  course.is_relative = answer.is_relative;
  const double observed = mean_of(asked.outcome, asked.start, end);
  auto averages = foreseen.averages;
  const double center = std::accumulate(averages.begin(), averages.end(), 0.0) / static_cast<double>(averages.size());
  if (answer.is_relative && center <= 0) return std::nullopt;
  const double least = *stats::quantile(averages, 0.025), most = *stats::quantile(averages, 0.975);
  // Relative to what would have been, draw by draw; no bound where that may have been nothing, or nothing came.
  const auto against = [&](double instead) {
    if (!answer.is_relative) return observed - instead;
    return instead > 1e-9 * center && (observed > 0 || instead >= center) ? observed / instead - 1
                                                                          : std::numeric_limits<double>::infinity();
  };
  course.effect = against(center);
  course.effect_low = against(most);
  course.effect_high = against(least);
  if (!answer.is_answered) return course;
  const Gap own = gap_at(series, answer.is_relative, asked.start, answer.window);
  std::size_t as_far = 1;
  const std::size_t stride = (answer.placebos.size() + kMostMoments - 1) / kMostMoments;
  for (std::size_t i = 0; i < answer.placebos.size(); i += std::max<std::size_t>(stride, 1)) {
    const auto& placebo = answer.placebos[i];
    if (placebo.start < kFewestBefore || !varies(asked.outcome, placebo.start)) continue;
    const Gap gap = gap_at(series, answer.is_relative, placebo.start, answer.window);
    ++course.moments;
    course.claims += gap.is_claimed;
    as_far += std::fabs(gap.standardised) >= std::fabs(own.standardised);
  }
  course.p = static_cast<double>(as_far) / static_cast<double>(course.moments + 1);
  return course;
}

ImpactDesign design_of(const ImpactCourse& course) {
  ImpactDesign design{"structural model, all the time since", "what level, season and controls foresaw"};
  design.effect = course.effect;
  design.low = course.effect_low;
  if (std::isfinite(course.effect_high)) design.high = course.effect_high;
  design.placebos = static_cast<std::int64_t>(course.moments);
  if (course.moments == 0) {
    design.says = "The interval is the model's own; nothing says how far it may be trusted.";
    return design;
  }
  design.p = course.p;
  design.says = fmt::format(
      "The interval is the model's own: at {} of {} moments at which nothing began such an interval left out 0. p: by "
      "those moments, over the headline's window.",
      course.claims, course.moments);
  return design;
}

ImpactDesign synthetic_design(const ImpactSeries& series, const std::vector<std::string>& names,
                              const std::vector<std::vector<double>>& units, const std::string& what) {
  ImpactDesign design{"synthetic control", "a mixture of " + what};
  const auto& asked = series.question;
  const std::size_t end = asked.end == 0 ? asked.outcome.size() : std::min(asked.end, asked.outcome.size());
  // Blocks of four steps that begin or end at the start.
  const std::size_t before = asked.start / kBlock, after = (end - asked.start) / kBlock,
                    first = asked.start - before * kBlock;
  std::vector<const std::vector<double>*> kept{&asked.outcome};
  std::vector<std::string> kept_names;
  for (std::size_t k = 0; k < units.size(); ++k)
    if (mean_of(units[k], first, std::max(asked.start, first + 1)) > 0 && varies(units[k], asked.start)) {
      kept.push_back(&units[k]);
      kept_names.push_back(names[k]);
    }
  if (before < 8 || after < 1 || kept.size() < 5 || mean_of(asked.outcome, first, asked.start) <= 0) {
    design.says = fmt::format(
        "Not possible: it needs 32 {}s before the start, four after it, and four others with figures "
        "throughout ({} here).",
        series.unit, kept.size() - 1);
    return design;
  }
  Eigen::MatrixXd outcomes(static_cast<Eigen::Index>(before + after), static_cast<Eigen::Index>(kept.size()));
  for (std::size_t k = 0; k < kept.size(); ++k) {
    const double usual = mean_of(*kept[k], first, asked.start);
    for (std::size_t block = 0; block < before + after; ++block)
      outcomes(static_cast<Eigen::Index>(block), static_cast<Eigen::Index>(k)) =
          mean_of(*kept[k], first + block * kBlock, first + (block + 1) * kBlock) / usual;
  }
  const auto answer = stats::synthetic_control(outcomes, before);
  design.effect = answer.effect;
  design.p = answer.p;
  design.placebos = static_cast<std::int64_t>(answer.placebos);
  std::vector<std::size_t> order(answer.weights.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return answer.weights[a] > answer.weights[b]; });
  std::string mixture;
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 3) && answer.weights[order[i]] >= 0.01; ++i)
    mixture +=
        fmt::format("{}{:.2f} × {}", i == 0 ? "" : ", ", answer.weights[order[i]], one_line(kept_names[order[i]]));
  const auto [least, most] = std::minmax_element(answer.without_donor.begin(), answer.without_donor.end());
  design.says = fmt::format(
      "In shares of the usual level. Like {}. With any one of them left out: {:+.0f} % to {:+.0f} %. p: the rank among "
      "{} "
      "others put in its place{}.",
      mixture, 100 * *least, 100 * *most, answer.placebos, answer.placebos < 19 ? ", too few for p to reach 5 %" : "");
  return design;
}

}  // namespace resident
