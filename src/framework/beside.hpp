// Independent questions about a large project are answered side by side, each by a connection of its own, as many at
// once as there are processors. About a small one it is not worth a connection more.
#pragma once

#include <algorithm>
#include <base/parallel.hpp>
#include <framework/analysis.hpp>
#include <memory>
#include <vector>

namespace resident {

inline constexpr std::int64_t kManyItems = 20'000;  // from which on it is worth it

// Calls answer(context, piece) once for each piece, begun in this order. The same answers for any number of processors,
// as long as a piece touches nothing of another's. A store in memory is read by its own connection alone.
template <class Answer>
void answer_side_by_side(const Context& context, std::size_t pieces, const Answer& answer) {
  std::vector<std::unique_ptr<Database>> readers;
  if (pieces > 1 && processor_count() > 1 &&
      context.database.integer("SELECT count(*) FROM item WHERE project_id = :project",
                               {{"project", context.project_id}}) >= kManyItems)
    for (std::size_t i = 1; i < std::min<std::size_t>(processor_count(), pieces); ++i)
      if (auto reader = context.database.open_reader()) readers.push_back(std::move(reader));
  parallel_for(pieces, static_cast<unsigned>(readers.size() + 1), [&](unsigned worker, std::size_t piece) {
    if (worker == 0)
      answer(context, piece);
    else
      answer(context.through(*readers[worker - 1]), piece);
  });
}

}  // namespace resident
