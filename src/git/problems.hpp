// What could not be read, gathered while a repository is read. A broken clone
// may have a hundred thousand faults of one kind, so of each kind the first ones
// are kept in full and the rest are counted: the list stays short and still says
// how much of the figures it touches.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace resident::git {

struct Problem {
  std::string record;  // commit, reference, object or file
  std::string reason;  // what is wrong and which figures it affects
  std::string kind;    // as it was added under
  bool operator==(const Problem&) const = default;
};

class Problems {
 public:
  // kind groups faults, in words that can follow a number: 'missing blobs'.
  void add(const std::string& kind, std::string record, std::string reason);
  // In the order found, and a line of totals for each kind that overflowed.
  std::vector<Problem> list() const;

  static constexpr std::size_t kKeptPerKind = 100;

 private:
  mutable std::mutex mutex_;
  std::vector<Problem> kept_;
  std::map<std::string, std::size_t> totals_;
};

}  // namespace resident::git
