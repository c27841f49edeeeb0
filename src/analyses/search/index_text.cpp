#include <analyses/search/index_text.hpp>
#include <analyses/text/tokens.hpp>

namespace resident {

std::string words_text(std::string_view text) {
  std::string words;
  for (const auto& token : text_tokens(text, kMostIndexed)) {
    if (!words.empty()) words += ' ';
    words += token;
  }
  return words;
}

}  // namespace resident
