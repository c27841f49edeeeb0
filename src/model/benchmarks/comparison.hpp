// Benchmarks measured twice, judged one by one: which are better, which worse, which the same, and of which too little
// is known; corrected for their number.
#pragma once

#include <cstddef>
#include <stats/comparison.hpp>
#include <string>
#include <vector>

namespace resident {

enum class BenchmarkVerdict { better, worse, different, same, cannot_tell };
// "better", …, "cannot tell".
const char* name_of(BenchmarkVerdict verdict);

struct ComparedBenchmark {
  std::string name, unit;
  std::string better;                  // lower, higher, "" where nobody says
  stats::Comparison comparison;        // second / first
  std::size_t before = 0, after = 0;   // values of each side
  std::string benchmark = {};          // without its parameters
  std::vector<std::string> tags = {};  // what the tools group it by

  // By judge().
  double adjusted = 1;   // p, corrected for the number of benchmarks (Holm)
  std::size_t more = 0;  // runs that would tell, where it cannot be told
  BenchmarkVerdict verdict = BenchmarkVerdict::cannot_tell;
  bool trips = false;  // surely worse by more than the size
};

// Better, worse, different (where no direction is known): the adjusted p is below 0.05. Same: the whole interval lies
// within the relative size (0.05).
void judge(std::vector<ComparedBenchmark>& benchmarks, double size);

// A geometric mean over some of them: those in the unit that most have, since a mean over times and rates says nothing.
struct GroupMean {
  enum class Kind { all, benchmark, tag } kind = Kind::all;
  std::string name;  // of the benchmark or the tag
  std::string unit;
  std::size_t count = 0;  // of benchmarks in it
  stats::MeanRatio mean;
};
// "all", "benchmark", "tag".
const char* name_of(GroupMean::Kind kind);
// Over all, over each benchmark's parameters, over each tag; only where two or more of different runs, with an
// interval, come together (all: one or more).
std::vector<GroupMean> group_means(const std::vector<ComparedBenchmark>& benchmarks);

}  // namespace resident
