#include <model/queues/leaving.hpp>

namespace resident {

void Leaving::said(Timestamp at, const Heard& heard) {
  if (heard.names_successor)
    standing_ = {Turn::author, at, "the author says that another takes its place"};
  else if (heard.gives_up && !heard.announces)
    standing_ = {Turn::committer, at, "the author will not go on with it: somebody else may, or it is closed"};
  else if (heard.says_ready || heard.announces)
    standing_.reset();
}

}  // namespace resident
