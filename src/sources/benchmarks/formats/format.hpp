// The forms in which benchmark tools leave their results: each a pure function from bytes to a Report, told by content
// and never by a file's name alone. A new one is a function, a line in list.cpp, golden files in
// tests/sources/benchmarks/ and a seed for the fuzzer.
#pragma once

#include <sources/benchmarks/formats/report.hpp>

namespace resident::benchmarks {

struct Input {
  std::string_view bytes;
  std::string_view path;  // as it was given; some tools name a benchmark by its folder alone
};

struct Format {
  std::string_view name;
  // head: the first bytes (kSniffed at most), with a byte order mark and blanks taken off.
  bool (*matches)(std::string_view head);
  // Fills in what it can; what is cut off or broken is told in `incomplete`. Throws Error only where nothing can be
  // read.
  void (*read)(const Input& input, Report& report);
};

inline constexpr std::size_t kSniffed = 16384;

// In the order in which they are asked.
const std::vector<const Format*>& formats();
// The report in these bytes. Throws Error{failed} where no form is known in them.
Report read_report(std::string_view bytes, std::string_view path = {});

}  // namespace resident::benchmarks
