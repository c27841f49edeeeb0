// Message-IDs of mails that a text links to, as commits and letters with patches do: "https://lore.kernel.org/r/ID",
// "https://lists.example.org/LIST/ID/", "https://postgr.es/m/ID", "Message-Id: <ID>", "id:ID"; "%40" and the like are
// resolved. An id looks like an e-mail address and often holds one: keep its fingerprint, show neither.
//
// Promises: pure; linear in the length; any bytes are taken; at most kMostLinkedIds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr std::size_t kMostLinkedIds = 50;

// In their order, each once.
std::vector<std::string> linked_message_ids(std::string_view text);

// What stands for a mail in the store: of the Message-ID without brackets.
std::string mail_key(std::string_view message_id);

}  // namespace resident
