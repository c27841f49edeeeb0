#include <fmt/format.h>

#include <algorithm>
#include <store/webhook_queue.hpp>
#include <unordered_set>

namespace resident {

namespace {

constexpr std::size_t kAskedAtOnce = 200;

// Which of the deliveries are in the store already.
std::unordered_set<std::string> known_deliveries(Database& database, std::int64_t project_id,
                                                 const std::vector<WebhookDelivery>& deliveries) {
  std::unordered_set<std::string> known;
  std::vector<std::string> names;  // of parameters, which refer to them
  for (std::size_t i = 0; i < kAskedAtOnce; ++i) names.push_back(fmt::format("id{}", i));
  for (std::size_t begin = 0; begin < deliveries.size(); begin += kAskedAtOnce) {
    Parameters parameters{{"project", project_id}};
    std::string list;
    for (std::size_t i = begin; i < std::min(deliveries.size(), begin + kAskedAtOnce); ++i) {
      const std::string& name = names[i - begin];
      list += (list.empty() ? ":" : ", :") + name;
      parameters.emplace_back(name, deliveries[i].id);
    }
    for (const auto rows = database.query(
             fmt::format("SELECT delivery_id FROM webhook_delivery WHERE project_id = :project AND delivery_id IN ({})",
                         list),
             parameters);
         rows->next();)
      known.insert(rows->string(0));
  }
  return known;
}

}  // namespace

std::int64_t keep_deliveries(Database& database, std::int64_t project_id,
                             const std::vector<WebhookDelivery>& deliveries, Timestamp now) {
  if (deliveries.empty()) return 0;
  std::int64_t kept = 0;
  Transaction transaction(database);
  std::unordered_set<std::string> known = known_deliveries(database, project_id, deliveries);
  std::vector<std::vector<Value>> rows;
  for (const auto& delivery : deliveries) {
    if (!known.insert(delivery.id).second) continue;
    const auto add = [&](const std::string& id, Value number) {
      rows.push_back({project_id, id, delivery.event, text_or_null(delivery.action), std::move(number), now,
                      std::string(delivery.ignored.empty() ? "queued" : "ignored"), text_or_null(delivery.ignored)});
    };
    // Each item is read, and done with, by itself. A forge's id has no '/'.
    bool is_first = true;
    for (const auto number : delivery.numbers) {
      add(is_first ? delivery.id : fmt::format("{}/{}", delivery.id, number), number);
      is_first = false;
    }
    if (is_first) add(delivery.id, Value());
    ++kept;
  }
  database.insert({"webhook_delivery",
                   {"project_id", "delivery_id", "event", "action", "number", "received_at", "state", "reason"},
                   {"project_id", "delivery_id"},
                   OnConflict::ignore},
                  rows);
  transaction.commit();
  return kept;
}

std::vector<std::int64_t> waiting_items(Database& database, std::int64_t project_id, std::size_t most) {
  std::vector<std::int64_t> items;
  for (const auto rows =
           database.query("SELECT number FROM webhook_delivery WHERE project_id = :project AND state IN ('queued', "
                          "'reading') GROUP BY number ORDER BY min(received_at), number LIMIT :most",
                          {{"project", project_id}, {"most", static_cast<std::int64_t>(most)}});
       rows->next();)
    items.push_back(rows->integer(0));
  return items;
}

namespace {

void change_state(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items, const char* from,
                  const char* to) {
  Transaction transaction(database);
  for (const auto number : items)
    database.execute(
        "UPDATE webhook_delivery SET state = :to WHERE project_id = :project AND state = :from AND number = :number",
        {{"project", project_id}, {"number", number}, {"from", std::string(from)}, {"to", std::string(to)}});
  transaction.commit();
}

}  // namespace

void begin_reading(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items) {
  change_state(database, project_id, items, "queued", "reading");
}

void settle_deliveries(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items) {
  change_state(database, project_id, items, "reading", "applied");
}

std::int64_t forget_deliveries(Database& database, std::int64_t project_id, Timestamp before, std::int64_t most) {
  std::vector<std::string> old;
  for (const auto rows = database.query("SELECT delivery_id FROM webhook_delivery WHERE project_id = :project AND "
                                        "state IN ('applied', 'ignored') AND received_at < :before LIMIT :most",
                                        {{"project", project_id}, {"before", before}, {"most", most}});
       rows->next();)
    old.push_back(rows->string(0));
  if (old.empty()) return 0;
  Transaction transaction(database);
  for (const auto& id : old)
    database.execute("DELETE FROM webhook_delivery WHERE project_id = :project AND delivery_id = :id",
                     {{"project", project_id}, {"id", id}});
  transaction.commit();
  return static_cast<std::int64_t>(old.size());
}

}  // namespace resident
