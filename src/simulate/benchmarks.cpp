#include "simulate/benchmarks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulate/vocabulary.hpp"

namespace resident::simulation {

Benchmarks::Benchmarks(std::uint64_t seed, const Calendar& calendar) : random_(seed, Purpose::benchmarks) {
  for (std::uint8_t module = 0; module < 10; ++module) {
    Benchmark benchmark;
    const std::string_view noun = modules()[module].nouns[random_.below(kFilesPerModule)];
    const bool memory = module == 3 || module == 8;
    benchmark.name = fmt::format("{}_{}_{}", modules()[module].name, memory ? "memory" : random_.pick(verbs()), noun);
    benchmark.unit = memory ? "MiB" : "ms";
    benchmark.module = module;
    benchmark.base = random_.lognormal(40, 1.2);
    benchmark.noise = memory ? 0.003 : random_.uniform(0.008, 0.03);
    benchmark.on_new_machine = memory ? 1 : random_.uniform(0.72, 0.82);
    list_.push_back(benchmark);
  }
  const auto span = static_cast<double>(calendar.end() - calendar.start());
  machine_changed_ = start_of_day(calendar.start() + static_cast<Timestamp>(span * random_.uniform(0.5, 0.65)));
  const int count = std::max(2, static_cast<int>(std::lround(span / kMeanYear * 2)));
  for (int i = 0; i < count; ++i) {
    // One in each part of the time, so that they can be told apart.
    const double when = (i + random_.uniform(0.15, 0.85)) / count;
    const double size = random_.uniform(0.05, 0.3);
    changes_.push_back({random_.below(list_.size()),
                        calendar.start() + static_cast<Timestamp>(span * when),
                        random_.chance(0.7) ? 1 + size : 1 - 0.8 * size,
                        {},
                        0,
                        0});
  }
}

void Benchmarks::commit(const std::string& id, std::int64_t pull, Timestamp at) {
  for (BenchmarkChange& change : changes_) {
    if (!change.commit.empty() || change.due > at) continue;
    change.commit = id;
    change.pull = pull;
    change.at = at;
    list_[change.benchmark].factor *= change.factor;
    return;
  }
}

void Benchmarks::measure(RecordWriter& writer, const std::string& commit, Timestamp at) {
  if (commit == measured_) return;
  measured_ = commit;
  const bool new_machine = at >= machine_changed_;
  for (const Benchmark& benchmark : list_) {
    double value = benchmark.base * benchmark.factor * (new_machine ? benchmark.on_new_machine : 1) *
                   (1 + benchmark.noise * random_.normal());
    if (random_.chance(0.01)) value *= 1 + 0.15 * random_.exponential();
    writer.benchmark(benchmark.name, commit, value, benchmark.unit, at, new_machine ? "bench-2" : "bench-1");
  }
}

}  // namespace resident::simulation
