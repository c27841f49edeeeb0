// The simulation itself: issues and pull requests are opened at moments drawn
// beforehand; what follows from them (pushes, merges, backports, repairs) waits in
// a queue ordered by time, because commits must be made in that order.
#pragma once

#include <memory>
#include <queue>
#include <unordered_map>
#include <vector>

#include "simulate/benchmarks.hpp"
#include "simulate/calendar.hpp"
#include "simulate/ci.hpp"
#include "simulate/history.hpp"
#include "simulate/plan.hpp"
#include "simulate/record_writer.hpp"
#include "simulate/truth.hpp"

namespace resident::simulation {

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options);
  SimulationSummary run();

 private:
  enum class Kind : std::uint8_t { push, finish, backport, give_up, repair, release, point_release };
  struct Operation {
    Timestamp at;
    std::uint64_t order;  // of those at one moment
    Kind kind;
    std::int64_t number;  // item, or index of the breakage
    bool operator>(const Operation& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  void schedule(Timestamp at, Kind kind, std::int64_t number);
  void advance(Timestamp until);
  void execute(const Operation& operation);
  void day(Timestamp midnight);
  void open_issue(Timestamp at);
  void open_pull(Timestamp at);
  void open_backport(const Operation& operation);
  void begin(Item& item, PersonId author, Timestamp at);
  std::int64_t wanted_issue(PersonId author, Timestamp now, Random& random);
  void shape(Pull& pull, Random& random);
  void start(std::unique_ptr<Pull> pull);
  void push(Pull& pull);
  void finish(std::int64_t number);
  void merged(Pull& pull);
  void close_issue(std::int64_t number, const Pull& pull);
  void want(std::int64_t number, Timestamp at);
  void give_up(const Operation& operation);
  void repair(const Operation& operation);
  void release(const Operation& operation);
  bool breaks_main(const Pull& pull);
  void open_backport_later(Pull& pull);
  int minor(Timestamp at) const;
  void count_load(const Item& item);
  void write_rest();

  struct Backport {
    std::int64_t original;
    std::string base, id, title;
    Topic topic;
    PersonId author;
    std::vector<Edit> edits;
  };

  SimulationOptions options_;
  Calendar calendar_;
  People people_;
  Repository repository_;
  History history_;
  Names labels_, milestones_;
  RecordWriter writer_;
  Ci ci_;
  Benchmarks benchmarks_;
  Truth truth_;
  Random random_;
  double material_share_, breakage_rate_;
  std::int64_t last_number_ = 0;
  std::uint64_t operations_ = 0;
  std::priority_queue<Operation, std::vector<Operation>, std::greater<>> queue_;
  std::unordered_map<std::int64_t, std::unique_ptr<Pull>> pulls_;    // open
  std::unordered_map<std::int64_t, std::unique_ptr<Issue>> issues_;  // wanted by somebody
  std::vector<std::int64_t> wanted_;  // issues without a pull request, the oldest first; some gone meanwhile
  std::size_t wanted_gone_ = 0;
  struct Known {
    std::int64_t number;
    IssueType type;
    Topic topic;
  };
  std::vector<Known> recent_;                             // originals of duplicates to come
  std::unordered_map<std::int64_t, Backport> backports_;  // by a number of their own
  std::int64_t last_backport_ = 0;
  Timestamp next_day_;
  bool broken_for_good_ = false;
};

}  // namespace resident::simulation
