#include <fmt/format.h>

#include <algorithm>
#include <model/fleet.hpp>
#include <unordered_map>
#include <unordered_set>

namespace resident {

namespace {

constexpr Timestamp kYear = 365 * kDay;

class FleetReader {
 public:
  FleetReader(Database& database, const std::vector<std::string>& names, std::optional<Timestamp> asked, Timestamp now)
      : database_(database), wanted_(names.begin(), names.end()), asked_(asked), now_(asked.value_or(now)) {
    parameters_ = {{"now", now_},
                   {"stale", now_ - 2 * kDay},
                   {"lately", static_cast<std::int64_t>(kFleetDays) * kDay},
                   {"ci", static_cast<std::int64_t>(kFleetCiDays) * kDay},
                   {"year", kYear}};
  }

  std::vector<FleetProject> read() {
    read_projects();
    read_open();
    read_newcomers();
    read_growth();
    read_mergers();
    read_committers();
    read_ci();
    return std::move(projects_);
  }

 private:
  // Each project with its moment, as m(project_id, at, until_at); the first of what is joined, so that each is looked
  // up by it. Where a tracker's data end before the moment, nobody can be said to have stopped: it is told as of then.
  static std::string with_moments(const std::string& rest) {
    return fmt::format(
        "WITH m AS (SELECT p.project_id, CASE WHEN s.until_at < CAST(:stale AS BIGINT) THEN s.until_at ELSE CAST(:now "
        "AS BIGINT) END AS at, s.until_at FROM project p LEFT JOIN (SELECT project_id, COALESCE(max(CASE WHEN kind <> "
        "'git' THEN data_until END), max(data_until)) AS until_at FROM source GROUP BY project_id) s ON s.project_id = "
        "p.project_id) {}",
        rest);
  }

  // Only the parameters that the text names: engines refuse others.
  std::unique_ptr<Rows> ask(const std::string& rest) const {
    const std::string sql = with_moments(rest);
    Parameters used;
    for (const auto& parameter : parameters_)
      if (sql.find(":" + std::string(parameter.first)) != std::string::npos) used.push_back(parameter);
    return database_.query(sql, used);
  }

  FleetProject* find(std::int64_t id) {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &projects_[found->second];
  }

  void read_projects() {
    for (const auto rows = ask(
             "SELECT p.project_id, p.name, p.url, p.simulated, m.at, m.until_at, (SELECT min(synced_at) FROM source s "
             "WHERE s.project_id = p.project_id), "
             "(SELECT count(*) FROM source s WHERE s.project_id = p.project_id AND s.state = 'failed'), (SELECT "
             "count(*) FROM source s WHERE s.project_id = p.project_id), CASE WHEN EXISTS (SELECT 1 FROM item i WHERE "
             "i.project_id = p.project_id) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1 FROM git_commit c WHERE "
             "c.project_id = p.project_id) THEN 1 ELSE 0 END FROM m JOIN project p ON p.project_id = m.project_id "
             "ORDER BY p.project_id");
         rows->next();) {
      if (!wanted_.contains(rows->string(1))) continue;
      FleetProject project;
      project.id = rows->integer(0);
      project.name = rows->string(1), project.url = rows->string(2);
      project.simulated = rows->integer(3) == 1;
      project.moment = rows->integer(4);
      if (const auto until = rows->optional_integer(5)) project.data_until = std::min(*until, now_);
      project.synced_at = rows->optional_integer(6);
      project.failed_sources = rows->integer(7), project.sources = rows->integer(8);
      project.has_items = rows->integer(9) == 1, project.has_code = rows->integer(10) == 1;
      places_.emplace(project.id, projects_.size());
      projects_.push_back(std::move(project));
    }
  }

  // What was open at the moment. Without a moment of the past nothing is closed later than it, and an index has all.
  std::string open_at() const { return asked_ ? "(v.closed_at IS NULL OR v.closed_at > m.at)" : "v.closed_at IS NULL"; }

  void read_open() {
    for (const auto rows =
             ask("SELECT v.project_id, v.item_id, m.at - v.opened_at FROM m CROSS JOIN item_interval v WHERE "
                 "v.project_id = m.project_id AND v.opened_at <= m.at AND " +
                 open_at());
         rows->next();) {
      FleetProject* project = find(rows->integer(0));
      if (!project) continue;
      const bool is_pull = rows->integer(1) % 2 == 1;  // 001_core.sql: an item's id says its kind
      ++(is_pull ? project->open_pulls : project->open_issues);
      if (is_pull) project->pull_days.push_back(static_cast<double>(rows->integer(2)) / static_cast<double>(kDay));
    }
  }

  void read_newcomers() {
    const std::string answered =
        " EXISTS (SELECT 1 FROM {0} c LEFT JOIN person_identity n ON n.project_id = c.project_id AND n.identity_id = "
        "c.author_id LEFT JOIN person p ON p.project_id = n.project_id AND p.person_id = n.person_id WHERE "
        "c.project_id = i.project_id AND c.item_id = i.item_id AND c.{1} <= m.at AND c.is_command = 0 AND (c.author_id "
        "IS NULL OR "
        "(COALESCE(n.person_id, c.author_id) <> COALESCE(a.person_id, i.author_id) AND COALESCE(p.is_bot, 0) = 0)))";
    const std::string by_comment = fmt::format(fmt::runtime(answered), "comment", "created_at"),
                      by_review = fmt::format(fmt::runtime(answered), "review", "submitted_at");
    for (const auto rows =
             ask("SELECT v.project_id, m.at - i.created_at, CASE WHEN" + by_comment + " OR" + by_review +
                 " THEN 1 ELSE 0 END FROM m CROSS JOIN item_interval v JOIN item i ON i.project_id = v.project_id AND "
                 "i.item_id = v.item_id JOIN person_identity a ON a.project_id = i.project_id AND a.identity_id = "
                 "i.author_id JOIN person q ON q.project_id = a.project_id AND q.person_id = a.person_id WHERE "
                 "v.project_id = m.project_id AND v.opened_at > m.at - :lately AND v.opened_at <= m.at AND " +
                 open_at() +
                 " AND q.is_bot = 0 AND i.created_at = v.opened_at AND NOT EXISTS (SELECT 1 FROM item o WHERE "
                 "o.project_id = i.project_id AND o.author_id = i.author_id AND o.created_at < i.created_at)");
         rows->next();) {
      FleetProject* project = find(rows->integer(0));
      if (!project) continue;
      ++project->newcomers;
      if (rows->integer(2) == 1) continue;
      ++project->unanswered;
      project->longest_days =
          std::max(project->longest_days, static_cast<double>(rows->integer(1)) / static_cast<double>(kDay));
    }
  }

  void read_growth() {
    for (const auto rows = ask(
             "SELECT m.project_id, (SELECT count(*) FROM item i WHERE i.project_id = m.project_id AND i.kind IN "
             "('issue', 'pull') AND i.created_at > m.at - :lately AND i.created_at <= m.at), (SELECT count(*) FROM "
             "item_interval v WHERE v.project_id = m.project_id AND v.closed_at > m.at - :lately AND v.closed_at <= "
             "m.at) FROM m");
         rows->next();)
      if (FleetProject* project = find(rows->integer(0)))
        project->opened = rows->integer(1), project->closed = rows->integer(2);
  }

  // Distinct people of a year, and the newest moment of all; identities joined to people in one query.
  void count_keepers(const std::string& acts, bool by_commits) {
    for (const auto rows =
             ask("SELECT x.project_id, count(DISTINCT x.person_id), max(x.at) FROM (SELECT e.project_id, n.person_id, "
                 "e.at FROM (" +
                 acts +
                 ") e JOIN person_identity n ON n.project_id = e.project_id AND n.identity_id = e.identity_id JOIN "
                 "person p ON p.project_id = n.project_id AND p.person_id = n.person_id WHERE p.is_bot = 0) x GROUP BY "
                 "x.project_id");
         rows->next();)
      if (FleetProject* project = find(rows->integer(0)); project && project->keepers == 0) {
        project->keepers = rows->integer(1);
        project->last_kept = rows->optional_integer(2);
        project->by_commits = by_commits;
      }
  }

  void read_mergers() {
    count_keepers(
        "SELECT m.project_id, e.actor_id AS identity_id, max(e.occurred_at) AS at FROM m CROSS JOIN event e WHERE "
        "e.project_id = m.project_id AND e.kind = 'merged' AND e.occurred_at > m.at - :year AND e.occurred_at <= m.at "
        "GROUP BY m.project_id, e.actor_id",
        false);
    // Who merged before that, where nobody does any more.
    for (const auto rows =
             ask("SELECT m.project_id, (SELECT max(e.occurred_at) FROM event e WHERE e.project_id = m.project_id AND "
                 "e.kind = 'merged' AND e.occurred_at <= m.at) FROM m");
         rows->next();)
      if (FleetProject* project = find(rows->integer(0)))
        if (project->keepers == 0) project->last_kept = rows->optional_integer(1);
  }

  void read_committers() {
    std::unordered_set<std::int64_t> merged;
    for (const auto& project : projects_)
      if (project.last_kept) merged.insert(project.id);
    if (merged.size() == projects_.size()) return;
    std::vector<FleetProject> kept = projects_;  // what merges say is not overwritten
    count_keepers(
        "SELECT m.project_id, c.author_id AS identity_id, max(c.committed_at) AS at FROM m CROSS JOIN git_commit c "
        "WHERE c.project_id = m.project_id AND c.on_default = 1 AND c.committed_at > m.at - :year AND c.committed_at "
        "<= m.at GROUP BY m.project_id, c.author_id",
        true);
    for (const auto rows = ask(
             "SELECT m.project_id, (SELECT max(c.committed_at) FROM git_commit c WHERE c.project_id = m.project_id AND "
             "c.committed_at <= m.at) FROM m");
         rows->next();)
      if (FleetProject* project = find(rows->integer(0)); project && project->keepers == 0) {
        project->last_kept = rows->optional_integer(1);
        project->by_commits = true;
      }
    for (std::size_t i = 0; i < projects_.size(); ++i)
      if (merged.contains(projects_[i].id)) projects_[i] = std::move(kept[i]);
  }

  // The newest run of each name says how it stands.
  void read_ci() {
    struct Newest {
      Timestamp at = 0;
      bool failed = false;
    };
    std::unordered_map<std::int64_t, std::map<std::string, Newest>> newest;
    for (const auto rows =
             ask("SELECT r.project_id, r.name, r.conclusion, r.finished_at FROM m CROSS JOIN ci_run r WHERE "
                 "r.project_id = m.project_id AND r.item_id IS NULL AND r.finished_at > m.at - :ci AND r.finished_at "
                 "<= m.at AND r.conclusion IN ('success', 'failure', 'timed_out')");
         rows->next();) {
      Newest& each = newest[rows->integer(0)][rows->string(1)];
      if (rows->integer(3) < each.at) continue;
      each = {rows->integer(3), rows->text(2) != "success"};
    }
    for (auto& [id, names] : newest)
      if (FleetProject* project = find(id))
        for (const auto& [name, state] : names) {
          ++project->checks;
          if (!state.failed) continue;
          ++project->red;
          project->red_names.push_back(name);
        }
  }

  Database& database_;
  std::unordered_set<std::string> wanted_;
  std::optional<Timestamp> asked_;
  Timestamp now_;
  Parameters parameters_;
  std::vector<FleetProject> projects_;
  std::unordered_map<std::int64_t, std::size_t> places_;
};

}  // namespace

std::vector<FleetProject> load_fleet(Database& database, const std::vector<std::string>& names,
                                     std::optional<Timestamp> asked, Timestamp now) {
  return FleetReader(database, names, asked, now).read();
}

}  // namespace resident
