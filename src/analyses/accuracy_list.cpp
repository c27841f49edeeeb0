// The list of backtests; a new one is a line here.
#include <fmt/format.h>

#include <analyses/accuracy.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {

extern const AccuracyTask turn_accuracy, reviewers_accuracy, duplicates_accuracy, labels_accuracy, facts_accuracy;

const std::vector<const AccuracyTask*>& accuracy_tasks() {
  static const std::vector<const AccuracyTask*> list{&turn_accuracy, &reviewers_accuracy, &duplicates_accuracy,
                                                     &labels_accuracy, &facts_accuracy};
  return list;
}

const AccuracyTask& find_accuracy_task(std::string_view name) {
  std::vector<std::string> names;
  for (const auto* task : accuracy_tasks()) {
    if (task->name == name) return *task;
    names.emplace_back(task->name);
  }
  const std::string nearest = near_miss(name, names);
  throw Error(ErrorKind::usage, fmt::format("there is no backtest called {}", one_line(name)),
              nearest.empty() ? "`resident accuracy` alone runs them all" : fmt::format("did you mean {}?", nearest));
}

}  // namespace resident
