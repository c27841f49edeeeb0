// When the jobs of CI ran, commit by commit: for what CI costs. A job is what runs on one machine: a check or a job
// where the source tells those, else the run as a whole (a build of Buildbot, a run of JSON Lines).
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>

namespace resident {

struct CiJob {
  std::string key, name;
  bool failed = false, passed = false;  // neither: cancelled, skipped
  Timestamp started = 0, finished = 0;
  std::string branch;
  std::optional<std::int64_t> item;  // of the pull request
  double minutes() const { return static_cast<double>(finished - started) / 60; }
};

// All completed jobs of one commit with both times, in order of their start.
struct CommitJobs {
  std::string sha;
  std::vector<CiJob> jobs;
  // First tries alone: the first of each name.
  std::vector<const CiJob*> first_tries() const;
  // Of those first tries: the chain of jobs that ended last, each having begun after the one before it ended; first to
  // last. What stood between two links, or waited for a machine, counts for the later one.
  std::vector<const CiJob*> critical_path() const;
};

// Commits whose first job began from `since` up to the context's moment, in that order.
std::vector<CommitJobs> jobs_by_commit(const Context& context, Timestamp since);

}  // namespace resident
