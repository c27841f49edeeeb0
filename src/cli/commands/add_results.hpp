// What `resident add results` takes besides the places: which run the reports are of.
#pragma once

#include <cli/command.hpp>
#include <cli/option_set.hpp>
#include <memory>
#include <sources/ci/results_source.hpp>
#include <string>
#include <vector>

namespace resident {

struct ResultOptions {
  ci::ResultsToAdd asked;
  std::string at, pull;

  bool any() const {
    return !asked.sha.empty() || !asked.branch.empty() || !asked.builder.empty() || !at.empty() || !pull.empty();
  }
  // Throws Error{usage} where a time or a number is none.
  ci::ResultsToAdd wanted(const std::vector<std::string>& places) const;
};

// --sha, --branch, --builder, --at, --pull.
std::shared_ptr<ResultOptions> add_result_run_options(OptionSet& app);

// Reads them into the project that was named, and says what came in.
int add_results_of(const Invocation& invocation, const ci::ResultsToAdd& asked);

}  // namespace resident
