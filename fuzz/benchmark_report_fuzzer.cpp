#include <cmath>
#include <sources/benchmarks/formats/format.hpp>

#include "fuzz.hpp"

// Whatever the bytes, every form reads them or says why not; what is read keeps the promises of Report: no value that
// is no number, and a value or a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace resident::benchmarks;
  const auto keeps = [](const Report& report) {
    for (const auto& series : report.series) {
      if (series.value.has_value() != series.error.empty() || series.name.empty()) __builtin_trap();
      if ((series.value && !std::isfinite(*series.value)) || series.name.size() > kLongestName + 16) __builtin_trap();
      for (const double value : series.values)
        if (!std::isfinite(value)) __builtin_trap();
    }
  };
  fuzz(data, size, [&](std::string_view text) { keeps(read_report(text, "target/criterion/a/new/estimates.json")); });
  for (const Format* format : formats())
    fuzz(data, size, [&](std::string_view text) {
      Report report;
      format->read({text, "fuzz"}, report);
      finish(report);
      keeps(report);
    });
  return 0;
}
