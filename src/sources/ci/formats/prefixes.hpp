// What CI services and programs that run several others put before each line of a log: the time, or whose line it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::ci {

// The text without the times at the begin of its lines, as GitHub Actions, `gh run view --log`, GitLab and Jenkins
// write them; nothing where lines do not begin with one.
std::optional<std::string> without_times(std::string_view text);
// The lines of each program apart, in the order in which they first spoke: concurrently's "[unit] ", docker compose's
// "web-1  | ", Turborepo's "web:test: ". Empty where lines have no such begin.
std::vector<std::pair<std::string, std::string>> by_speaker(std::string_view text);

}  // namespace resident::ci
