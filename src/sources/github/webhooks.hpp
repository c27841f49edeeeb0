// Webhooks of GitHub. A delivery is a hint: it is verified, kept once by its delivery id,
// and the items it speaks of are then read anew from the forge. So a webhook and a sync of the
// same thing cannot disagree, deliveries may come in any order or twice, and a forged
// one changes nothing: its signature is compared in constant time over the bytes as they came.
#pragma once

#include <store/webhook_queue.hpp>
#include <string>
#include <string_view>

namespace resident::github {

inline constexpr std::size_t kLargestDelivery = std::size_t{25} << 20;  // GitHub's own bound

// X-Hub-Signature-256: "sha256=" and the HMAC (RFC 2104) of the body in hexadecimal.
std::string signature_of(std::string_view secret, std::string_view body);
bool is_signed(std::string_view secret, std::string_view body, std::string_view header);

using Delivery = WebhookDelivery;

// Reads what a delivery speaks of. Throws Error for what is no payload of GitHub.
Delivery read_delivery(const std::string& id, const std::string& event, std::string_view body);

}  // namespace resident::github
