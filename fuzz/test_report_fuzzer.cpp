#include <sources/ci/formats/format.hpp>

#include "fuzz.hpp"

// Whatever the bytes, every form reads them or says why not; what is read keeps the promises of TestReport. Each input
// is read as what it looks like, and once more by the form that its last byte chooses: so every reader meets what was
// never meant for it, and a run stays as quick as two readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace resident::ci;
  const auto keeps = [](const TestReport& report) {
    for (const auto& result : report.results)
      if (result.attempts.empty() || (result.seconds && !(*result.seconds >= 0)) ||
          result.message.size() > kLongestMessage + 8 || result.name.size() > kLongestName + 32)
        __builtin_trap();
  };
  fuzz(data, size, [&](std::string_view text) { keeps(read_report(text, "fuzz.xml")); });
  if (size == 0) return 0;
  const Format* format = formats()[data[size - 1] % formats().size()];
  return fuzz(data, size, [&](std::string_view text) {
    TestReport report;
    format->read({text, "fuzz"}, report);
    keeps(report);
  });
}
