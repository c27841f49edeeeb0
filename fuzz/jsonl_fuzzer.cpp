#include <sources/archive/jsonl_objects.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static resident::json::Parser parser;
  const auto ignore = [](const std::string&, const std::string&) {};
  return fuzz(data, size, [&](std::string_view text) {
    const resident::json::Object object(resident::json::parse(parser, text), "line");
    const std::string kind = object.required_text("record");
    if (kind == "ci_run") {
      resident::jsonl::test_run(object, resident::jsonl::ci_run(object));
    } else if (kind == "benchmark") {
      resident::jsonl::benchmark(object);
    } else {
      resident::jsonl::item(object, "github", ignore);
    }
  });
}
