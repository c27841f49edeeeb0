// The text of a mail with a patch, taken apart as `git am` takes it: headers inside the body, the commit's message,
// what stands between "---" and the diff, the diff. With its patch-id: SHA-1 over the diff without blanks and line
// numbers, byte for byte what `git patch-id --stable` prints (builtin/patch-id.c, git 2.39), so that a commit with the
// same change has the same one.
//
// Where git differs: an empty line inside a hunk (mail programs cut the blank of an empty context line) counts as
// context here, as it does for `git apply`; `git patch-id` counts it as no line and reads on into what follows.
//
// Promises: pure; linear in the length; any bytes are taken; paths and lists are bounded.
#pragma once

#include <cstdint>
#include <sources/mail/patches/review_tags.hpp>
#include <store/records.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

struct PatchText {
  bool has_diff = false;
  bool is_whole = true;            // every hunk has the lines that its head announces: `git apply` could read it
  PersonRecord author;             // of "From:" in the body; else unknown
  std::string title;               // of "Subject:" in the body; else ""
  std::string message;             // of the commit, without what follows "---"
  std::vector<ReviewTag> tags;     // of the message: Reviewed-by and the like
  std::vector<std::string> paths;  // as the change leaves them; of a deleted file, as it was
  std::int64_t additions = 0, deletions = 0;
  std::string patch_id;         // 40 digits; "" without a diff
  std::string base_commit;      // "base-commit:" of format-patch --base
  std::string upstream_commit;  // "commit … upstream.", "(cherry picked from commit …)": it carries that one
  std::string change_id;        // b4's "change-id:", the same in all versions
  std::vector<std::string> linked_ids;  // Message-IDs in lines that speak of a version: "Link to v1: https://…/ID/"
};

PatchText parse_patch_text(std::string_view body);

// Of the first change in the text; "" where there is none.
std::string stable_patch_id(std::string_view diff);

}  // namespace resident::mail
