// Webhooks of GitHub. A delivery is a hint: it is verified, kept once by its delivery id,
// and the items it speaks of are then read anew from the forge. So a webhook and a sync of the
// same thing cannot disagree, deliveries may come in any order or twice, and a forged
// one changes nothing: its signature is compared in constant time over the bytes as they came.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <set>
#include <store/database.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::github {

inline constexpr std::size_t kLargestDelivery = std::size_t{25} << 20;  // GitHub's own bound

// X-Hub-Signature-256: "sha256=" and the HMAC (RFC 2104) of the body in hexadecimal.
std::string signature_of(std::string_view secret, std::string_view body);
bool is_signed(std::string_view secret, std::string_view body, std::string_view header);

struct Delivery {
  std::string id, event, action;
  std::vector<std::int64_t> numbers;  // issues or pull requests, each once; a check may name several
  std::string ignored;                // why nothing is to be done; "" if something is
};

// Reads what a delivery speaks of. Throws Error for what is no payload of GitHub.
Delivery read_delivery(const std::string& id, const std::string& event, std::string_view body);

// Keeps deliveries in one transaction; how many of them were new.
std::int64_t keep_deliveries(Database& database, std::int64_t project_id, const std::vector<Delivery>& deliveries,
                             Timestamp now);
// Items that waiting deliveries speak of, each once however many do, oldest first, at most so many.
std::vector<std::int64_t> waiting_items(Database& database, std::int64_t project_id, std::size_t most);
// Before these items are read. What comes meanwhile may tell of something that the reading missed, so it waits on;
// which came first is told by the order of transactions, not by clocks.
void begin_reading(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items);
// After it: what was there when it began is done with.
void settle_deliveries(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& items);
// Forgets what is done with and came before that; what still waits stays. Returns how many, at most `most`.
std::int64_t forget_deliveries(Database& database, std::int64_t project_id, Timestamp before, std::int64_t most);

}  // namespace resident::github
