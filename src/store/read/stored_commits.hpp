// Commits of the project as they are stored: what sources of mails, benchmarks and reports hold theirs against.
#pragma once

#include <base/time.hpp>
#include <functional>
#include <optional>
#include <store/writer.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct StoredCommit {
  std::string sha, subject;
  Timestamp authored_at = 0, committed_at = 0;
  PersonRecord author, committer;  // as git names them
};

// The project's commits that any branch or tag reaches, no merges, committed at or after `since`; oldest first.
std::vector<StoredCommit> commits_since(Writer& writer, Timestamp since);
// Calls take(sha, kind, value) for marks "message-id" and "discussion" in messages of commits since then.
void each_mail_mark(Writer& writer, Timestamp since,
                    const std::function<void(std::string_view, std::string_view, const std::string&)>& take);
// Calls take(sha, path) for the files that those of commits_since() change.
void each_changed_path(Writer& writer, Timestamp since,
                       const std::function<void(std::string_view, const std::string&)>& take);
std::vector<std::string> parents_of(Writer& writer, const std::string& sha);
// The hash that begins so; of several the least. What was given where there is none, and where it is whole itself.
std::string whole_hash(Writer& writer, const std::string& beginning);
std::optional<Timestamp> commit_time(Writer& writer, const std::string& sha);

struct StoredCiRun {
  std::string sha, branch, trigger_event;
  std::optional<Timestamp> finished_at;
};
std::optional<StoredCiRun> stored_ci_run(Writer& writer, const std::string& key);

}  // namespace resident
