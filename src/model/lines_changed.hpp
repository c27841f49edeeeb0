// How many lines a change adds and takes away, as queues, checklists and cards say it: "+1,254 −12".
#pragma once

#include <fmt/format.h>

#include <base/text.hpp>
#include <string>

namespace resident {

inline std::string lines_changed(long long added, long long deleted) {
  return fmt::format("+{} −{}", with_thousands(added), with_thousands(deleted));
}

}  // namespace resident
