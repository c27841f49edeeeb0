// What the subject of a mail with a patch says: "[PATCH net-next v2 3/7] title" and what people and tools make of it.
// `git format-patch` writes one form, `git am` strips all brackets at the front, and lists put their own before it; so
// every bracket at the front is read, word by word, and what is left is the title that a commit gets.
//
// Promises: pure; linear in the length; any bytes are taken; numbers are from 0 to 9,999.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

struct PatchSubject {
  bool is_reply = false;         // "Re:", "AW:" … before it
  bool is_patch = false;         // a bracket says PATCH, or RFC
  bool is_pull_request = false;  // "[GIT PULL]", "[PULL 3/7]"
  bool is_for_record = false;    // "[COMMITTED]", "[APPLIED]": sent after it was pushed
  bool is_rfc = false, is_resend = false;
  int version = 1;
  bool tells_version = false;
  int part = -1, parts = -1;       // "3/7"; -1: no number. A cover letter is part 0.
  std::vector<std::string> trees;  // the other words of the bracket with PATCH, in lower case: "net-next", "5.10.y"
  std::string title;               // without brackets, blanks joined, as `git mailinfo` leaves it

  bool has_number() const { return part >= 0 && parts >= 0; }
  bool is_cover() const { return has_number() && part == 0; }
  // A word that names a maintenance branch: "5.10.y", "stable", "2.39".
  std::string stable_tree() const;
};

PatchSubject parse_patch_subject(std::string_view subject);

// For comparing titles: lower case, letters and digits, single blanks.
std::string title_key(std::string_view title);

}  // namespace resident::mail
