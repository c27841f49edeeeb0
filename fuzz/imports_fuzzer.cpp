// Files of all languages from any bytes: every name that is found stands where its statement is said to be or behind
// it, none is empty, and finding them again finds the same.
#include <cstdint>
#include <cstdlib>
#include <sources/interest/language.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace resident::interest;
  return fuzz(data, size, [](std::string_view text) {
    for (const Language& language : languages()) {
      Mentions mentions, again;
      language.scan(text, mentions);
      language.scan(text, again);
      if (mentions.list().size() != again.list().size()) std::abort();
      for (const Mention& mention : mentions.list())
        if (mention.module.empty() || mention.offset >= text.size()) std::abort();
    }
  });
}
