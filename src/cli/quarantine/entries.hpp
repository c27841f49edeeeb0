// The quarantine file that a command was given.
#pragma once

#include <base/text.hpp>
#include <config/quarantine_file.hpp>
#include <filesystem>
#include <sources/files/files.hpp>
#include <string>
#include <vector>

namespace resident {

inline constexpr const char* kQuarantineFile = "quarantine.toml";

// Where nothing is in quarantine, there need be no file.
inline std::vector<QuarantineEntry> entries_of(const std::string& file) {
  if (!std::filesystem::exists(file)) return {};
  return read_quarantine(read_whole_file(file), one_line(file));
}

}  // namespace resident
