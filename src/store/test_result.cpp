#include <algorithm>
#include <array>
#include <store/test_result.hpp>

namespace resident::ci {

namespace {

constexpr std::array<std::string_view, kOutcomes> kNames{"pass",  "fail",  "error",   "skip",  "xfail",
                                                         "xpass", "crash", "timeout", "flaky", "missing"};

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  return kNames.at(static_cast<std::size_t>(outcome));
}

std::optional<Outcome> outcome_of_name(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Outcome>(found - kNames.begin());
}

std::optional<Outcome> outcome_of_word(std::string_view word) {
  if (word == "passed" || word == "success") return Outcome::pass;
  if (word == "failed" || word == "failure") return Outcome::fail;
  if (word == "skipped") return Outcome::skip;
  return outcome_of_name(word);
}

bool is_failure(Outcome outcome) {
  return outcome == Outcome::fail || outcome == Outcome::error || outcome == Outcome::crash ||
         outcome == Outcome::timeout;
}

Outcome outcome_of(const std::vector<Outcome>& attempts) {
  if (attempts.empty()) return Outcome::missing;
  if (attempts.size() == 1) return attempts.front();
  const bool failed = std::any_of(attempts.begin(), attempts.end(), is_failure);
  const bool passed = std::find(attempts.begin(), attempts.end(), Outcome::pass) != attempts.end();
  return failed && passed ? Outcome::flaky : attempts.back();
}

}  // namespace resident::ci
