#include <sources/forge/github_objects.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static resident::json::Parser parser;
  const auto ignore = [](const std::string&, const std::string&) {};
  return fuzz(data, size, [&](std::string_view text) {
    resident::github::metadata_file(resident::json::parse(parser, text), ignore);
  });
}
