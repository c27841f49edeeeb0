// What one writes to a debbugs (Debian's and GNU's bug tracking systems) to change bugs: a line each, to control@ or as
// the pseudo-header "Control:". The grammar is that of debbugs' own code (lib/Debbugs/Control/Service.pm,
// scripts/service).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

struct BugCommand {
  // close, reopen, found, notfound, fixed, notfixed, reassign, severity, tags, merge, forcemerge, unmerge, block,
  // unblock, retitle, forwarded, notforwarded, owner, noowner, clone, affects, usertags, submitter.
  std::string name;
  std::int64_t bug = 0;              // -1 and below: as the mail itself numbers its own bug and clones
  std::vector<std::int64_t> others;  // of merges, blocks, clones
  std::vector<std::string> values;  // versions, packages, tags with their sign ("+patch", "-moreinfo", "=" first), text
};

// Nothing for what is no command that changes a bug.
std::optional<BugCommand> parse_command(std::string_view line);
// Whether processing ends at that line: "thanks", "stop", "--", …
bool ends_commands(std::string_view line);
// Versions of Debian packages, as dpkg orders them (deb-version(7)): below, at or above 0.
int compare_versions(std::string_view a, std::string_view b);

}  // namespace resident::mail
