// The text functions promise valid, bounded output for any bytes.
#include <base/text.hpp>
#include <base/time.hpp>
#include <cstdlib>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view text) {
    const std::string clean = resident::clean_text(text, 100);
    if (!resident::is_clean_text(clean) || clean.size() > 103) std::abort();
    if (resident::one_line(text).find_first_of("\n\r\x1b") != std::string::npos) std::abort();
    if (resident::display_width(resident::fit_width(clean, 10)) > 10) std::abort();
    if (resident::escape_html(text).find('<') != std::string::npos) std::abort();
    resident::escape_markdown(text);
    resident::blank_emails(text);
    if (const auto time = resident::parse_time(text)) resident::format_time(*time);
  });
}
