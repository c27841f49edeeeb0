// What stands behind the time in a mail's Date, as senders write it: "+0200 (CEST)", "EST", "EST5EDT" (a name of POSIX,
// with summer time by the rules of its place and year), "MET DST", "Pacific Daylight Time" (Windows), "(GMT)".
//
// Promises: names that nobody can tell (RFC 5322, 4.3: military letters and all unknown ones) are UTC; linear, any
// bytes are taken.
#pragma once

#include <base/time.hpp>
#include <string_view>

namespace resident::mail {

// Minutes east of Greenwich. local: the moment as if its clock showed UTC.
int zone_minutes(std::string_view written, Timestamp local);

}  // namespace resident::mail
