// Which entries of a queue are wanted, and in which order: by a label, by who opened it, by age. The same for every
// queue, in the terminal and in a page's address; the queue as a whole is what its claim speaks of.
#pragma once

#include <framework/analysis.hpp>

namespace resident {

struct QueueChoice {
  enum class Order { rank, age, waiting };
  std::string label = {}, author = {};  // "": any; case does not matter
  std::int64_t older_days = 0;          // opened longer ago than that; 0: any
  Order order = Order::rank;

  bool narrows() const { return !label.empty() || !author.empty() || older_days > 0; }
  // labels: names after commas; age in seconds, nothing where it is not known.
  bool takes(const std::string& labels, const std::string& by, std::optional<std::int64_t> age) const;
  // "labelled bug, by ada, older than 30 days".
  std::string text() const;
};

// From the context's arguments label, author, older and sort. Throws Error{usage} for an age or an order that is none.
QueueChoice queue_choice(const Context& context);
// These, to declare beside a queue's own parameters.
std::vector<AnalysisParameter> with_queue_choice(std::vector<AnalysisParameter> own);
const std::vector<std::string_view>& queue_choice_names();

// Names of the columns that the choice looks at.
struct QueueChoiceColumns {
  std::string_view author, labels, age, waiting;
};
// Leaves the rows that are wanted, in the order that is, and notes how many of all they are. Throws Error{usage} where
// none is left because the project has no such label or person, with the nearest name.
void choose_rows(const Context& context, const QueueChoice& choice, const QueueChoiceColumns& columns, Result& queue);

}  // namespace resident
