// What an answer to a patch says in the lists' own forms: tags such as "Reviewed-by: Ann <ann@example.org>", that it
// was applied, dropped, withdrawn. Quoted lines say nothing: those with ">" or "|" or initials before it, and all that
// stands below a quoted head ("-----Original Message-----", "From: … Sent: … Subject: …"), below a signature or in a
// diff. English, as the tags are.
//
// Promises: pure; linear in the length; any bytes are taken; at most kMostTags tags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident::mail {

inline constexpr std::size_t kMostTags = 200;

struct ReviewTag {
  std::string token;        // reviewed-by, acked-by, tested-by, nacked-by
  std::string name, email;  // as typed
  bool operator==(const ReviewTag&) const = default;
};

// Lines of a commit's message, or of an answer's own words.
std::vector<ReviewTag> review_tags(std::string_view text);

// The answer without what it quotes, its signature and diffs; lines keep their order.
std::string unquoted_words(std::string_view body);

enum class Said {
  nothing,
  applied,
  applied_changed,  // "applied with the typo mended"
  will_apply,       // announced: not applied yet
  taken_back,       // "dropped again", "reverted"
  withdrawn,        // "please ignore this one": counts of the patch's author
  rejected,         // "I will not apply this", "NAK"
  superseded,       // "v3 is out", "superseded by …"
};
const char* said_name(Said said);
// Throws nothing: an unknown name is nothing.
Said said_of(std::string_view name);

constexpr int kAllParts = 0;  // "both merged": of all, whichever is answered

struct Statement {
  Said said = Said::nothing;
  std::vector<int> parts;            // "applied 1-3 and 5": of those alone; empty: of what is answered
  std::vector<std::string> commits;  // ids that stand beside it
};
// words: unquoted_words().
Statement statement_of(std::string_view words);

}  // namespace resident::mail
