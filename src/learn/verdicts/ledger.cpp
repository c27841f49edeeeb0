#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <learn/verdicts/ledger.hpp>

namespace resident::verdicts {

namespace {

// The causes of the newest failures, as far as they had come out by then.
std::vector<JudgedFailure> known_at(const std::vector<JudgedFailure>& said, std::size_t end, Timestamp now,
                                    const TruthAt& truth_at) {
  std::vector<JudgedFailure> known;
  std::size_t of_run = 0;
  for (std::size_t i = end; i-- > 0 && known.size() < kMostJudged;) {
    of_run = i + 1 < end && said[i + 1].run == said[i].run ? of_run + 1 : 1;
    if (of_run > kMostOfARun) continue;
    const auto truth = truth_at(said[i], now);
    if (!truth) continue;
    known.push_back(said[i]);
    known.back().truth = *truth;
  }
  return known;
}

}  // namespace

std::vector<ToldFailure> told_then(const std::vector<JudgedFailure>& said, Timestamp now, const TruthAt& truth_at) {
  std::vector<ToldFailure> told;
  Calibration calibration;
  constexpr std::size_t kFewest = kFewestToCalibrate;
  std::size_t next = kFewest;
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (i >= next && said[i].run != said[i - 1].run) {
      calibration = calibrate(known_at(said, i, said[i].at, truth_at));
      next = i + std::max(kFewest, std::min(i / 2, said.size() / 20));
    }
    if (const auto truth = truth_at(said[i], now)) {
      JudgedFailure failure = said[i];
      failure.truth = *truth;
      const double probability = calibration.of(failure);
      told.push_back({std::move(failure), probability});
    }
  }
  return told;
}

std::vector<ToldFailure> told_then(const Judge& judge, Timestamp now) {
  return told_then(judge.said(), now, [&](const JudgedFailure& failure, Timestamp then) {
    return judge.later_truth(failure.test, failure.run, then);
  });
}

Ledger ledger_of(const std::vector<ToldFailure>& told) {
  Ledger ledger;
  for (const auto& each : told) {
    const bool is_own = each.failure.truth == Blame::own;
    ++ledger.judged;
    ledger.own += is_own;
    ledger.excused += each.is_excused();
    ledger.wrongly_excused += is_own && each.is_excused();
  }
  return ledger;
}

bool Ledger::allows() const {
  return judged >= kFewestJudged && excused >= kFewestExcused &&
         static_cast<double>(wrongly_excused) <= kMostWronglyExcused * static_cast<double>(excused);
}

std::string Ledger::words() const {
  return fmt::format("{} judged backwards on this store, {} excused, {} of them wrongly", plural(judged, "failure"),
                     excused, wrongly_excused);
}

}  // namespace resident::verdicts
