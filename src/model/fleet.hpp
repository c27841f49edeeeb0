// How every project of a store stands, in a handful of queries over all of them at once: what waits, which newcomers
// nobody answered, whether anybody is left who merges, what CI says, whether the backlog grows, and how fresh the data
// are. Each project is told of as of its own moment: the one asked for; else now, or where its data end if that is more
// than two days ago (as open_context has it).
#pragma once

#include <map>
#include <optional>
#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

inline constexpr int kFleetDays = 90;  // what "lately" means: newcomers and growth
inline constexpr int kFleetCiDays = 14;

struct FleetProject {
  std::int64_t id = 0;
  std::string name, url;
  bool simulated = false;
  Timestamp moment = 0;
  bool has_items = false, has_code = false;
  std::int64_t open_issues = 0, open_pulls = 0;
  std::vector<double> pull_days;        // how long each open pull request has been open
  std::int64_t newcomers = 0;           // items lately opened, and still open, by accounts that had opened none before
  std::int64_t unanswered = 0;          // of those, on which nobody else, and no bot, has said anything
  double longest_days = 0;              // of those
  std::int64_t opened = 0, closed = 0;  // lately
  // People who merged a pull request in the year before; where no merges are known, who committed to the default
  // branch.
  std::int64_t keepers = 0;
  bool by_commits = false;             // they are those who committed
  std::optional<Timestamp> last_kept;  // the newest merge, or commit, by a person
  std::int64_t checks = 0, red = 0;    // names of CI runs on branches lately, and those whose newest run failed
  std::vector<std::string> red_names;
  std::optional<Timestamp> data_until,
      synced_at;  // of its tracker (or else its clone), and not after the moment; oldest
  std::int64_t failed_sources = 0, sources = 0;
  bool is_expert_gone() const { return last_kept.has_value() && keepers == 0; }
};

// names: those alone. asked: the moment for all of them.
std::vector<FleetProject> load_fleet(Database& database, const std::vector<std::string>& names,
                                     std::optional<Timestamp> asked, Timestamp now);

}  // namespace resident
