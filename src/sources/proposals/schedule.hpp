// Release schedules as CPython keeps them: python-releases.toml since November 2025, and before that, bullets in the
// PEPs that announce releases ("- 3.4.0 beta 1: November 24, 2013"). Promises: dates as they were written, each with
// where it stands; any bytes give an answer; a file that is no TOML gives none and says so.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct ScheduledRelease {
  std::string series;  // 3.15
  std::string stage;   // 3.15.0 beta 1
  Timestamp at = 0;
  std::optional<bool> is_actual;  // as the file says; bullets of old say nothing
  std::string where;              // path
};

// fault: why nothing could be read; empty else.
std::vector<ScheduledRelease> read_release_table(std::string_view text, const std::string& path, std::string& fault);
std::vector<ScheduledRelease> read_release_bullets(std::string_view text, const std::string& path);
// "2025-10-14", "Tuesday, 2025-10-14", "November 24, 2013", "24-Nov-2013", "24 November 2013", at the beginning.
std::optional<Timestamp> read_spelled_date(std::string_view text);
// When nothing new is taken into the series any more: its first beta (PEP 101), else its feature freeze.
const ScheduledRelease* feature_freeze(const std::vector<ScheduledRelease>& dates, std::string_view series);

}  // namespace resident
