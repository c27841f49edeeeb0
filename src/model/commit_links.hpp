// From a commit to the one it speaks of: by (abbreviated) sha, by the number of a
// pull request, by subject. And the line of history each commit is on: the default
// branch, or a maintenance branch. For reverts and backports.
//
// Git does not record on which branch a commit was made. A commit outside the
// default branch is put to the branch that its subject names ("[3.9] …"), else to
// the base of its pull request, else to the oldest tag or branch that reaches it
// (a tag v3.9.1 stands for 3.9); where nothing tells, its line has no name.
#pragma once

#include <cstdint>
#include <framework/analysis.hpp>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident {

// "A title. (GH-12) (#34)" → "A title": without the numbers that forges append.
std::string_view without_numbers(std::string_view subject);
// "bpo-1: A title" → "A title": without labels, numbers of issues and scopes before it.
std::string_view without_prefixes(std::string_view subject);
// "[3.9] A title" → "3.9" and "A title", where what is in brackets is a version or
// in `known`; else "" and the subject.
std::pair<std::string, std::string_view> split_branch_label(std::string_view subject,
                                                            const std::map<std::string, std::uint32_t>& known);

// What a subject says of taking something back: git's and the forges' 'Revert "…"'
// and 'Reapply "…"', 'bpo-1: Revert "…"', 'revert: …', 'Revert GH-12', 'Revert 1a2b3c4'.
struct RevertSubject {
  bool is_revert = false;  // begins so, behind a label, number or scope
  std::string title;       // of what is reverted; "" if not given
  std::vector<std::string> shas;
  std::vector<std::int64_t> numbers;
};
RevertSubject parse_revert(std::string_view subject);

struct HistoryCommit {
  std::int64_t commit_id = 0;
  std::string sha, subject;
  std::optional<std::int64_t> author_id, committer_id;  // identities
  Timestamp at = 0;                                     // committer time
  bool on_default = false, is_merge = false;
  std::uint32_t line = 0;  // 0: the default branch; 1: of no known name
};

class CommitIndex {
 public:
  static constexpr std::uint32_t kDefault = 0, kUnknown = 1;

  explicit CommitIndex(const Context& context);

  // All of branches and tags that are not later than the as-of time, oldest first.
  std::span<const HistoryCommit> commits() const { return std::span(commits_).first(visible_); }
  const std::string& line_name(std::uint32_t line) const { return lines_[line]; }  // "" for kDefault and kUnknown

  // Nothing where no commit begins so, or more than one.
  const HistoryCommit* by_sha(std::string_view prefix) const;
  // Where to look: on the line of the commit that speaks, then on the default
  // branch; or there alone.
  enum class Where { line, on_default };
  // The newest that is earlier than `than`: with that subject, or else with the same
  // but for appended numbers, or else the only one that differs by its prefix too.
  const HistoryCommit* by_subject(std::string_view subject, const HistoryCommit& than, Where where) const;
  // The same, of those that brought this pull request.
  const HistoryCommit* by_number(std::int64_t number, const HistoryCommit& than, Where where) const;
  // Pull requests of the originals that a backport's subject keeps.
  std::vector<std::int64_t> original_numbers(const HistoryCommit& commit) const;
  // Values of a mark (cherry-picked-from, reverts) by commit_id, in their order.
  std::unordered_map<std::int64_t, std::vector<std::string>> marks(std::string_view kind) const;

 private:
  using Places = std::vector<std::uint32_t>;
  // Hashes of texts with the places of the commits, in order; a match is compared.
  using TextIndex = std::vector<std::pair<std::size_t, std::uint32_t>>;
  void load_commits();
  void load_numbers();
  void name_lines();
  std::uint32_t line_called(const std::string& name);
  std::string_view title_of(std::string_view subject) const;
  static Places matches(const TextIndex& index, std::string_view text);
  std::optional<std::uint32_t> place_of(std::string_view sha) const;
  const HistoryCommit* newest(const Places& places, const HistoryCommit& than, Where where) const;

  const Context& context_;
  std::vector<HistoryCommit> commits_;  // by time, then id
  std::size_t visible_ = 0;
  std::vector<std::uint32_t> by_sha_;  // places, in order of sha
  TextIndex by_subject_, by_title_, by_words_;
  std::unordered_map<std::int64_t, Places> by_number_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> originals_;  // commit_id → numbers
  std::vector<std::string> lines_;
  std::map<std::string, std::uint32_t> line_numbers_;
};

}  // namespace resident
