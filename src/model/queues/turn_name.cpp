#include <model/queues/turn.hpp>

namespace resident {

const char* turn_name(Turn turn) {
  static constexpr const char* kNames[] = {"author", "reviewer", "committer", "ci", "nobody"};
  return kNames[static_cast<std::size_t>(turn)];
}

}  // namespace resident
