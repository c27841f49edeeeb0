// What reruns said of commits at which series changed (`resident bench confirm`), as the store has it.
#pragma once

#include <framework/analysis.hpp>
#include <map>
#include <string>

namespace resident {

struct SpeedConfirmation {
  std::string verdict;  // confirmed, refuted, open
  std::string series;
  Timestamp at = 0;
  double ratio = 1, low = 1, high = 1;  // after / before, with its 95 % interval
  double probability = 0;               // of the verdict
  std::int64_t runs = 0;

  bool is_refuted() const { return verdict == "refuted"; }
  // "14 reruns confirm it: 1.07 × [1.05–1.09]".
  std::string words() const;
};

// The newest of each commit, by its hash; as of the moment.
std::map<std::string, SpeedConfirmation> speed_confirmations(const Context& context);

}  // namespace resident
