#include "simulate/simulate.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"
#include "simulate/simulation.hpp"

namespace resident {

SimulationSummary simulate(const SimulationOptions& options) {
  if (options.issues < 10 || options.issues > 10'000'000)
    throw Error(ErrorKind::usage, "the number of issues must be between 10 and 10,000,000");
  if (!(options.years >= 0.25 && options.years <= 50))
    throw Error(ErrorKind::usage, "the number of years must be between 0.25 and 50");
  if (options.end - static_cast<Timestamp>(options.years * kMeanYear) < 0)
    throw Error(ErrorKind::usage, "the simulation must begin after 1970");
  const Timestamp start = options.end - static_cast<Timestamp>(options.years * kMeanYear);
  if (options.resident_start && (*options.resident_start < start || *options.resident_start >= options.end))
    throw Error(ErrorKind::usage, "the resident must start between the begin and the end of the history");
  if (options.resident_effect && !(*options.resident_effect >= 0 && *options.resident_effect <= 10))
    throw Error(ErrorKind::usage, "the resident's effect must be between 0 and 10");
  std::error_code failure;
  std::filesystem::create_directories(options.directory, failure);
  if (failure) throw Error(fmt::format("cannot make {}: {}", options.directory.string(), failure.message()));
  if (!std::filesystem::is_empty(options.directory))
    throw Error(ErrorKind::usage, fmt::format("{} holds something already", options.directory.string()),
                "choose another directory, or empty that one first");
  return simulation::Simulation(options).run();
}

}  // namespace resident
