// What a mail programme puts below an answer by e-mail, without ">" before it: the message that is answered ("From: …
// Sent: … Subject: …" of Outlook, "-----Original Message-----", "On …, ada@… wrote:"), and the forge's own footer
// ("Reply to this email directly, view it on GitHub"). Forges store all of it as the answerer's words.
// Pure, linear in the text.
#pragma once

#include <string_view>

namespace resident {

// The text without that tail: what stands above it. The whole text where there is none, or nothing above it.
std::string_view without_mail_tail(std::string_view body);

}  // namespace resident
