// Compression of raw payloads that are kept so that a parser can be run again
// without asking the forge again. zstd, level 3.
#pragma once

#include <string>
#include <string_view>

namespace resident {

std::string compress(std::string_view bytes);
// Throws Error when the bytes are not zstd, or would grow beyond max_bytes.
std::string decompress(std::string_view bytes, std::size_t max_bytes = std::size_t{1} << 30);

}  // namespace resident
