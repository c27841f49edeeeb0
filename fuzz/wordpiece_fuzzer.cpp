// Any bytes are cut into pieces that the vocabulary has, no more than asked for, between [CLS] and [SEP]; words are
// valid text without spaces; and any bytes are a vocabulary or an Error.
#include <algorithm>
#include <base/text.hpp>
#include <cstdlib>
#include <text/wordpiece.hpp>

#include "fuzz.hpp"

namespace {

using resident::text::WordPiece;

const WordPiece& pieces() {
  static const auto made = [] {
    std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\n##ing\nö\n##ö\n在\n…\n";
    for (int i = 33; i < 127; ++i) {
      vocabulary += std::string(1, static_cast<char>(i)) + "\n";
      vocabulary += "##" + std::string(1, static_cast<char>(i)) + "\n";
    }
    return WordPiece::parse(vocabulary, "fuzzer");
  }();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view text) {
    for (const std::size_t most : {std::size_t{2}, std::size_t{3}, std::size_t{16}, std::size_t{512}}) {
      const auto numbers = pieces().numbers(text, most);
      if (numbers.size() < 2 || numbers.size() > most || numbers.front() != 2 || numbers.back() != 3) std::abort();
      for (const auto number : numbers)
        if (number < 0 || number >= static_cast<std::int64_t>(pieces().size())) std::abort();
      // What stands within is no special piece but [UNK]: no text forges them.
      if (std::any_of(numbers.begin() + 1, numbers.end() - 1,
                      [](auto number) { return number == 0 || number == 2 || number == 3; }))
        std::abort();
    }
    const auto words = WordPiece::words(text, 1000);
    if (words.size() > 1000) std::abort();
    for (const auto& word : words)
      if (word.empty() || !resident::is_clean_text(word) || word.find(' ') != std::string::npos) std::abort();
    WordPiece::parse(text, "fuzzer").numbers(text, 64);
  });
}
