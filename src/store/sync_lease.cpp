#include <fmt/format.h>

#include <base/error.hpp>
#include <chrono>
#include <optional>
#include <store/sync_lease.hpp>
#include <utility>

namespace resident {

namespace {

// Seconds, as the store's machine sees them.
std::string now_of(const Database& database) {
  return database.engine() == "postgresql" ? "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)"
                                           : "CAST(strftime('%s', 'now') AS INTEGER)";
}

}  // namespace

std::unique_ptr<SyncLease> SyncLease::take(Database& database, std::unique_ptr<Database> beside,
                                           const std::string& holder, std::int64_t every, std::int64_t seconds) {
  Transaction transaction(database);
  database.execute(
      "INSERT INTO sync_lease (project_id, turn, until, done_at) SELECT p.project_id, 0, 0, 0 FROM project p WHERE NOT "
      "EXISTS (SELECT 1 FROM sync_lease l WHERE l.project_id = p.project_id) ON CONFLICT DO NOTHING");
  const auto found = [&]() -> std::optional<std::pair<std::int64_t, std::int64_t>> {
    const auto rows = database.query(
        fmt::format("SELECT l.project_id, l.turn FROM sync_lease l WHERE l.until <= {0} AND l.done_at <= {0} - :every "
                    "AND EXISTS (SELECT 1 FROM source s WHERE s.project_id = l.project_id) ORDER BY l.done_at, "
                    "l.project_id LIMIT 1{1}",
                    now_of(database), database.engine() == "postgresql" ? " FOR UPDATE OF l SKIP LOCKED" : ""),
        {{"every", every}});
    if (!rows->next()) return std::nullopt;
    return std::pair(rows->integer(0), rows->integer(1) + 1);
  }();
  if (!found) return nullptr;  // what was inserted is inserted again
  const auto [project, turn] = *found;
  database.execute(fmt::format("UPDATE sync_lease SET holder = :holder, turn = :turn, until = {} + :seconds WHERE "
                               "project_id = :project",
                               now_of(database)),
                   {{"holder", holder}, {"turn", turn}, {"seconds", seconds}, {"project", project}});
  transaction.commit();
  return std::unique_ptr<SyncLease>(new SyncLease(std::move(beside), project, holder, turn, seconds));
}

std::int64_t SyncLease::now(Database& database) {
  return database.integer("SELECT " + now_of(database)).value_or(0);
}

bool SyncLease::is_any_due(Database& database, std::int64_t at, std::int64_t every) {
  return database
      .integer(
          "SELECT p.project_id FROM project p LEFT JOIN sync_lease l ON l.project_id = p.project_id WHERE "
          "COALESCE(l.done_at, 0) <= :due AND EXISTS (SELECT 1 FROM source s WHERE s.project_id = p.project_id) "
          "LIMIT 1",
          {{"due", at - every}})
      .has_value();
}

SyncLease::SyncLease(std::unique_ptr<Database> beside, std::int64_t project, std::string holder, std::int64_t turn,
                     std::int64_t seconds)
    : beside_(std::move(beside)),
      project_(project),
      holder_(std::move(holder)),
      turn_(turn),
      seconds_(seconds),
      thread_([this] { keep_alive(); }) {}

SyncLease::~SyncLease() {
  give_back(false);
}

void SyncLease::done() {
  give_back(true);
}

void SyncLease::keep_alive() {
  std::unique_lock lock(mutex_);
  while (!wakes_.wait_for(lock, std::chrono::milliseconds(seconds_ * 1000 / 3), [this] { return ends_; })) try {
      const Parameters parameters{{"project", project_}, {"holder", holder_}, {"turn", turn_}, {"seconds", seconds_}};
      Transaction transaction(*beside_);
      beside_->execute(
          fmt::format("UPDATE sync_lease SET until = {} + :seconds WHERE project_id = :project AND holder = "
                      ":holder AND turn = :turn",
                      now_of(*beside_)),
          parameters);
      transaction.commit();
      is_held_ = beside_->integer("SELECT turn FROM sync_lease WHERE project_id = :project AND holder = :holder",
                                  parameters) == turn_;
    } catch (const Error&) {
      // Somebody writes for long, or the connection is lost: the next sign of life, or another worker's turn.
    }
}

void SyncLease::give_back(bool is_done) {
  if (is_given_back_) return;
  is_given_back_ = true;
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wakes_.notify_all();
  thread_.join();
  try {
    Transaction transaction(*beside_);
    beside_->execute(
        fmt::format(
            "UPDATE sync_lease SET holder = NULL, until = 0, done_at = CASE WHEN :done = 1 THEN {} ELSE done_at "
            "END WHERE project_id = :project AND holder = :holder AND turn = :turn",
            now_of(*beside_)),
        {{"done", std::int64_t{is_done}}, {"project", project_}, {"holder", holder_}, {"turn", turn_}});
    transaction.commit();
  } catch (const Error&) {
    // Its lease ends by itself.
  }
}

}  // namespace resident
