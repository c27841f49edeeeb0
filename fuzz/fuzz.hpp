// What the fuzzers share. Whatever the bytes, a parser either gives a record or
// throws resident::Error; anything else (a crash, another exception, a hang) is a
// defect that libFuzzer reports.
#pragma once

#include <base/error.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

template <class Parse>
int fuzz(const std::uint8_t* data, std::size_t size, const Parse& parse) {
  try {
    parse(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const resident::Error&) {
  }
  return 0;
}
