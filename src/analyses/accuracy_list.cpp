// The list of backtests; a new one is a line here.
#include <analyses/accuracy.hpp>

namespace resident {

extern const AccuracyTask reviewers_task;

const std::vector<const AccuracyTask*>& accuracy_tasks() {
  static const std::vector<const AccuracyTask*> list{&reviewers_task};
  return list;
}

}  // namespace resident
