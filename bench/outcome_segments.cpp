// How often segments of test histories are announced wrongly, how often the interval holds the true start, how late a
// change is seen, and what it costs: by simulation with known truth. Prints one line a case; seeds are fixed.
//
//     ninja -C build/release bench_outcome_segments && build/release/bench_outcome_segments [alarms|starts|delay|speed]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <stats/outcome_segments.hpp>
#include <string>

namespace {

using namespace resident::stats;

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : random_(seed) {}
  bool happens(double rate) { return std::generate_canonical<double, 53>(random_) < rate; }
  std::size_t below(std::size_t n) { return random_() % n; }
  // One run; where it fails it is tried once more, which fails at its own rate.
  void run(std::vector<OutcomeCount>& history, double rate, double retry_rate) {
    const bool failed = happens(rate);
    history.push_back({static_cast<std::int64_t>(history.size()), 1, failed, failed, failed && happens(retry_rate)});
  }

 private:
  std::mt19937_64 random_;
};

// Tests at one rate, looked at each day (very flaky ones: each sixth day) for a month after a month: how many are said
// to have changed in it.
void alarms() {
  const OutcomeSegmenter segmenter;
  for (const double rate : {.0003, .001, .003, .01, .03, .1, .3, .5, .9}) {
    Simulation simulation(1);
    constexpr int kDays = 30, kRunsADay = 30;
    const int tests = rate < .05 ? 20000 : 3000;
    int wrong = 0;
    for (int test = 0; test < tests; ++test) {
      std::vector<OutcomeCount> history;
      for (int i = 0; i < kDays * kRunsADay; ++i) simulation.run(history, rate, .3);
      const std::size_t month = history.size();
      bool told = false;
      for (int day = 0; day < kDays && !told; ++day) {
        for (int i = 0; i < kRunsADay; ++i) simulation.run(history, rate, .3);
        if (rate >= .05 && day % 6 != 5) continue;
        for (const auto& segment : segmenter.segments(history))
          told = told || (segment.start_high && *segment.start_high >= month);
      }
      wrong += told;
    }
    const auto interval = wilson_interval(wrong, tests).value();
    fmt::print("alarms: at {} unexpected: {} of {} tests a month ({:.5f}, 95 % interval {:.5f} to {:.5f})\n", rate,
               wrong, tests, static_cast<double>(wrong) / tests, interval.low, interval.high);
    std::fflush(stdout);
  }
}

// Histories of three segments; each change that is found is matched with the true one that is nearest.
void starts() {
  const OutcomeSegmenter segmenter;
  Simulation simulation(2);
  constexpr double kRates[] = {0, 0, .001, .01, .05, .2, .5, .9, 1, 1};
  std::int64_t found = 0, within = 0, truths = 0, width = 0;
  for (int test = 0; test < 20000; ++test) {
    std::vector<OutcomeCount> history;
    std::vector<std::size_t> changes;
    double rate = kRates[simulation.below(6)];
    for (int segment = 0; segment < 3; ++segment) {
      if (segment > 0) {
        double next = rate;
        while (next == rate) next = kRates[simulation.below(std::size(kRates))];
        rate = next;
        changes.push_back(history.size());
      }
      const std::size_t length = 20 + simulation.below(200);
      for (std::size_t i = 0; i < length; ++i) simulation.run(history, rate, .5);
    }
    truths += 2;
    for (const auto& segment : segmenter.segments(history)) {
      if (!segment.start_low) continue;
      ++found;
      within += std::any_of(changes.begin(), changes.end(), [&](std::size_t change) {
        return change >= *segment.start_low && change <= *segment.start_high;
      });
      width += static_cast<std::int64_t>(*segment.start_high - *segment.start_low) + 1;
    }
  }
  const auto interval = wilson_interval(within, found).value();
  fmt::print(
      "starts: {} changes made, {} found; the true start is within the 99 % interval of {:.4f} of them (95 % "
      "interval {:.4f} to {:.4f}); mean width {:.1f} runs\n",
      truths, found, static_cast<double>(within) / static_cast<double>(found), interval.low, interval.high,
      static_cast<double>(width) / static_cast<double>(found));
}

// Runs after a change until it is told, after 500 runs at the first rate.
void delay() {
  const OutcomeSegmenter segmenter;
  const std::pair<double, double> changes[] = {{0, 1},     {0, .5}, {0, .2}, {.01, .2},
                                               {.01, .05}, {.2, 1}, {1, 0},  {.3, 0}};
  for (const auto& [before, after] : changes) {
    Simulation simulation(3);
    std::vector<int> runs;
    for (int test = 0; test < 200; ++test) {
      std::vector<OutcomeCount> history;
      for (int i = 0; i < 500; ++i) simulation.run(history, before, .5);
      int needed = 0;
      for (; needed < 1000; ++needed) {
        simulation.run(history, after, .5);
        if (segmenter.segments(history).size() > 1) break;
      }
      runs.push_back(needed + 1);
    }
    std::sort(runs.begin(), runs.end());
    fmt::print("delay: {} to {}: median {} runs, 90 % within {}\n", before, after, runs[100], runs[180]);
  }
}

// 50,000 histories of 1,000 runs: 98 % never fail, 1.5 % fail now and then, .5 % changed.
void speed() {
  Simulation simulation(4);
  std::vector<std::vector<OutcomeCount>> histories(50000);
  for (std::size_t test = 0; test < histories.size(); ++test) {
    const double rate = test % 200 < 196 ? 0 : test % 200 < 198 ? .01 : test % 200 < 199 ? .2 : .002;
    const bool changes = test % 200 == 199;
    for (int i = 0; i < 1000; ++i) simulation.run(histories[test], changes && i > 700 ? .9 : rate, .3);
  }
  const OutcomeSegmenter segmenter;
  const auto start = std::chrono::steady_clock::now();
  std::size_t segments = 0;
  for (const auto& history : histories) segments += segmenter.segments(history).size();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("speed: {} histories of 1000 runs: {:.2f} s, {} segments\n", histories.size(), seconds, segments);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  if (what.empty() || what == "alarms") alarms();
  if (what.empty() || what == "starts") starts();
  if (what.empty() || what == "delay") delay();
  if (what.empty() || what == "speed") speed();
}
