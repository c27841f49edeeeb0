// Who wrote each line that stands: the history of the default branch's first-parent
// line replayed forward. Every file is a list of runs, each some lines of one
// origin; a commit's hunks take lines out and put its own in, renames carry them
// along. That costs what the changes cost, where `git blame` walks back once for
// every file; the answer is the same, since both follow the same hunks. Knows
// neither store nor clone: origins are the caller's numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <git/repository.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident::git {

struct LineRun {
  std::uint32_t origin = 0;  // 0: cannot be known
  std::uint32_t lines = 0;
  bool operator==(const LineRun&) const = default;
};
using LineRuns = std::vector<LineRun>;

class LineHistory {
 public:
  // Gives what an earlier replay left of a file; called at most once a file.
  using Load = std::function<std::optional<LineRuns>(const std::string& path)>;
  // Lines of a run were removed from a file.
  using OnDeath = std::function<void(const std::string& path, const LineRun& run)>;

  explicit LineHistory(Load load, OnDeath on_death) : load_(std::move(load)), on_death_(std::move(on_death)) {}

  // origin_of: the origin of lines that this step puts into a file. is_ignored: the step is nobody's work (a
  // reformatting): what it puts in the place of other lines is those lines' still, in their order.
  void apply(const LineStep& step, const std::function<std::uint32_t(const std::string& path)>& origin_of,
             bool is_ignored = false);
  // The files whose runs changed since the last call; no runs where a file is gone.
  void take_changed(const std::function<void(const std::string& path, const LineRuns& runs)>& each);
  // Lines whose origin was lost: files that could not be read on the way.
  std::int64_t lost() const { return lost_; }

 private:
  LineRuns take(const std::string& path);
  void put(const std::string& path, LineRuns&& runs);
  void bury(const std::string& path, const LineRuns& runs);
  LineRuns edit(const std::string& path, const LineRuns& before, const TreeChange& change, std::uint32_t origin,
                bool is_ignored);

  struct File {
    LineRuns runs;
    bool is_changed = false;
  };
  Load load_;
  OnDeath on_death_;
  std::unordered_map<std::string, File> files_;
  std::vector<std::string> changed_;
  std::int64_t lost_ = 0;
};

}  // namespace resident::git
