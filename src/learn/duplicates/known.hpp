// Which issues were said to be duplicates of which, by whatever way a project says it:
// a marked_as_duplicate event that names the other, or a comment "duplicate of #12"
// on an issue that was closed about then, without "might be" or a question mark.
#pragma once

#include <framework/analysis.hpp>
#include <vector>

namespace resident::duplicates {

struct KnownDuplicate {
  std::int64_t item_id = 0, of = 0;  // item_id: the later of the two
  Timestamp known_at = 0;
};
// As of the context's moment; each pair once. Those known when the week began are kept (framework/learnt.hpp).
std::vector<KnownDuplicate> load_known_duplicates(const Context& context);
// The same, all read from the events and comments.
std::vector<KnownDuplicate> read_known_duplicates(const Context& context);

}  // namespace resident::duplicates
