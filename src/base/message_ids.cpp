#include <algorithm>
#include <base/message_ids.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// "%40" → "@".
std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0) {
      result += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

void add(std::vector<std::string>& ids, std::string_view found) {
  while (!found.empty() && std::string_view(".;:!'>").find(found.back()) != std::string_view::npos)
    found.remove_suffix(1);
  std::string id = unescaped(found);
  if (id.find('@') == std::string::npos || std::find(ids.begin(), ids.end(), id) != ids.end()) return;
  ids.push_back(std::move(id));
}

}  // namespace

std::vector<std::string> linked_message_ids(std::string_view text) {
  std::vector<std::string> ids;
  if (text.find('@') == std::string_view::npos && text.find("%40") == std::string_view::npos) return ids;
  static const Pattern link(
      R"re((?:https?://[^\s<>()"]*?/|(?i:message-id:?\s*<?|\bid:|\bmid:))([^\s<>()"/?#,]{1,250}(?:@|%40)[^\s<>()"/?#,]{1,250}))re");
  static const Pattern brackets(
      R"re((?i:supersedes|link|in reply to|v\d+)[^\n<]{0,40}<([^\s<>@/]{1,250}@[^\s<>@/]{1,250})>)re");
  for (const Pattern* pattern : {&link, &brackets})
    for (std::string_view rest = text; ids.size() < kMostLinkedIds;) {
      std::string_view id;
      if (!pattern->find_next(rest, &id)) break;
      add(ids, id);
    }
  return ids;
}

std::string mail_key(std::string_view message_id) {
  return fingerprint(message_id);
}

}  // namespace resident
