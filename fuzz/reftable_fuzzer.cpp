#include <zlib.h>

#include <git/reftable.hpp>
#include <string>

#include "fuzz.hpp"

namespace {

std::string with_footer(std::string_view bytes) {
  std::string table("REFT\x01", 5);
  table += bytes.substr(5);
  const std::string footer = table.substr(0, 24) + std::string(40, '\0');
  const auto checksum = crc32(0, reinterpret_cast<const Bytef*>(footer.data()), static_cast<uInt>(footer.size()));
  table += footer;
  for (int shift = 24; shift >= 0; shift -= 8) table += static_cast<char>(checksum >> shift);
  return table;
}

}  // namespace

// The bytes as they are, and once more with an end that fits them, so that the blocks are reached.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view bytes) {
    const auto each = [](const std::string& name, const std::string& value) {
      if (name.empty() || value.size() > 70'000'000) __builtin_trap();
    };
    for (const std::size_t id_bytes : {20, 32}) resident::git::read_reftable(bytes, id_bytes, each);
    if (bytes.size() < 24) return;
    resident::git::read_reftable(with_footer(bytes), 20, each);
  });
}
