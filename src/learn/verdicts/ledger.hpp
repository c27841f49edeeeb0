// What verdicts would have been worth: every failure of a change whose cause came out later, with the verdict of the
// moment at which its run ended, calibrated on the causes that had come out by that moment. A gate excuses by its
// ledger alone.
#pragma once

#include <functional>
#include <learn/verdicts/verdict.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident::verdicts {

struct ToldFailure {
  JudgedFailure failure;
  double probability = 0;  // calibrated on what was known when its run ended, or somewhat before
  bool is_decided() const { return probability >= kDecided; }
  // Said to be somebody else's.
  bool is_excused() const { return is_decided() && failure.verdict.likeliest != Blame::own; }
};
// The failures whose cause came out by `now`, in order of time. What is learnt is learnt again from time to time, after
// half as many failures more and at least twenty times over all, from what was known at that moment alone.
std::vector<ToldFailure> told_then(const Judge& judge, Timestamp now);
// What a failure turned out to be, as it was known then.
using TruthAt = std::function<std::optional<Blame>(const JudgedFailure&, Timestamp then)>;
std::vector<ToldFailure> told_then(const std::vector<JudgedFailure>& said, Timestamp now, const TruthAt& truth_at);

struct Ledger {
  std::int64_t judged = 0, own = 0, excused = 0, wrongly_excused = 0;
  // At least 200 judged and 100 of them excused (of fewer, a single mistake is over 1 %, and none shows nothing), and
  // at most 1 % of those that were excused were the change's own.
  bool allows() const;
  std::string words() const;
};
inline constexpr std::int64_t kFewestJudged = 200;
inline constexpr std::int64_t kFewestExcused = 100;
inline constexpr double kMostWronglyExcused = 0.01;
Ledger ledger_of(const std::vector<ToldFailure>& told);

}  // namespace resident::verdicts
