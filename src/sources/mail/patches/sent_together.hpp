// The first step of assembling series: which mails with patches were sent together, as one version.
#pragma once

#include <map>
#include <optional>
#include <sources/mail/patches/mail_facts.hpp>
#include <unordered_map>
#include <vector>

namespace resident::mail {

struct SentTogether {
  std::optional<std::size_t> cover;
  std::map<int, std::size_t> parts;  // a patch without a number is part 1 of 1
  int total = 1;
  std::size_t first = 0;  // by time, then by number
};

using KeyIndex = std::unordered_map<std::string_view, std::size_t>;  // key of a mail → its place

// order: places of all mails by time. In order of the first mail.
std::vector<SentTogether> sent_together(const std::vector<MailFacts>& mails, const std::vector<std::size_t>& order,
                                        const KeyIndex& index);

}  // namespace resident::mail
