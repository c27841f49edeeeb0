// A mail that went through a debbugs: as it lies in a bug's own mbox (what came in, with a first header that says at
// which address), or as the system sent it on to a list (X-…-PR-Message says what it is).
#pragma once

#include <map>
#include <optional>
#include <sources/mail/bugs/debbugs_commands.hpp>
#include <sources/mail/message.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

// One command, with what the system answered where that is there.
struct AskedOf {
  BugCommand command;
  bool has_failed = false;
  std::int64_t bug = 0;              // of which it speaks there, 0: not told
  std::vector<std::int64_t> clones;  // numbers that it gave
};

struct DebbugsMail {
  enum class Kind {
    report,      // at submit
    followup,    // at N, N-quiet, N-maintonly, N-submitter
    done,        // at N-done, N-close
    forwarded,   // at N-forwarded
    control,     // at control
    transcript,  // what the system answered to commands
    closed,      // what it told of a closing: "marked as done", without the mail that did it
    other        // acknowledgements and errors
  };
  Kind kind = Kind::other;
  std::string host;                     // "bugs.debian.org"; "" where nothing tells
  std::int64_t bug = 0;                 // 0: not told by the mail
  Timestamp at = 0;                     // received there, else its Date
  std::string key;                      // of its Message-ID
  std::vector<std::string> references;  // keys
  PersonRecord actor;
  std::string title, text;                         // the text without pseudo-headers
  std::multimap<std::string, std::string> pseudo;  // Package, Version, …: names in lower case
  std::vector<AskedOf> asked;
  std::string version;            // of a closing: in which it is fixed
  std::string package, keywords;  // as the bug had them when the system sent the mail on
};

// Throws Error for what is no mail, or has no date.
DebbugsMail read_debbugs_mail(std::string_view raw, std::string_view separator);
// With the mails that it carries: what tells a list of a closing has the report and the mail that closed.
std::vector<DebbugsMail> read_debbugs_mails(std::string_view raw, std::string_view separator);

}  // namespace resident::mail
