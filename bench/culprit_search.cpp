// How often the noisy search for a culprit is right, and how many runs it takes: by simulation over 64 commits, with
// the failure rates not known to the search. Seeds are fixed.
//
//     ninja -C build/release bench_culprit_search && build/release/bench_culprit_search [SEARCHES [COMMITS]]
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <stats/culprit_search.hpp>

namespace {

using namespace resident::stats;

struct Score {
  int right = 0, none = 0;
  double runs = 0;
  std::vector<double> counts;
};

// culprit 0: there is none, and all fail at the rate `after`.
Score simulate(double after, double before, bool has_culprit, int searches, std::size_t commits) {
  std::mt19937_64 random(20260101);
  Score score;
  for (int search = 0; search < searches; ++search) {
    const std::size_t culprit = has_culprit ? 1 + random() % commits : 0;
    CulpritSearch asked(commits);
    CulpritAnswer answer;
    while ((answer = asked.answer()).kind == CulpritAnswer::Kind::searching && asked.runs() < 2000) {
      const auto next = asked.next();
      if (!next) break;
      const double rate = !has_culprit || *next >= culprit ? after : before;
      asked.add(*next, std::generate_canonical<double, 53>(random) < rate);
    }
    score.none += answer.kind == CulpritAnswer::Kind::none;
    score.right += has_culprit ? answer.kind == CulpritAnswer::Kind::found && answer.first == culprit
                               : answer.kind == CulpritAnswer::Kind::none;
    score.runs += static_cast<double>(asked.runs()) / searches;
  }
  return score;
}

}  // namespace

int main(int count, char** arguments) {
  const int searches = count > 1 ? std::atoi(arguments[1]) : 1000;
  const std::size_t commits = count > 2 ? static_cast<std::size_t>(std::atoi(arguments[2])) : 64;
  const std::pair<double, double> rates[] = {{1, 0}, {1, .1}, {.5, .02}, {.3, .02}, {.6, .2}};
  const int bars[] = {13, 17, 58, 109, 120};
  for (std::size_t i = 0; i < std::size(rates); ++i) {
    const Score score = simulate(rates[i].first, rates[i].second, true, searches, commits);
    const auto interval = wilson_interval(score.right, searches).value();
    fmt::print(
        "after {} before {}: right {:.3f} ({:.3f} to {:.3f}), none {:.3f}, {:.1f} runs on average ({:.0f} % of {})\n",
        rates[i].first, rates[i].second, static_cast<double>(score.right) / searches, interval.low, interval.high,
        static_cast<double>(score.none) / searches, score.runs, 100 * score.runs / bars[i], bars[i]);
    std::fflush(stdout);
  }
  for (const double rate : {0.0, .02, .2, .5, 1.0}) {
    const Score score = simulate(rate, rate, false, searches, commits);
    const auto interval = wilson_interval(score.right, searches).value();
    fmt::print("no culprit, all fail at {}: recognised {:.3f} ({:.3f} to {:.3f}), {:.1f} runs on average\n", rate,
               static_cast<double>(score.right) / searches, interval.low, interval.high, score.runs);
    std::fflush(stdout);
  }
}
