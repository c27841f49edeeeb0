// What reruns said of commits at which series changed (`resident bench confirm`), as the store has it.
#pragma once

#include <map>
#include <model/benchmarks/stored.hpp>
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

// The reruns of an event. Those of one of the store's series speak of that one alone; those of anything else, of the
// commit.
struct EventConfirmation {
  bool is_refuted = false;  // the commit's newest, or those of every series that changed
  bool is_settled = false;  // refuted, or confirmed for the commit or one of its series
  std::string words;        // of each series that was rerun, "; " between them; "": none was
};

class SpeedConfirmations {
 public:
  // As of the context's moment; the newest of each series counts.
  explicit SpeedConfirmations(const Context& context);

  bool empty() const { return newest_.empty(); }
  EventConfirmation of(const SpeedEvent& event, const StoredBenchmarks& stored) const;

 private:
  std::map<std::string, std::map<std::string, SpeedConfirmation>> newest_;  // by hash and series
};

}  // namespace resident
