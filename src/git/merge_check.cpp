#include <base/text.hpp>
#include <git/merge_check.hpp>

namespace resident::git {

namespace {

constexpr std::size_t kMostFiles = 200;
constexpr int kConflict = 1;

}  // namespace

const char* merge_state_name(MergeAnswer::State state) {
  switch (state) {
    case MergeAnswer::State::clean:
      return "clean";
    case MergeAnswer::State::conflict:
      return "conflict";
    case MergeAnswer::State::unknown:
      break;
  }
  return "unknown";
}

MergeCheck::MergeCheck(const std::string& clone) : git_(clone) {}

MergeAnswer MergeCheck::check(const std::string& base_sha, const std::string& head_sha) const {
  MergeAnswer answer;
  if (!is_whole_sha(base_sha) || !is_whole_sha(head_sha)) {
    answer.why = "its head or its base is not known";
    return answer;
  }
  const AskedGit::Answer merge =
      git_.ask({"merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", base_sha, head_sha});
  if (merge.status == 0) {
    answer.state = MergeAnswer::State::clean;
  } else if (merge.status == kConflict && !merge.output.empty()) {
    answer.state = MergeAnswer::State::conflict;
    // The tree's id, then the files in conflict. (Without a word it says that a commit is missing.)
    bool is_first = true;
    for (const std::string_view part : split(merge.output, '\0')) {
      if (!is_first && !part.empty() && answer.files.size() < kMostFiles) answer.files.push_back(clean_text(part));
      is_first = false;
    }
  } else {
    answer.why = merge.status == AskedGit::kCannotRun ? "git is not installed"
                 : merge.status < 0                   ? "git took too long"
                                                      : "the clone does not hold its commits (fetch refs/pull/*/head)";
  }
  return answer;
}

}  // namespace resident::git
