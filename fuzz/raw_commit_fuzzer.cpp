#include <base/mailmap.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <git/raw_commit.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view text) {
    const auto commit = resident::git::parse_commit(text);
    if (!resident::is_clean_text(commit.author.name) || !resident::is_clean_text(commit.message)) std::abort();
    resident::parse_mailmap(text);
  });
}
