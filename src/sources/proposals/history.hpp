// What became of every proposal, from one pass over the history of the default branch. A proposal is followed by what
// identifies it (its number, its slug, its row), not by its path: files moved between folders and took other endings in
// mass edits, and `git log` loses most of a history there, or goes on in another proposal's. Promises: a change is a
// commit whose own difference makes it, where the status is unlike that in every parent; the same on every machine;
// what could not be read is left out and counted in problems.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <git/repository.hpp>
#include <optional>
#include <sources/proposals/format.hpp>
#include <string>
#include <vector>

namespace resident {

enum class StatusKind {
  first,   // the first status of the proposal
  change,  // somebody decided something
  word,    // the word was renamed or mended, nothing decided
};
const char* status_kind_name(StatusKind kind);

struct StatusChange {
  std::string commit;
  Timestamp at = 0, authored_at = 0;  // committer's and author's time
  std::string landed_commit;          // when it came to the default branch, and with what
  Timestamp landed_at = 0;
  std::string from, to;
  StatusKind kind = StatusKind::first;
  std::int64_t same_commit = 0;  // proposals whose status changes in that commit, first ones aside
  std::string author, subject;
  std::int64_t pull = 0;  // that brought the commit, as its message says; 0: not said
};

// A commit that touched the proposal's files. One that touches many proposals says little of each: most move files,
// rename a header or mend a word everywhere.
struct ProposalTouch {
  static constexpr std::size_t kMany = 5;
  bool is_own() const { return together < kMany; }

  std::string commit, author, subject, body;
  Timestamp landed_at = 0;
  std::int64_t pull = 0;
  std::size_t together = 1;  // proposals that it touched
};

struct Proposal {
  std::string number, name, link;
  std::string path;    // of the file that says the status
  std::string status;  // at the end
  bool is_gone = false;
  std::optional<Timestamp> left_at;     // when it went, where it is gone
  std::vector<git::FileVersion> files;  // that speak of it alone, at the end
  std::vector<StatusChange> changes;    // as the history has them
  std::vector<ProposalTouch> touches;
};

struct ProposalHistory {
  std::string format, noun, description;
  std::vector<Proposal> proposals;       // by number, then name
  std::vector<git::FileVersion> beside;  // at the end: the files that the format wants beside proposals
  std::int64_t commits = 0;              // read
  std::int64_t cut_commits = 0;          // of which the parents are absent: what stands there first may be older
  std::optional<Timestamp> until;        // of the newest commit of the main line that counted
  std::vector<git::Problem> problems;
};

// as_of: what came to the default branch later is left out.
ProposalHistory read_proposal_history(git::Repository& repository, const ProposalFormat& format,
                                      std::optional<Timestamp> as_of);
// By number, with or without zeros and the noun in front ("PEP 8", "pep-0008"), or by a name that only one has; null:
// there is none.
const Proposal* find_proposal(const ProposalHistory& history, const std::string& wanted);

}  // namespace resident
