// A notification of Launchpad's bug tracker: whose it is, and of which bug, by its headers (X-Launchpad-Bug…); what was
// said and changed, by its text ("** Changed in: pump"); and what stood there then, by both.
#pragma once

#include <map>
#include <optional>
#include <sources/mail/message.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

// How a bug stands in one project or package; "" where nothing tells.
struct LaunchpadTask {
  std::string status, importance;
  PersonRecord assignee;
  bool tells_assignee = false;  // of a header that names one by an address alone: false
};

struct LaunchpadChange {
  std::string what;    // Status, Importance, Assignee, Milestone, affects, unaffects, moves, tag, untag, summary,
                       // description, duplicate, attachment, watch, other
  std::string target;  // the project or package, where it is one's
  std::string before, after;
};

struct LaunchpadMail {
  std::int64_t bug = 0;
  Timestamp at = 0;
  std::string key;
  std::vector<std::string> references;
  PersonRecord actor, reporter;
  bool is_new = false;
  std::string title, description, comment;
  std::optional<Timestamp> opened;             // by the number of the first notification
  std::map<std::string, LaunchpadTask> tasks;  // by target, in lower case: "qemu (ubuntu)"
  std::vector<std::string> tags;
  std::vector<LaunchpadChange> changes;
  std::int64_t duplicate_of = 0;
  bool is_private = false;
};

// Nothing for a mail that is no notification of a bug. Throws Error for what is no mail, or has no date.
std::optional<LaunchpadMail> read_launchpad_mail(std::string_view raw, std::string_view separator);

}  // namespace resident::mail
