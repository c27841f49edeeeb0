// What a file of benchmark results says, whatever tool wrote it: series with their unit, their direction and every
// single value the file has, and what is known of the machine. Values are in base units (seconds, bytes, bytes or
// events a second), since tools write ns, ms and s, some without saying which. Nothing is claimed that the file does
// not say: what failed, or was not counted, has an error and no value. Pure data: no store, no network.
#pragma once

#include <base/time.hpp>
#include <map>
#include <optional>
#include <store/benchmark_units.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::benchmarks {

struct Series {
  std::string name;       // all that tells it apart in its file: benchmark, parameters, what was measured
  std::string benchmark;  // without parameters and measure
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> tags;  // what the tool groups it by: tags, a group, a class, a test case; never guessed
  std::string unit;
  std::optional<Better> better;
  std::optional<double> value;   // the tool's own figure (most often the mean), else the mean of the values
  std::vector<double> values;    // every single one, in order; empty where the file has none
  std::optional<double> spread;  // standard deviation of one value, where the file tells it and has no values
  std::string error;             // why there is no value
  std::string commit;            // of this series alone, where the file has many
  std::optional<Timestamp> at;
};

struct Report {
  std::string format;  // hyperfine-json, go-bench, …
  std::string tool, version;
  std::map<std::string, std::string> environment;  // machine, cpu, cores, os, kernel, compiler, runtime, …
  std::string commit;                              // "" where the file does not tell
  bool dirty = false;                              // measured with changes that no commit has
  std::optional<Timestamp> at;
  std::vector<Series> series;
  std::vector<std::string> incomplete;  // why this is not all of the run
};

inline constexpr std::size_t kLongestName = 500;
inline constexpr std::size_t kMostTags = 20;
inline constexpr std::size_t kMostSeries = 200'000;
inline constexpr std::size_t kMostValues = 1'000'000;  // of one file

// Adds series; numbers are as the file has them and multiplied by the unit's factor here.
class Builder {
 public:
  explicit Builder(Report& report) : report_(report) {}
  // Direction: the usual one of the unit.
  Series& add(std::string name, const Unit& unit);
  Series& add(std::string name, const Unit& unit, std::optional<Better> better);
  // add() with a figure; nothing is added where there is none.
  void figure(std::string name, const Unit& unit, std::optional<double> value);
  void figure(std::string name, const Unit& unit, std::optional<Better> better, std::optional<double> value);
  // The series of that name, or a new one: for files that have a row a value.
  Series& of_name(const std::string& name, const Unit& unit, std::optional<Better> better);
  void failed(std::string name, std::string why);
  // Bounded and without control characters; nothing for "".
  void environment(const std::string& key, std::string_view value);
  void incomplete(std::string why) { report_.incomplete.push_back(std::move(why)); }
  Report& report() { return report_; }

 private:
  Report& report_;
  std::map<std::string, std::size_t> by_name_;
};

// name [a=1 b=x]: what a benchmark with parameters is called.
std::string with_parameters(std::string_view name, const std::vector<std::pair<std::string, std::string>>& parameters);

// What holds for every report: names cleaned, bounded and told apart (" #2"), numbers that are none taken out and told,
// the mean of the values where the tool gives no figure. Called by read_report.
void finish(Report& report);

}  // namespace resident::benchmarks
