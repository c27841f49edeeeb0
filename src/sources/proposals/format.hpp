// How a project keeps its proposals: which files they are, what a version of such a file says, and what makes two
// versions the same proposal. A format is one constant and one line in formats.cpp; it knows bytes and paths, no git.
// Promises: reading is a pure function of path and bytes, for any bytes; a status is the word that stands there, in its
// own spelling.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// What a version of a file says of one proposal.
struct ProposalEntry {
  std::string key;     // what makes it the same proposal, where the format's identity is by key
  std::string number;  // as people call it: 8, 115, 0008-black, proposal-bigint
  std::string draft;   // of one without a key: what it is called until it has one; equal ones are one
  std::string slug;    // its name in the path, where numbers may change and names stay; else empty
  std::string name;    // title; may be empty here
  std::string link;    // address of a row; else empty
  std::string status;  // empty: it does not say
  int rank = 0;        // where several files or rows speak of one proposal, the highest counts
};

enum class ProposalIdentity {
  key,      // equal keys
  names,    // what git's renames join, else equal keys
  renames,  // equal keys; files without one are joined by git's renames to what they became
  rows,     // the row's link or its name: either may change, not both at once
};

// What a status means for those who wait: the words are the project's own, these four are ours.
enum class ProposalStage {
  open,      // not decided: drafts, and what was put off
  accepted,  // decided for; to be done, or in force
  done,      // carried out
  ended,     // rejected, withdrawn, or replaced
};

const char* proposal_stage_name(ProposalStage stage);
// What most projects mean by their words. Those of DEP 1, PEP 1, KEP-1, EIP-1 and BIP 3 are among them, and Ember's
// stages; a word that is none of them is open.
ProposalStage stage_of_status_word(std::string_view status);

struct ProposalFormat {
  std::string name;         // as --format has it
  std::string noun;         // "PEP"
  std::string description;  // one sentence
  ProposalIdentity identity = ProposalIdentity::key;
  // Whether the file may speak of proposals. Called for every path of the history.
  std::function<bool(std::string_view path)> concerns;
  std::function<std::vector<ProposalEntry>(std::string_view path, std::string_view text)> read;
  std::function<ProposalStage(const std::string& status)> stage;
  // Other files that tell of them: schedules of releases.
  std::function<bool(std::string_view path)> wants_beside = {};
};

// Projects whose proposals are kept in another way say how; what is empty is as the format has it.
struct OwnProposalFormat {
  // A regular expression. Its group, several of them joined by "/", or else the whole path, is the number; what took no
  // part, and 0000 or XXXX, is none yet. A group called "status" is the status, one called "number" alone the number.
  std::string paths;
  std::string status;  // names of the header, key, or column, separated by commas; Status without it
  std::string noun = {}, description = {};
};

// By name: peps, rfcs, keps, tc39, deps, or own (headers, field lists, front matter and YAML, whichever the file has)
// and own-table. Throws Error{usage}.
ProposalFormat proposal_format(const std::string& name, const OwnProposalFormat& own = {});
std::vector<std::string> proposal_format_names();
// The one that most of these files (those of the newest tree) speak for; empty: none does.
std::string guess_proposal_format(const std::vector<std::string>& paths);

// The folder names, extension and so on of a path.
std::string_view file_name(std::string_view path);
// "https://github.com/tc39/proposal-bigint/" → proposal-bigint.
std::string last_part_of_address(std::string_view address);
// "0008-black.rst" → "0008", "black"; false where it does not begin with a number and a separator.
bool split_numbered_name(std::string_view name, std::string_view& digits, std::string_view& rest);
std::string without_zeros(std::string_view digits);

}  // namespace resident
