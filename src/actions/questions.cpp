#include <fmt/format.h>

#include <actions/plan_book.hpp>
#include <actions/questions.hpp>
#include <algorithm>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestQuote = 240;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Markdown that shows these words, with a backslash only where one is needed: the signs within a_name mean nothing.
std::string as_written(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at], next = at + 1 < text.size() ? text[at + 1] : ' ';
    const bool is_within = at > 0 && is_word(text[at - 1]) && is_word(next);
    const bool is_special = std::string_view("\\`*[]<>~").find(c) != std::string_view::npos ||
                            (c == '_' && !is_within) || (c == '#' && next >= '0' && next <= '9');
    result += (is_special ? "\\" : "") + std::string(1, c);
  }
  return result;
}

// What somebody wrote, for a sentence in Markdown: on one line, bounded, notifying nobody.
std::string quoted(const std::string& words) {
  std::string plain = one_line(clean_text(words, kLongestQuote));
  std::erase(plain, '@');
  return as_written(blank_emails(trim(plain)));
}

// "Hello @ada, on 2024-05-01 bea asked: “…” (https://…)", as far as it goes.
std::string opening(const Owed& owed, const std::string& author, const std::string& speaker, const std::string& url) {
  const std::string hello = fmt::format("Hello @{}, on {} ", author, format_date(owed.at));
  const std::string link = url.empty() ? "" : fmt::format(" ({})", url);
  const std::string words = quoted(owed.words);
  switch (owed.kind) {
    case Owed::Kind::changes:
      return words.empty() ? fmt::format("{}{} asked for changes{}", hello, speaker, link)
                           : fmt::format("{}{} asked for changes{}: “{}”", hello, speaker, link, words);
    case Owed::Kind::rebase:
      if (words.empty()) return fmt::format("{}{} wrote that this needs a rebase{}", hello, speaker, link);
      [[fallthrough]];
    case Owed::Kind::question:
    case Owed::Kind::nudge:
      return fmt::format("{}{} wrote: “{}”{}", hello, speaker, words, link);
    case Owed::Kind::announced:
      return fmt::format("{}you wrote: “{}”{}", hello, words, link);
  }
  return {};
}

// A quotation that ends in a full stop ends the sentence, too.
std::string with_stop(const std::string& begin) {
  for (const std::string_view end : {".”", "?”", "!”", "…”"})
    if (begin.ends_with(end)) return begin;
  return begin + ".";
}

std::string sentence(const OpenItem& item, const Owed& owed, const std::string& said) {
  const std::string begin = with_stop(said);
  if (!item.is_pull)
    return owed.kind == Owed::Kind::announced
               ? begin + " Is this still planned?"
               : begin + " There is no answer from you since; could you have a look at it?";
  const char* last = " If you would rather have somebody else take it over, just say so.";
  return owed.kind == Owed::Kind::announced
             ? begin + " Is this still planned?" + last
             : begin + " There is no answer from you since; are you still interested in this?" + last;
}

// The login of a person who has one: a name of git cannot be spoken to, nor can the forges' stand-in for an account
// that was deleted (GitHub's "ghost", Gitea's "Ghost", GitLab's "ghost1").
std::string login_of(const People& people, std::int64_t person) {
  const std::string name = people.name(person);
  if (to_lower(name) == "ghost" || to_lower(name) == "ghost1") return {};
  const auto found = people.by_login.find(to_lower(name));
  return found != people.by_login.end() && found->second == person ? name : std::string();
}

}  // namespace

std::string post_url(const OpenItem& item, const Entry& entry) {
  if (item.url.empty()) return {};
  const std::string number = entry.key.substr(entry.key.rfind('/') + 1);
  if (!is_number(number)) return item.url;
  const auto has = [&](const char* part) { return item.url.find(part) != std::string::npos; };
  if (has("/-/")) return entry.kind == EntryKind::review ? item.url : item.url + "#note_" + number;
  const bool is_github = has("/pull/") || (has("/issues/") && entry.kind == EntryKind::comment);
  if (entry.kind == EntryKind::comment && (is_github || has("/pulls/"))) return item.url + "#issuecomment-" + number;
  if (has("/pull/") && entry.kind == EntryKind::review) return item.url + "#pullrequestreview-" + number;
  if (has("/pull/") && entry.kind == EntryKind::inline_comment) return item.url + "#discussion_r" + number;
  return item.url;
}

std::string said_text(const Said& said) {
  return fmt::format("{} on {}{}{}", said.who, format_date(said.at),
                     said.words.empty() ? "" : fmt::format(": “{}”", said.words),
                     said.url.empty() ? "" : ", " + said.url);
}

std::optional<PlannedAction> question_to_author(const OpenItem& item, const People& people, Timestamp as_of,
                                                Timestamp silence) {
  const auto owed = owed_by_author(item, people, as_of);
  if (!owed || as_of - owed->at < silence || owed->asked_by_us) return std::nullopt;
  const std::string author = login_of(people, item.author);
  const std::string speaker = people.name(owed->by);
  if (author.empty() || owed->by == 0) return std::nullopt;
  const Entry& entry = item.entries[owed->entry];
  const std::string url = safe_url(post_url(item, entry));
  PlannedAction action;
  action.item_id = item.id;
  action.number = item.number;
  action.item_kind = item.is_pull ? "pull" : "issue";
  action.title = item.title;
  action.url = item.url;
  action.kind = "comment";
  action.content = sentence(item, *owed, opening(*owed, author, escape_markdown(speaker), url));
  action.reason = fmt::format("{}; silent for {}", owed_text(*owed, people), waiting_text(owed->at, as_of));
  // The same question about the same remark is the same for ever.
  action.key = action_key(item.id, action.kind, action.content);
  action.said.push_back({speaker, owed->at, one_line(clean_text(owed->words, kLongestQuote)), url});
  return action;
}

}  // namespace resident
