// What reviewer suggestion knows of a project: its pull requests with their files
// and the words of their titles, and every act of every person in order of time.
// Loaded once, never later than the context's as-of; Signals walks through it, so
// that each suggestion, past or present, sees only what came before it.
#pragma once

#include <cstdint>
#include <learn/reviewers/packed_list.hpp>
#include <model/codeowners.hpp>
#include <model/open_items.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident::reviewers {

// People, path keys and words are numbered densely.
using Index = std::uint32_t;
inline constexpr Index kNone = 0xFFFFFFFF;

// An issue, or a pull request, that the opening text of a pull request refers to.
struct Link {
  bool is_pull = false;
  Index index = kNone;
};

struct Pull {
  std::int64_t id = 0, number = 0;
  Index author = kNone;
  bool author_is_bot = false;
  Timestamp opened_at = 0;             // when it was first opened
  std::optional<Timestamp> closed_at;  // of the last stretch, if it has ended by as_of
  std::vector<Index> files;            // places in file_keys and file_paths
  std::vector<Link> links;
  std::vector<Index> words;  // of the title it was opened with, each once, in order
};

enum class ActKind : std::uint8_t {
  opened,          // a pull request
  review,          // submitted
  inline_comment,  // on a pull request
  comment,         // on a pull request
  issue,           // wrote in or opened an issue
  merged,
  requested,  // was asked for a review; not an act of theirs
  other,      // labelled, closed, …
  commit,     // to the default branch
  lines,      // lines of theirs came to stand, or went
};

struct Act {
  Timestamp at = 0;
  ActKind kind = ActKind::other;
  Index person = kNone;
  Index pull = kNone;  // index in pulls
  Index file = kNone;  // commit, lines: index in file_keys; issue: which
  float amount = 0;    // commit: added lines; lines: how many came (or, below 0, went)
};

struct ActCoder {
  Timestamp last = 0;
  void pack(Packer& packer, const Act& act);
  Act unpack(Unpacker& unpacker);
};
using ActList = PackedList<Act, ActCoder>;

struct ReviewHistory {
  explicit ReviewHistory(const Context& context) : ReviewHistory(context, load_people(context)) {}
  // With people that were loaded for the same moment.
  ReviewHistory(const Context& context, People known);

  std::string basis;  // of what is learnt from it: names what was there when the week began
  People people;
  std::vector<std::int64_t> person_ids;  // by index
  std::vector<bool> is_bot;
  std::vector<Pull> pulls;  // by opening
  ActList acts;             // by time
  // Of each file its path keys: the file itself first, then its folders from the inside out.
  std::vector<std::vector<Index>> file_keys;
  std::vector<std::string> file_paths;
  Index key_count = 0, word_count = 0, issue_count = 0;
  Codeowners codeowners;
  std::unordered_map<std::int64_t, Index> pull_index;  // by item_id

  const std::string& name(Index person) const;
  // Whom CODEOWNERS names for a path.
  std::vector<Index> owners_of(const std::string& path) const;

 private:
  friend class HistoryLoader;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Index> owners_;  // those whom CODEOWNERS names, as it writes them, and who are known
};

using resident::owner_pattern_matches;

}  // namespace resident::reviewers
