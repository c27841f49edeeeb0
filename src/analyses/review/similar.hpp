// Pull requests that are about the same as another: the same files, much the same
// title, or the same issue. Open ones compete with it, closed ones were earlier attempts.
#pragma once

#include <model/open_items.hpp>
#include <string>
#include <vector>

namespace resident {

struct SimilarPull {
  std::int64_t number = 0;
  bool is_open = false;  // as of the moment; else closed without a merge
  double likeness = 0;   // 0 to 1
  std::string why;
};

// Most alike first, at most `most`. `paths`: the files of the item.
std::vector<SimilarPull> similar_pulls(const Context& context, const OpenItem& item,
                                       const std::vector<std::string>& paths, std::size_t most = 20);

// Issues that its text names or that the forge noted a reference to, by number.
std::vector<std::int64_t> linked_issues(const Context& context, const OpenItem& item);

}  // namespace resident
