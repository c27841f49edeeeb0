// One mail, as an archive holds it (RFC 5322, MIME), as far as a conversation needs
// it: who, when, about what, in answer to what, and its text. Whatever the bytes,
// this gives a message or throws Error; sizes, depths and counts are bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <store/records.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

struct Message {
  std::string id;                       // Message-ID without brackets; made from the content where there is none
  std::vector<std::string> references;  // oldest first, In-Reply-To last; without repetitions
  PersonRecord author;
  std::optional<Timestamp> date;      // nothing where Date is absent or cannot be
  std::optional<Timestamp> received;  // newest Received header, else the mbox's "From " line
  std::string subject;
  std::string list;           // of List-Id: "python-dev.python.org"; or ""
  std::string body;           // plain text, by preference text/plain, else HTML made text
  int attachments = 0;        // left out
  std::string attached_diff;  // of attachments that are patches, one after the other
};

// separator: the mbox's "From …" line before it, or "". Throws Error where the text does not begin with headers.
Message read_message(std::string_view raw, std::string_view separator = {});

// All headers of a mail, by their names in lower case, unfolded, in their order: for what trackers write there.
struct HeaderLine {
  std::string name, value;
};
std::vector<HeaderLine> all_headers(std::string_view raw);

// Whole mails that a mail carries beside its text (message/rfc822), as they stand.
std::vector<std::string> attached_messages(std::string_view raw);

// RFC 5322 dates with what senders make of them: no weekday, two-digit years, names of zones, comments.
std::optional<Timestamp> parse_date(std::string_view text);
// "Ann <a@b>", "a@b (Ann)", "a at b (Ann)" as archives disguise it; encoded words are decoded.
PersonRecord parse_author(std::string_view text);
// Without "Re:", "AW:", "[list]" and the like, in lower case; had_reply: there was an "Re:".
std::string base_subject(std::string_view subject, bool* had_reply = nullptr);

}  // namespace resident::mail
