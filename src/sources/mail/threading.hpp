// Which mails belong together: Jamie Zawinski's algorithm (jwz.org/doc/threading.html)
// over References and In-Reply-To. The chain of each mail's references is kept
// unless it would close a loop; mails that are referred to but missing still join
// their answers. Only where a mail has no references and its subject is a reply
// ("Re:") does the subject decide: it joins the newest thread of the same subject on
// the same list that was alive within the 30 days before.
#pragma once

#include <cstddef>
#include <sources/mail/message.hpp>
#include <string>
#include <vector>

namespace resident::mail {

inline constexpr Timestamp kSubjectReach = 30 * kDay;

// What threading needs of a mail.
struct Node {
  std::string id;
  std::vector<std::string> references;
  std::string subject, list;
  Timestamp at = 0;
};

struct MailThread {
  std::string root;                   // id of its first mail, perhaps one that is missing
  std::vector<std::size_t> messages;  // in order of time, then id
};

// Ids must differ. In order of the threads' first mails.
std::vector<MailThread> thread_messages(const std::vector<Node>& nodes);

}  // namespace resident::mail
