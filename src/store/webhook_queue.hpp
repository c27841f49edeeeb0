// The queue of a forge's webhook deliveries: each is kept once, waits until the items that it speaks of were read, and
// is forgotten some time after.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

struct WebhookDelivery {
  std::string id, event, action;
  std::vector<std::int64_t> numbers;  // issues or pull requests, each once; a check may name several
  std::string ignored;                // why nothing is to be done; "" if something is
};

// Keeps deliveries in one transaction; how many of them were new.
std::int64_t keep_deliveries(Database& database, std::int64_t project_id,
                             const std::vector<WebhookDelivery>& deliveries, Timestamp now);
// Items that waiting deliveries speak of, each once however many do, oldest first, at most so many.
std::vector<std::int64_t> waiting_items(Database& database, std::int64_t project_id, std::size_t most);
// Before these items are read. What comes meanwhile may tell of something that the reading missed, so it waits on;
// which came first is told by the order of transactions, not by clocks.
void begin_reading(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items);
// After it: what was there when it began is done with.
void settle_deliveries(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items);
// Forgets what is done with and came before that; what still waits stays. Returns how many, at most `most`.
std::int64_t forget_deliveries(Database& database, std::int64_t project_id, Timestamp before, std::int64_t most);

}  // namespace resident
