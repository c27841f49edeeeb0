// Pull requests that are about the same as another: the same files, much the same
// title, or the same issue. Open ones compete with it, closed ones were earlier attempts.
#pragma once

#include <memory>
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

// The project's pull requests that are open or were closed without a merge, read once for all that are asked about.
class SimilarPulls {
 public:
  explicit SimilarPulls(const Context& context);  // which outlives it
  ~SimilarPulls();
  // Most alike first, at most `most`. `paths`: the files of the item.
  std::vector<SimilarPull> of(const OpenItem& item, const std::vector<std::string>& paths, std::size_t most = 20);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

// Issues that its text names or that the forge noted a reference to, by number.
std::vector<std::int64_t> linked_issues(const Context& context, const OpenItem& item);

}  // namespace resident
