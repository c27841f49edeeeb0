// The failures of builds and pull requests with whose they are: for `resident ci explain` and the readiness of a pull
// request.
#pragma once

#include <learn/verdicts/verdict.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace resident::verdicts {

// How far back runs are read.
inline constexpr Timestamp kHistory = 400 * kDay;

struct FoundFailure {
  std::int64_t test = 0, message_id = 0;
  std::size_t run = 0;
  ci::Outcome outcome = ci::Outcome::fail;
  Verdict verdict;
};

// Its own first, then what is not known, then the others'; the surest first.
std::vector<FoundFailure> failures_of(const TestRuns& runs, const Judge& judge, const std::vector<std::size_t>& of);
// The newest run of each configuration for the newest commit of that pull request which was tested.
std::vector<std::size_t> runs_of_pull(const TestRuns& runs, std::int64_t number);
// For one line: "2 its own (a, b), 1 flaky (c)"; "" where no run of its tests is known or nothing failed in the newest.
std::string failures_in_words(const Context& context, std::int64_t number);
// The same of several pull requests, of those alone that have something; the runs are read once.
std::map<std::int64_t, std::string> failures_in_words(const Context& context, const std::set<std::int64_t>& numbers);

}  // namespace resident::verdicts
