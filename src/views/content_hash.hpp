// SHA-256 in base64, as content security policies name the scripts and style sheets that may run (CSP 3, 2.3.1). By
// OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace resident {

// "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
std::string content_hash(std::string_view content);

}  // namespace resident
