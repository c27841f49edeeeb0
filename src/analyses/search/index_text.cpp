#include <fmt/format.h>

#include <algorithm>
#include <analyses/search/index_text.hpp>
#include <analyses/text/tokens.hpp>
#include <map>

namespace resident {

namespace {

constexpr std::size_t kLastPosition = 16'383;  // of a tsvector
constexpr std::size_t kMostIndexed = 100'000;  // words of one field: more than 400 kB of prose have
constexpr std::size_t kLongestList = 1000;     // bytes of one word's places

}  // namespace

std::string words_text(std::string_view text) {
  std::string words;
  for (const auto& token : text_tokens(text, kMostIndexed)) {
    if (!words.empty()) words += ' ';
    words += token;
  }
  return words;
}

std::string tsvector_text(std::string_view title, std::string_view body, std::string_view replies) {
  std::map<std::string, std::string> positions;
  std::size_t position = 1;
  const auto add = [&](std::string_view text, char weight) {
    for (const auto& token : text_tokens(text, kMostIndexed)) {
      std::string& list = positions[token];
      const std::size_t place = std::min(position++, kLastPosition);
      // At the end of places one is enough.
      if (list.empty() || (list.size() < kLongestList && place < kLastPosition))
        list += fmt::format("{}{}{}", list.empty() ? "" : ",", place, weight);
    }
    position += 2;  // no phrase across fields
  };
  add(title, 'A');
  add(body, 'B');
  add(replies, 'C');
  // No token has a quote or a backslash.
  std::string text;
  for (const auto& [token, list] : positions) text += fmt::format("'{}':{} ", token, list);
  return text;
}

}  // namespace resident
