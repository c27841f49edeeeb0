#include <base/pattern.hpp>
#include <base/text.hpp>
#include <text/notices.hpp>
#include <text/speech.hpp>

namespace resident {

namespace {

constexpr std::size_t kBegin = 400;  // bytes of the text in which the sentence stands

// actions/stale, probot/stale, dessant/lock-threads, Prow's "lifecycle", actions/first-interaction and behaviorbot's
// "welcome", cla-assistant, EasyCLA and cla-bot, Jenkins' pull request builder, Prow's "trusted": as they come (2026).
const Pattern& stock() {
  static const Pattern sentences(
      R"((?i)\b(?:(?:issue|pull request|pr|thread|merge request|discussion|topic|bug|ticket) (?:has been|was|is being|is) automatically (?:marked as stale|marked stale|closed|locked)\b|this (?:issue|pr|pull request) is stale because it has been open\b|this (?:issue|pr|pull request) was closed because it has been (?:stalled|inactive|stale)\b|issues go stale after \d+ ?d|(?:stale|rotten) (?:issues|prs) (?:rot|close) after \d+ ?d|thanks for opening (?:your first issue|this pull request! please check out our contributing)|we could not parse the github identity|ask that you (?:all )?sign our contributor license agreement|can one of the admins verify this patch|member to verify that this patch is reasonable to test))");
  return sentences;
}

}  // namespace

bool is_stock_notice(std::string_view body) {
  // Most posts are told by what they lack.
  if (body.size() < 30) return false;
  const std::string words = own_words(body.substr(0, 4 * kBegin));
  return stock().found_in(std::string_view(words).substr(0, kBegin));
}

}  // namespace resident
