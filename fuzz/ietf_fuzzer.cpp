#include <sources/archive/ietf_objects.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static resident::json::Parser parser;
  const auto ignore = [](const std::string&, const std::string&) {};
  return fuzz(data, size, [&](std::string_view text) {
    resident::ietf::item(resident::json::parse(parser, text), text.size() % 2 == 0, ignore);
  });
}
