// `impact`: did something change at a moment, say with the first day of a resident? The headline is calibrated by
// placebos (stats/placebo.hpp); what it takes in comes from the store or from a table.
#pragma once

#include <base/data_table.hpp>
#include <base/time.hpp>
#include <framework/analysis.hpp>
#include <stats/placebo.hpp>
#include <string>
#include <vector>

namespace resident {

struct ImpactSeries {
  std::vector<Timestamp> at;  // begin of each step
  std::vector<std::string> controls;
  std::string unit;  // "week", "day", "month", "step"
  std::vector<std::string> notes;
  stats::PlaceboQuestion question;
};

// Columns date, outcome (or else the second) and controls. Throws Error{usage} for what cannot be read as such.
ImpactSeries impact_series(const DataTable& table, Timestamp start, std::optional<Timestamp> end);

// The sentence, beginning with "An effect is shown", "No effect is shown" or "Nothing can be concluded".
std::string impact_conclusion(const stats::PlaceboAnswer& answer, const ImpactSeries& series);

struct Impact {
  ImpactSeries series;
  stats::PlaceboAnswer answer;
  std::string outcome;
  std::optional<stats::PlaceboAnswer> without_person;  // the person's own acts left out
};

// From the store. Arguments: start, end, person, outcome, window.
Impact impact_of(const Context& context);
// Shown without a store as well (from a table); `result` has what its context shares.
std::vector<Result> impact_results(const Impact& impact, const Result& result);

}  // namespace resident
