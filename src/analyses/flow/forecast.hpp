// `forecast`: how many issues or pull requests will be open, week by week. Shared by the analysis and the command,
// whose JSON is the list of weeks alone.
#pragma once

#include <framework/analysis.hpp>
#include <learn/backlog.hpp>

namespace resident {

// Arguments: kind (issue, pull), weeks (1 to 104; 13).
BacklogForecast forecast_of(const Context& context);

}  // namespace resident
