// The bytes of a commit object, taken apart by hand. libgit2 refuses commits
// with broken author lines, and real histories hold thousands; here every byte
// string gives an answer, and what had to be guessed is named. Pure functions,
// no I/O; the text that comes out is valid, bounded UTF-8.
#pragma once

#include <array>
#include <base/time.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::git {

// The id of an object, SHA-1 (20 bytes, the rest zero) or SHA-256.
using ObjectId = std::array<unsigned char, 32>;
inline constexpr std::size_t kSha1Bytes = 20, kSha256Bytes = 32;

// 40 or 64 digits.
std::optional<ObjectId> parse_id(std::string_view hexadecimal);
// 40 digits if all behind the twentieth byte is zero, else 64.
std::string to_hexadecimal(const ObjectId& id);

struct Signature {
  std::string name, email;  // as committed; either may be empty
  Timestamp time = 0;       // from 1970 to 9999
  int zone_minutes = 0;     // east of UTC, less than a day
};

// Only what the graph needs; cheap.
struct CommitHeader {
  std::optional<ObjectId> tree;
  std::vector<ObjectId> parents;
  Timestamp committed_at = 0;
  bool is_damaged = false;  // no tree, or a parent that is no id
};
CommitHeader parse_commit_header(std::string_view bytes);

struct RawCommit {
  CommitHeader header;
  Signature author, committer;
  std::string message;              // converted to UTF-8 where it could be
  std::vector<std::string> faults;  // sentences, for problems
};
RawCommit parse_commit(std::string_view bytes);

// 'Name <email> 1700000000 +0100', as lenient as git; faults may be null.
Signature parse_signature(std::string_view line, std::vector<std::string>* faults);

// text in the character set as UTF-8; nothing if the set is unknown or text is
// not of it.
std::optional<std::string> convert_to_utf8(std::string_view text, std::string_view character_set);

inline constexpr std::size_t kMaxName = 1000;

}  // namespace resident::git
