// Benchmark results on their way into the store: runs, series and every single value. Beside a Writer, whose next
// checkpoint makes them visible together with its own rows. The same run written again replaces what it said before.
#pragma once

#include <map>
#include <store/writer.hpp>
#include <string>
#include <tuple>
#include <vector>

namespace resident {

struct StoredRun {
  std::string key, sha, machine, environment, tool, version;  // environment: key=value lines
  Timestamp measured_at = 0;
  bool is_dirty = false;
};

struct StoredSeries {
  std::string name, unit, configuration, benchmark, better, tool;  // better: lower, higher or ""
  std::string tags;                                                // a line each
};

class BenchmarkBook {
 public:
  BenchmarkBook(Database& database, std::int64_t project_id, std::int64_t source_id);
  // What comes next is of this run. Forgets what it said before.
  void run(const StoredRun& run);
  void value(const StoredSeries& series, double value, const std::vector<double>& samples,
             std::optional<double> spread);
  void remove(const std::string& run_key);
  // Into the open transaction.
  void flush();

 private:
  std::int64_t series_id(const StoredSeries& series);
  void write_values();
  using Key = std::tuple<std::string, std::string, std::string, std::string>;  // name, unit, machine, configuration
  Database& database_;
  std::int64_t project_id_, source_id_, next_ = 0;  // next_ 0: not looked up yet
  std::map<Key, std::int64_t> known_;
  StoredRun run_;
  bool is_run_open_ = false;  // its row is written once its values are known
  std::string said_;          // by the run, for its digest
  std::vector<std::vector<Value>> series_, values_;
};

}  // namespace resident
