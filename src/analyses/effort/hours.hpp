// Hours of work, estimated from the acts that a project's sources show, by one of several published ways of counting or
// by ours. Each act carries the hours before it, so that they can be added up by person, month, module or employer.
#pragma once

#include <model/acts.hpp>
#include <stats/work_sessions.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident {

struct EffortMethod {
  std::string_view name;
  std::string_view what;  // how it counts, for people
  stats::SessionRule rule;
  bool all_acts = true;  // else: commits alone that are no merges, by their author's clock, an address a worker
};

// Ours first.
const std::vector<EffortMethod>& effort_methods();

struct TimedAct {
  const Act* act = nullptr;  // of the WorkerActs
  double hours = 0;
  bool begins_session = false;
};

// Acts with who did them, told apart as the method does (person; or address): read once, timed by several methods.
struct WorkerActs {
  std::shared_ptr<const std::vector<Act>> acts;
  std::vector<std::int64_t> workers = {};  // of each act; empty: its person

  std::int64_t worker(std::size_t place) const { return workers.empty() ? (*acts)[place].person : workers[place]; }
};
// In order of worker, then of time. since: acts from then on.
WorkerActs load_worker_acts(const Context& context, const People& people, bool all_acts,
                            std::optional<Timestamp> since);
// The acts have to outlive them.
std::vector<TimedAct> timed_acts(const WorkerActs& acts, const EffortMethod& method);

// How many workers the acts are of, told apart as the method does.
struct EffortSum {
  double hours = 0;
  std::int64_t workers = 0, sessions = 0, acts = 0;
};
EffortSum sum_of(const std::vector<TimedAct>& acts);

// How estimates compare to hours that people declared: a factor, from a CSV with the columns person, from, to, hours.
struct Declared {
  std::int64_t rows = 0, people = 0;
  double declared = 0, estimated = 0;  // hours, over the rows
  double factor = 1;                   // declared hours for an estimated one
  double low = 1, high = 1;            // 95 %, people drawn again (percentile bootstrap); of 5 people or more
  bool has_interval = false;
  double typical_error = 0;  // median of |predicted − declared| / declared, each person predicted from the others
  std::vector<std::string> unknown;  // names that are nobody's
};
Declared compare_declared(const Context& context, const std::vector<TimedAct>& acts, const std::string& path);

}  // namespace resident
