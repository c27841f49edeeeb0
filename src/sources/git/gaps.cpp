#include <algorithm>
#include <base/text.hpp>
#include <set>
#include <sources/git/gaps.hpp>
#include <utility>

namespace resident {

namespace {

// Kinds of rows in quarantine. gap: found at every reading, while it is there. object: its record is the id of one
// that cannot be read. tree: found only where a commit is compared. lines: a sum over all syncs. limit: could be read,
// and is more than is kept (GitGaps::kLimit).
constexpr std::string_view kGap = "gap", kObject = "object", kTree = "tree", kLines = "lines";
constexpr const char* kLostLines = "lost lines";
constexpr const char* kTreePrefix = "trees/";
// Commits at which the history ended when they were read. Kept until their files were compared, since a parent may
// stand in the store by another way than through them, and a run may be killed.
constexpr const char* kEdgePrefix = "edge/";
// All of history is to be gone through once more, though the run that found so was killed.
constexpr const char* kAnew = "history came";

bool is_id(const std::string& record) {
  return (record.size() == 40 || record.size() == 64) &&
         record.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string_view kind_of(const git::Problem& problem) {
  if (problem.kind == "unreadable files") return is_id(problem.record) ? kObject : kGap;
  if (problem.kind == "unreadable trees") return kTree;
  if (problem.kind == "long pull requests") return GitGaps::kLimit;
  for (const char* kind : {"shallow commits", "commits with missing parents", "damaged commits", "dangling references",
                           "damaged tags", "unreadable references", "unreadable packs", "missing pull request heads",
                           "pull requests without common history", "default branch"})
    if (problem.kind == kind) return kGap;
  return {};  // of a commit's own bytes, which do not change
}

}  // namespace

GitGaps::GitGaps(git::Repository& repository, Writer& writer)
    : repository_(repository), writer_(writer), before_(writer.set_aside()) {
  // Stores made before kinds were kept have rows without one.
  bool content_came = !writer.cursor() || !writer.remembered("coverage");
  for (const auto& row : before_) {
    if (row.kind == kTree || (row.kind == kGap && row.record.starts_with("unreadable"))) content_came = true;
    if (row.kind == kObject && !content_came) content_came = repository.has_object(row.record);
  }
  if (writer.cursor() && !writer.remembered("coverage"))
    for (const std::string& sha : writer.commits_without_parents()) writer.remember(kEdgePrefix + sha, "");
  for (const std::string& sha : writer.remembered_with(kEdgePrefix))
    if (!repository.lacks_parents(sha)) commits_.insert(sha);
  if (content_came) {
    commits_.merge(writer.commits_without_counts());
    for (const std::string& sha : writer.remembered_with(kTreePrefix)) commits_.insert(sha);
  }
  const bool has_lost_lines = writer.remembered(kLostLines).value_or("0") != "0";
  some_came_ = !commits_.empty() || (content_came && has_lost_lines) || writer.remembered(kAnew);
  if (!some_came_) return;
  writer.remember(kAnew, "");
  writer.forget(kLostLines);
}

void GitGaps::note(const std::string& sha, bool is_whole) {
  writer_.forget(kEdgePrefix + sha);
  if (is_whole)
    writer_.forget(kTreePrefix + sha);
  else
    writer_.remember(kTreePrefix + sha, "lacking");
}

void GitGaps::note_edge(const std::string& sha) {
  writer_.remember(kEdgePrefix + sha, "");
}

void GitGaps::lost_lines(std::int64_t lines) {
  const std::int64_t all = lines + std::stoll(writer_.remembered(kLostLines).value_or("0"));
  if (all) writer_.remember(kLostLines, std::to_string(all));
}

std::size_t GitGaps::tell(const std::vector<git::Problem>& problems, bool with_lines) {
  std::set<std::pair<std::string, std::string>> now;
  const auto set_aside = [&](const std::string& record, const std::string& reason, std::string_view kind) {
    writer_.quarantine(record, reason, kind);
    now.emplace(record, reason);
  };
  for (const git::Problem& problem : problems) set_aside(problem.record, problem.reason, kind_of(problem));
  if (const std::int64_t lost = std::stoll(writer_.remembered(kLostLines).value_or("0")))
    set_aside(kLostLines,
              plural(lost, "line") +
                  " lost their origin, as a version of their file could not be read; they count as of unknown origin",
              kLines);
  for (const auto& row : before_) {
    if (now.contains({row.record, row.reason})) continue;
    const bool is_gone = row.kind == kGap || row.kind == kLines || (row.kind == kTree && some_came_) ||
                         (row.kind == kObject && (some_came_ || repository_.has_object(row.record))) ||
                         row.record == "lines";  // as it was called before
    if (is_gone) writer_.readmit(row);
  }
  // Merges have no files of their own to read again.
  for (const std::string& sha : writer_.remembered_with(kEdgePrefix))
    if (commits_.contains(sha)) writer_.forget(kEdgePrefix + sha);
  if (with_lines) writer_.forget(kAnew);
  writer_.flush();
  const auto all = writer_.set_aside();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& row) { return row.kind != kLimit; }));
}

}  // namespace resident
