// SHA-256 in base64, as content security policies name the scripts and style sheets
// that may run. Written out here (FIPS 180-4) because nothing else in the program
// needs a cryptographic library, and this is of use to no attacker: it only has to
// be what browsers compute.
#pragma once

#include <string>
#include <string_view>

namespace resident {

// "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
std::string content_hash(std::string_view content);

}  // namespace resident
