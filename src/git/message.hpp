// What a commit message says: subject and body as git splits them, trailers as git
// reads them, marks that are none of git's trailers, the numbers of the pull requests
// that brought the commit, and the issues it claims to fix. Forges and projects write
// the numbers of pull requests in many ways, so those patterns are data with defaults
// that know GitHub, GitLab, Azure, Gitea, bors and Bitcoin's merge script; all other
// numbers are read by base/references.hpp. All functions are pure, take any bytes, run
// in linear time and return valid, bounded UTF-8.
#pragma once

#include <base/references.hpp>
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

// RE2 patterns; each has one group: the number, or several that one commit brought at once.
struct MessagePatterns {
  // At the end of the subject, taken off one after the other.
  std::vector<std::string> pull_suffixes = {R"(\((?:#|[Gg][Hh]-|!)(\d{1,10})\)\s*$)"};
  // Elsewhere in the subject.
  std::vector<std::string> pull_subjects = {
      R"(^Merge(?:d)? (?:pull request|PR) #?(\d{1,10})\b)",       // GitHub, Azure
      R"(^Merge pull request '.*' \(#(\d{1,10})\) from )",        // Gitea
      R"(^Merge (?:[\w.-]{1,100}/[\w.-]{1,100})?#(\d{1,10})\b)",  // Bitcoin's script, bors
      R"(^Merge((?: #\d+){2,})\s*$)",                             // bors-ng's batches: each is its own
      R"(^(?:Auto merge|Rollup merge) of #(\d{1,10})\b)",         // Rust's bors
  };
  // In a line of the body.
  std::vector<std::string> pull_bodies = {
      R"((?m)^See merge request (?:[\w./-]{1,300})?!(\d{1,10})\b)",  // GitLab
      R"((?m)^Pull[ -][Rr]equest:? (?:#|\S{1,300}/pull/)(\d{1,10})\b)",
      R"((?m)^Pull Request resolved: \S{1,300}/pull/(\d{1,10})\b)",  // PyTorch
      R"((?m)^PR-URL: (?:#|\S{1,300}/pull/)(\d{1,10})\b)",           // Node.js
      R"((?m)^Closes #(\d{1,10}) from [\w.-]{1,100}/\S)",            // Apache's scripts
      // Copybara, by which Google's projects import them; the forge then calls them closed.
      R"((?m)^Imported from GitHub PR \S{1,300}/pull/(\d{1,10})\b)",
      R"((?m)^COPYBARA_INTEGRATE_REVIEW=\S{1,300}/pull/(\d{1,10})\b)",
      R"((?m)^GitHub-Pull-Request: (?:[\w.-]{1,100}/[\w.-]{1,100})?#(\d{1,10})\b)",  // Go's bridge to Gerrit
  };
  // Whose numbers stand in a message, and which words close. Where the repository is not known, the one that the
  // subject of a merge names is taken for it.
  ReferenceRules references = {};
};

struct Message {
  std::string subject, body;
  std::vector<Trailer> trailers;           // git's
  std::vector<Trailer> marks;              // beside them
  std::vector<std::int64_t> pull_numbers;  // the last is this commit's own, earlier ones are originals of a backport
  std::size_t own_pulls = 1;               // so many of the last are its own: a batch of bors-ng's has several
  std::vector<std::int64_t> fixes;
  std::vector<std::int64_t> mentions;  // named, and neither in pull_numbers nor in fixes
};

inline constexpr std::size_t kMaxSubject = 2000, kMaxBody = 256 * 1024, kMaxTrailers = 1000, kMaxNumbers = 1000;

// First paragraph, its lines joined by spaces, and what follows it.
std::pair<std::string, std::string> split_message(std::string_view message);
// What `git log --format=%(trailers:only,unfold)` says (git 2.39, trailer.c, with the settings that git comes with):
// the last paragraph behind the subject, without comments, conflicts and what a scissors line cuts off, where all its
// lines are trailers, or one was written by git itself and no more than three quarters are other lines. A line of
// three dashes ends no commit message. Tokens are in lower case here.
std::vector<Trailer> parse_trailers(std::string_view message);
// What is said in a message beside git's trailers, wherever it begins a line:
//   co-authored-by      where it is no trailer to git; forges count such a line, too
//   cherry-picked-from  '(cherry picked from commit …)', of `git cherry-pick -x`
//   reverts             'This reverts commit …', of `git revert`
//   message-id          the mail that brought it: 'Link: https://lore.kernel.org/r/ID', 'Message-Id: <ID>'; its
//                       value is the mail's key (base/message_ids.hpp): the id itself often is somebody's address
//   discussion          the same of the thread, as PostgreSQL's 'Discussion: https://postgr.es/m/ID'
std::vector<Trailer> parse_marks(std::string_view message);
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
  bool names_another(std::string_view found) const;
  void add_references(Message& message) const;
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace resident::git
