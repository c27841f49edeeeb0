// How many will be open, week by week: learnt from when items came and went, and from
// nothing after the moment. Several ways foresee: no change (random walk), last year's change
// (seasonal naive), exponential smoothing of the count (ETS), and ageing: what is open now
// leaves by its age as others of that age left before, and new ones come as they came of
// late. Each is replayed at past origins, where it sees only what was known then, and so are its
// own errors, of which its bands are made; the one with the least CRPS there is used.
#pragma once

#include <base/time.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace resident {

struct OpenTime {
  Timestamp opened = 0;
  std::optional<Timestamp> closed;
};

struct BacklogWeek {
  Timestamp end = 0;  // of the week: the moment at which so many are open
  double mean = 0, low50 = 0, high50 = 0, low80 = 0, high80 = 0, low95 = 0, high95 = 0;
};

// How a way did at past origins, over all horizons together.
struct BacklogRecord {
  std::string way;
  double crps = 0, mean_absolute_error = 0;  // items
  double within80 = 0, within95 = 0;         // shares of what came that its bands held
};

struct BacklogForecast {
  std::string missing;                                // why there is none; then all else is empty
  std::vector<std::pair<Timestamp, double>> history;  // open at each week's end, the last at the moment
  std::vector<BacklogWeek> weeks;
  std::string way;                      // that was chosen
  std::vector<BacklogRecord> records;   // of all ways, best first
  std::int64_t origins = 0;             // replayed
  double arrivals = 0, departures = 0;  // a week, of late
};

// weeks: how far, 1 to 104. Deterministic.
BacklogForecast forecast_backlog(const std::vector<OpenTime>& items, Timestamp as_of, int weeks);

}  // namespace resident
