// Addresses from outside, before they are kept.
#pragma once

#include <string>
#include <string_view>

namespace resident {

// text as an address that may be linked to (safe_url in text.hpp: http or https, a host, no user before it, since
// https://known.example@other.example/ leads to the other), after direction marks, other invisible characters and
// blanks around it were taken out; else "".
std::string clean_url(std::string_view text);

// What stands as "name:password@" in addresses within a text becomes "<token>@".
std::string blank_passwords(std::string_view text);

}  // namespace resident
