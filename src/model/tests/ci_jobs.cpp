#include <algorithm>
#include <map>
#include <model/tests/ci_jobs.hpp>
#include <set>
#include <store/ci_conclusion.hpp>
#include <unordered_map>

namespace resident {

namespace {

// Rows of a commit at each level: whole runs, and their parts.
struct Levels {
  std::vector<CiJob> whole, parts;
};

}  // namespace

std::vector<const CiJob*> CommitJobs::first_tries() const {
  std::vector<const CiJob*> first;
  std::set<std::string_view> names;
  for (const auto& job : jobs)
    if (names.insert(job.name).second) first.push_back(&job);
  return first;
}

std::vector<const CiJob*> CommitJobs::critical_path() const {
  const auto tries = first_tries();
  std::vector<const CiJob*> path;
  Timestamp before = std::numeric_limits<Timestamp>::max();
  for (;;) {
    const CiJob* last = nullptr;
    for (const auto* job : tries)
      if (job->finished <= before && job->finished > job->started && (!last || job->finished > last->finished))
        last = job;
    if (!last) break;
    path.push_back(last);
    before = last->started;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<CommitJobs> jobs_by_commit(const Context& context, Timestamp since) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since);
  std::unordered_map<std::string, Levels> commits;
  for (const auto rows = context.database.query(
           "SELECT r.run_key, r.name, r.sha, r.conclusion, r.started_at, r.finished_at, r.kind, s.kind, r.branch, "
           "r.item_id FROM ci_run r JOIN source s ON s.project_id = r.project_id AND s.source_id = r.source_id WHERE "
           "r.project_id = :project AND r.sha IS NOT NULL AND r.status = 'completed' AND r.started_at >= :since AND "
           "r.finished_at >= r.started_at AND r.finished_at <= :as_of AND NOT EXISTS (SELECT 1 FROM ci_run e WHERE "
           "e.project_id = r.project_id AND e.sha = r.sha AND e.started_at < :since) ORDER BY r.started_at, r.run_key",
           parameters);
       rows->next();) {
    CiJob job;
    job.key = rows->string(0), job.name = rows->string(1);
    const CiConclusion conclusion = ci_conclusion(rows->text(3));
    job.failed = is_failure(conclusion);
    job.passed = conclusion == CiConclusion::success || conclusion == CiConclusion::neutral;
    job.started = rows->integer(4), job.finished = rows->integer(5);
    job.branch = rows->string(8);
    job.item = rows->optional_integer(9);
    const std::string_view kind = rows->text(6);
    // A commit status has one moment and no length; a step of Buildbot is no machine's job.
    if (kind == "status") continue;
    const bool is_part = kind == "check_run" || (kind == "job" && rows->text(7) != "buildbot");
    if (kind == "job" && !is_part) continue;
    Levels& levels = commits[rows->string(2)];
    (is_part ? levels.parts : levels.whole).push_back(std::move(job));
  }
  std::vector<CommitJobs> result;
  for (auto& [sha, levels] : commits)
    result.push_back({sha, std::move(levels.parts.empty() ? levels.whole : levels.parts)});
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return std::tie(a.jobs.front().started, a.sha) < std::tie(b.jobs.front().started, b.sha);
  });
  return result;
}

}  // namespace resident
