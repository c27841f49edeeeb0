// What a commit message says: subject and body as git splits them, trailers,
// the numbers of the pull requests that brought the commit, and the issues it
// claims to fix. Forges and projects write these in many ways, so the patterns
// are data with defaults that know GitHub, GitLab, Azure, Gitea, bors and
// Bitcoin's merge script. All functions are pure, take any bytes, run in linear
// time and return valid, bounded UTF-8.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident::git {

struct Trailer {
  std::string token;  // lower case
  std::string value;
  std::string name, email;  // where the value reads 'Name <email>'; else empty
};

// RE2 patterns; each has one group: the number, or for fixes the list of numbers.
struct MessagePatterns {
  // At the end of the subject, taken off one after the other.
  std::vector<std::string> pull_suffixes = {R"(\((?:#|[Gg][Hh]-|!)(\d{1,10})\)\s*$)"};
  // Elsewhere in the subject.
  std::vector<std::string> pull_subjects = {
      R"(^Merge(?:d)? (?:pull request|PR) #?(\d{1,10})\b)",       // GitHub, Azure
      R"(^Merge pull request '.*' \(#(\d{1,10})\) from )",        // Gitea
      R"(^Merge (?:[\w.-]{1,100}/[\w.-]{1,100})?#(\d{1,10})\b)",  // Bitcoin's script, bors
      R"(^(?:Auto merge|Rollup merge) of #(\d{1,10})\b)",         // Rust's bors
  };
  // In a line of the body.
  std::vector<std::string> pull_bodies = {
      R"((?m)^See merge request (?:[\w./-]{1,300})?!(\d{1,10})\b)",  // GitLab
      R"((?m)^Pull[ -][Rr]equest:? (?:#|\S{1,300}/pull/)(\d{1,10})\b)",
  };
  std::vector<std::string> fixes = {
      R"((?i)\b(?:fix|fixe[sd]|close[sd]?|resolve[sd]?):?[ \t]+(?:(?:the )?(?:issue|bug)s?[ \t]+)?)"
      R"(((?:GH-|#)\d{1,10}\b(?:(?:[ \t]*,[ \t]*|[ \t]*&[ \t]*|[ \t]+)(?:and[ \t]+)?(?:GH-|#)\d{1,10}\b)*))"};
  // Any other mention of an item.
  std::vector<std::string> mentions = {R"((?i)(?:^|[^\w/#&])(?:GH-|#)(\d{1,10})\b)"};
};

struct Message {
  std::string subject, body;
  std::vector<Trailer> trailers;
  std::vector<std::int64_t> pull_numbers;  // the last is this commit's own, earlier ones are originals of a backport
  std::vector<std::int64_t> fixes;
  std::vector<std::int64_t> mentions;  // named, and neither in pull_numbers nor in fixes
};

inline constexpr std::size_t kMaxSubject = 2000, kMaxBody = 256 * 1024, kMaxTrailers = 1000, kMaxNumbers = 1000;

// First paragraph, its lines joined by spaces, and what follows it.
std::pair<std::string, std::string> split_message(std::string_view message);
// Roughly git interpret-trailers: the last paragraph, if it is one of trailers.
// And, wherever they stand at the start of a line, because tools break that rule:
// Co-authored-by, '(cherry picked from commit …)' as cherry-picked-from, and
// 'This reverts commit …' as reverts.
std::vector<Trailer> parse_trailers(std::string_view message);
// 'Name <email>' → both; anything else → name only.
std::pair<std::string, std::string> parse_person(std::string_view text);

class MessageParser {
 public:
  // Throws Error when a pattern is not a regular expression with one group.
  explicit MessageParser(const MessagePatterns& patterns = {});
  ~MessageParser();
  MessageParser(MessageParser&&) noexcept;
  Message parse(std::string_view message) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace resident::git
