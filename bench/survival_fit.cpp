// Kaplan–Meier and Cox alone, over tables that are in memory: what stands beside the time of R's calls in
// bench/survival.py. Prints processor seconds, then seconds by the clock, of the quickest of five.
//
//     ninja -C build/release bench_survival_fit && build/release/bench_survival_fit km.csv cox.csv
#include <fmt/format.h>

#include <algorithm>
#include <base/data_table.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <stats/cox.hpp>
#include <stats/survival.hpp>

namespace {

using namespace resident;

template <class Work>
void time_it(const char* name, const Work& work) {
  double processor = 1e9, clock = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto used = std::clock();
    const auto begin = std::chrono::steady_clock::now();
    work();
    processor = std::min(processor, static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
    clock = std::min(clock, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  fmt::print("{} {:.4f} {:.4f}\n", name, processor, clock);
}

std::vector<double> column_of(const DataTable& table, std::size_t column) {
  std::vector<double> values(table.row_count());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = table_number(table.cell(i, column)).value_or(0);
  return values;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  {
    const DataTable table(read_text_file(arguments[1]), arguments[1]);
    const auto time = column_of(table, 0), status = column_of(table, 1);
    std::vector<stats::Observation> waits(time.size());
    for (std::size_t i = 0; i < time.size(); ++i) waits[i] = {time[i], status[i] == 1};
    time_it("km", [&] { stats::kaplan_meier(waits); });
  }
  const DataTable table(read_text_file(arguments[2]), arguments[2]);
  stats::HazardData data;
  data.time = column_of(table, 0);
  for (const double each : column_of(table, 1)) data.status.push_back(each == 1);
  const std::size_t covariates = table.names().size() - 2;
  data.covariates.resize(static_cast<Eigen::Index>(table.row_count()), static_cast<Eigen::Index>(covariates));
  for (std::size_t j = 0; j < covariates; ++j) {
    const auto values = column_of(table, j + 2);
    std::copy(values.begin(), values.end(), data.covariates.col(static_cast<Eigen::Index>(j)).begin());
  }
  time_it("cox", [&] { stats::cox(data); });
}
