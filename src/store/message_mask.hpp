// Messages of failures with what differs from run to run taken out, so that failures of one cause share a text:
// numbers, addresses, folders of paths, times, names of temporary things. The idea is LUCI Analysis's failure
// association by reason, and Sentry's grouping by masked message.
#pragma once

#include <string>
#include <string_view>

namespace resident {

inline constexpr std::size_t kLongestMasked = 300;  // bytes

// "/tmp/x8/a.py:31: got 0x7f3a in 1.25 s" becomes "…/a.py:N: got ADDRESS in N s". One line; "" for nothing but blanks.
std::string mask_message(std::string_view message);

}  // namespace resident
