// Results of tests on their way into the store (schema/024_tests.sql): names, configurations and messages are numbered,
// a run that is told of again as it was changes nothing, and all waiting results are packed into tiles together. Small
// tiles, as of one run a time, are joined when there are many. Stands beside a Writer: what is written here becomes
// visible at its checkpoint.
#pragma once

#include <memory>
#include <store/database.hpp>
#include <store/result_tile.hpp>
#include <store/writer.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace resident {

// The results of tests of one run on one configuration.
struct TestRunRecord {
  std::string key;            // of the run, in the project: ci_run's where there is one
  std::string configuration;  // the builder, job or check
  std::string sha, branch;
  std::optional<std::int64_t> item_id;  // the pull request whose change was tested
  Timestamp at = 0;                     // since when the results are known
  std::vector<ci::TestResult> results;
  std::string incomplete;  // why these are not all; empty: nothing seen
};

class ResultBook {
 public:
  ResultBook(Database& database, std::int64_t project_id, std::int64_t source_id);
  explicit ResultBook(Writer& writer) : ResultBook(writer.database(), writer.project_id(), writer.source_id()) {}

  // False: the run was there with these very results. Another print replaces what was there. The same test twice in a
  // run is two tries.
  bool add(const TestRunRecord& record);
  // Results that wait for flush().
  std::size_t pending() const { return pending_; }
  // Into the transaction that is open. Throws Error{incomplete} where somebody else has numbered tests meanwhile.
  void flush();

  // The same into the Writer's transaction, to be committed by its next checkpoint().
  void flush(Writer& writer);

  static constexpr std::size_t kMostPending = 4'000'000;

 private:
  struct Waiting {
    std::uint32_t run, state;  // index in new_runs_, in states_
    std::uint8_t test, duration;
  };
  struct Entry {
    std::int64_t test_id;
    std::uint32_t state;
    std::uint8_t duration;
  };
  struct Run {
    std::int64_t number;
    std::vector<Value> row;
    std::vector<StoredFailure> failures;
  };
  struct Message {
    std::string masked, example;
    Timestamp last_at;
  };

  void load();
  void check_alone();
  std::int64_t test_id(const std::string& suite, const std::string& name);
  std::int64_t configuration_id(const std::string& name);
  std::int64_t message_id(const std::string& message, Timestamp at);
  std::uint32_t state_of(const std::vector<ci::Outcome>& attempts, std::int64_t message_id);
  std::vector<Entry> entries_of(const TestRunRecord& record);
  void write_names();
  void write_runs();
  void write_tiles(std::int64_t configuration, std::int64_t group, std::vector<Waiting>& waiting);
  void write_tile_rows(std::int64_t configuration, std::int64_t group, const Tile& tile, std::vector<Value>& rows);
  void join_tiles(std::int64_t configuration, std::int64_t group);

  Database& database_;
  std::int64_t project_id_, source_id_;
  bool loaded_ = false;
  std::unordered_map<std::string, std::int64_t> tests_, configurations_;
  std::unordered_map<std::string, std::pair<std::int64_t, std::string>> runs_;  // by key: number, print
  std::unordered_map<std::string, std::int64_t> messages_;                      // by masked text
  std::unordered_map<std::int64_t, Message> new_messages_;
  std::vector<const std::string*> key_of_test_;             // as given last, by id
  std::vector<std::pair<std::int64_t, std::size_t>> seen_;  // by test: the last run that had it, and where in it
  std::vector<TestState> states_;
  std::unordered_map<std::string, std::uint32_t> state_index_;
  std::vector<Run> new_runs_;
  std::vector<std::int64_t> replaced_;
  std::vector<Value> new_tests_, new_configurations_;
  // By configuration, then group.
  std::vector<std::vector<std::vector<Waiting>>> waiting_;
  std::int64_t next_test_ = 1, next_configuration_ = 1, next_run_ = 1, next_message_ = 1;
  std::int64_t stored_tests_ = 0, stored_runs_ = 0;
  std::int64_t last_test_ = 0;
  Timestamp newest_ = 0;
  std::string key_;
  std::size_t pending_ = 0;
};

// Packs what stores before schema 024 held in test_result, in the open transaction.
void move_test_results(Database& database);

}  // namespace resident
