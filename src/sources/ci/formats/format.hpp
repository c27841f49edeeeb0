// The forms in which test runners leave their results: one file a form, each a pure function from bytes to a
// TestReport, told by content and never by a file's name alone. A new one is a file, a line in list.cpp, golden files
// in tests/sources/ci/ and a seed for the fuzzer.
#pragma once

#include <sources/ci/formats/report.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::ci {

struct Input {
  std::string_view bytes;
  std::string_view file_name;  // the last part of its path; some forms name the test by it
};

struct Format {
  std::string_view name;
  // head: the first bytes (kSniffed at most), with a byte order mark and blanks taken off.
  bool (*matches)(std::string_view head);
  // Fills in what it can; what is cut off or broken is told in `incomplete`. Throws Error only where nothing can be
  // read.
  void (*read)(const Input& input, TestReport& report);
};

inline constexpr std::size_t kSniffed = 8192;

// In the order in which they are asked.
const std::vector<const Format*>& formats();
// Throws Error{usage} where there is none of that name.
const Format& find_format(std::string_view name);
// The report in these bytes. Throws Error{failed} where no form is known in them. file_name: for forms whose tests are
// named by their file; may be empty.
TestReport read_report(std::string_view bytes, std::string_view file_name = {});

}  // namespace resident::ci
