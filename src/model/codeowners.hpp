// Which paths a line of CODEOWNERS speaks of. The patterns are gitignore's, without
// negation; the last line that matches a path names its owners (GitHub Docs, "About code
// owners"; GitLab reads its patterns the same way, Gitea and Forgejo take regular expressions instead).
#pragma once

#include <string_view>

namespace resident {

// Bounded: patterns of over 500 characters or with over 8 stars match nothing.
bool owner_pattern_matches(std::string_view pattern, std::string_view path);

}  // namespace resident
