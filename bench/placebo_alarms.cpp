// How often an effect is shown where there is none, and where there is one: series of a known kind (tests/stats/
// made_series.hpp), 1,000 seeds each, through the placebos of `resident impact`, and beside them a Bayesian structural
// time series' own 95 % interval over the same window.
//
//     ninja -C build/release bench_placebo_alarms && build/release/bench_placebo_alarms [SERIES] [FIRST SEED] [LENGTH]
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stats/placebo.hpp>
#include <stats/structural_sampler.hpp>
#include <tests/stats/made_series.hpp>

namespace {

using namespace resident::stats;

constexpr int kModelled = 5;  // the model is asked for a fifth of the seeds

// Of counts, whole ones more; else a product.
double risen(Kind kind, double value, double effect, std::uint64_t seed) {
  if (kind != Kind::counts && kind != Kind::few) return value * (1 + effect);
  Random random(seed * 7919 + 13);
  return value + static_cast<double>(random.binomial(static_cast<std::int64_t>(value), effect));
}

PlaceboQuestion question_of(Kind kind, std::size_t length, std::uint64_t seed, double effect) {
  PlaceboQuestion question;
  question.outcome = series(kind, length, seed);
  question.start = length * 7 / 10;
  for (std::size_t t = question.start; t < length; ++t)
    question.outcome[t] = risen(kind, question.outcome[t], effect, seed + t);
  question.seasons = {52};
  return question;
}

bool model_claims(const PlaceboQuestion& placebo, std::size_t window) {
  StructuralQuestion question;
  question.series.assign(placebo.outcome.begin(),
                         placebo.outcome.begin() + static_cast<std::ptrdiff_t>(placebo.start + window));
  question.start = placebo.start;
  question.draws = 400;
  question.burn_in = 100;
  auto averages = structural_counterfactual(question).averages;
  double observed = 0;
  for (std::size_t t = question.start; t < question.series.size(); ++t)
    observed += question.series[t] / static_cast<double>(window);
  const auto below = std::count_if(averages.begin(), averages.end(), [&](double each) { return each < observed; });
  const double share = static_cast<double>(below) / static_cast<double>(averages.size());
  return share < 0.025 || share > 0.975;
}

}  // namespace

int main(int count, char** words) {
  const int runs = count > 1 ? std::atoi(words[1]) : 1000;
  const auto first = static_cast<std::uint64_t>(count > 2 ? std::atoll(words[2]) : 20260000);
  std::vector<std::size_t> lengths{150, 300};
  if (count > 3) lengths = {static_cast<std::size_t>(std::atoll(words[3]))};
  const char* names[] = {"independent", "autocorrelated", "random walk", "seasonal",
                         "heavy tails", "trending",       "counts",      "few counts"};
  std::cout
      << "seeds " << first << " to " << first + static_cast<std::uint64_t>(runs) - 1
      << "; per cent shown with an effect of 0, 10, 20, 40 %; of the intervals, how many held the 20 %; a structural "
         "model's own claims under no effect\n";
  for (const std::size_t length : lengths)
    for (int kind = 0; kind < 8; ++kind) {
      std::cout << length << " " << names[kind] << ":";
      int held = 0, claims = 0;
      for (const double effect : {0.0, 0.1, 0.2, 0.4}) {
        int shown = 0;
        for (int run = 0; run < runs; ++run) {
          const auto question =
              question_of(static_cast<Kind>(kind), length, first + static_cast<std::uint64_t>(run), effect);
          const auto answer = placebo_test(question);
          shown += answer.is_answered && answer.p <= 0.05;
          if (effect == 0.2) held += answer.low <= effect && effect <= answer.high;
          if (effect == 0 && run * kModelled < runs) claims += model_claims(question, answer.window);
        }
        std::cout << " " << 100.0 * shown / runs;
      }
      std::cout << "; " << 100.0 * held / runs << "; " << 100.0 * kModelled * claims / runs << "\n" << std::flush;
    }
}
