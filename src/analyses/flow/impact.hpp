// `impact`: did something change at a moment, say with the first day of a resident? One headline, calibrated by
// placebos in time (stats/placebo.hpp); beside it what other designs say where the data permit them, and what cannot be
// concluded. What it takes in comes from the store or from a table.
#pragma once

#include <analyses/flow/impact_outcome.hpp>
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

// One way to answer. What the data do not permit has no figures, and `says` tells what would be needed.
struct ImpactDesign {
  std::string name, against;
  std::optional<double> effect = {}, low = {}, high = {}, p = {};  // shares, as the headline's where that is relative
  std::int64_t placebos = 0;
  std::string says = {};
};

// What was to be expected by a structural time series.
struct ImpactCourse {
  std::size_t start = 0, block = 1;         // block: means of so many steps
  std::vector<double> expected, low, high;  // since the start, a block each
  double effect = 0, effect_low = 0, effect_high = 0;
  bool is_relative = true;
  // The model's own interval over the headline's window: at how many of the moments at which nothing began it leaves
  // out 0.
  std::size_t claims = 0, moments = 0;
  double p = 1;  // the rank of the start among those moments, by the model's own measure
};

// What others did, or what came of the person's acts.
struct ImpactUnlocked {
  std::string what;
  std::int64_t n = 0;
  std::optional<double> expected = {}, observed = {}, change = {}, low = {}, high = {}, p = {};
  std::string says = {};
};

struct Impact {
  ImpactSeries series;
  stats::PlaceboAnswer answer;
  std::string outcome;
  std::optional<stats::PlaceboAnswer> without_person;  // the person's own acts left out
  std::optional<ImpactCourse> course;
  std::vector<ImpactDesign> designs;
  std::vector<ImpactUnlocked> unlocked;
  std::vector<std::string> cannot, record;  // what can't be concluded; what to begin to record
  bool is_check_moved = false;              // an outcome that should not have moved did
};

struct CoursePoint {
  Timestamp at = 0;
  double was = 0;
  std::optional<double> expected = {}, low = {}, high = {};  // nothing before the start
};
// The course as it is drawn: the year before and the time since, in the course's blocks.
std::vector<CoursePoint> course_points(const Impact& impact);
// What needs no store: the course, the designs over steps and controls, and what can't be concluded.
void complete_impact(Impact& impact);
// From the store. Arguments: start, end, person, outcome, window.
Impact impact_of(const Context& context);
// Shown without a store as well (from a table); `result` has what its context shares.
std::vector<Result> impact_results(const Impact& impact, const Result& result);

// The parts of the above (impact_designs.cpp, impact_acts.cpp).
std::optional<ImpactCourse> impact_course(const ImpactSeries& series, const stats::PlaceboAnswer& answer);
ImpactDesign design_of(const ImpactCourse& course);
// Units: a series each of the steps of `series`, the one asked about not among them.
ImpactDesign synthetic_design(const ImpactSeries& series, const std::vector<std::string>& names,
                              const std::vector<std::vector<double>>& units, const std::string& what);
struct ImpactPerson {
  std::int64_t person = 0;
  std::string name;
};
// By modules: those that the person worked on against those that they did not.
ImpactDesign module_design(const Context& context, const People& people, const ImpactPerson& person,
                           const Outcome& outcome, Timestamp start, Timestamp end);
// The same modules, together, against a mixture of those not worked on.
ImpactDesign synthetic_modules(const Context& context, const People& people, const ImpactPerson& person,
                               const Outcome& outcome, const ImpactWeeks& weeks, const ImpactSeries& series);
ImpactDesign dose_design(const Context& context, const People& people, const ImpactPerson& person,
                         const Outcome& outcome, const ImpactWeeks& weeks);
std::vector<ImpactUnlocked> impact_unlocked(const Context& context, const People& people, const ImpactPerson& person,
                                            const ImpactWeeks& weeks, Timestamp start, Timestamp end,
                                            std::size_t window);

}  // namespace resident
