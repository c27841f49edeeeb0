#include <fmt/format.h>

#include <base/text.hpp>
#include <learn/verdicts/ledger.hpp>

namespace resident::verdicts {

std::vector<ToldFailure> told_then(std::vector<JudgedFailure> judged) {
  constexpr std::size_t kParts = 10;
  std::vector<std::pair<double, bool>> pairs;
  pairs.reserve(judged.size());
  for (const auto& each : judged) pairs.emplace_back(each.raw(), each.is_right());
  std::vector<ToldFailure> told;
  told.reserve(judged.size());
  Calibration calibration;
  std::size_t of_part = kParts;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (const std::size_t part = i * kParts / judged.size(); part != of_part) {
      const auto learnt = pairs.begin() + static_cast<std::ptrdiff_t>(part * judged.size() / kParts);
      calibration = calibrate({pairs.begin(), learnt});
      of_part = part;
    }
    told.push_back({std::move(judged[i]), calibration.of(pairs[i].first)});
  }
  return told;
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
