// Writes project.jsonl, in the format of docs/guide/jsonl.md: a line as soon as an
// item can change no more, with the texts made from their seeds.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "simulate/items.hpp"
#include "simulate/json_text.hpp"
#include "simulate/simulate.hpp"

namespace resident::simulation {

struct TestOutcome {
  std::string name;
  bool failed;
  std::vector<bool> tries = {};  // whether each failed; empty: one
  std::string message = {};
  double seconds = 0;  // 0: not told
};

struct CiRun {
  std::string id;  // of the commit
  std::string builder = "tests";
  std::int64_t pull = 0;
  std::string branch;
  bool started = true, finished = true, failed = false;
  Timestamp start = 0, end = 0;
  std::vector<TestOutcome> tests;
};

class RecordWriter {
 public:
  RecordWriter(const std::filesystem::path& file, const People& people, const Names& labels, const Names& milestones,
               Timestamp end);

  void project(std::uint64_t seed);
  void issue(Issue& issue);  // sorts its events
  void pull(Pull& pull);
  void label(const std::string& name);
  void milestone(const std::string& title, bool open, Timestamp due);
  std::int64_t ci_run(const CiRun& run);  // its id
  void benchmark(const std::string& name, const std::string& commit, double value, const std::string& unit,
                 Timestamp at, const std::string& machine);
  // Throws Error when the disk is full.
  void finish();

  const SimulationSummary& counts() const { return counts_; }

 private:
  void line();
  void person(std::string_view key, PersonId person, bool with_name = false);
  void begin(std::string_view record, Item& item, const std::string& title, const std::string& body);
  void state(const Item& item, const Names& labels);
  void timeline(const Item& item, const Pull* pull, const Issue* issue);
  void review(const Event& event, const Pull& pull, const std::string& commit);
  void time(std::string_view key, Timestamp at) { json_.add(key, format_time(at)); }

  std::filesystem::path path_;
  std::ofstream file_;
  const People& people_;
  const Names& labels_;
  const Names& milestones_;
  Timestamp end_;
  JsonText json_;
  SimulationSummary counts_;
  std::int64_t last_comment_ = 0, last_run_ = 0;
  std::vector<std::string> known_;  // JSON of those who turn up often
};

}  // namespace resident::simulation
