// The project's year: weekends, vacations, sprint weeks, feature freezes and
// releases, and how long people wait for one another under them.
//
// Waits follow a Weibull hazard (shape below one: heavy tails) times the
// maintainers' attention on the day times the effect of the resident once
// started, so the ratio of hazards written to truth.json holds exactly.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "simulate/random.hpp"

namespace resident::simulation {

struct Release {
  std::string version;  // 1.4
  Timestamp freeze;     // from here to the release, features wait
  Timestamp at;
};

class Calendar {
 public:
  static constexpr double kWaitShape = 0.55;

  // resident_start: without it 18 months before the end, or after 70 % of the time.
  Calendar(Timestamp start, Timestamp end, std::optional<Timestamp> resident_start = {});

  Timestamp start() const { return start_; }
  Timestamp end() const { return end_; }
  Timestamp resident_start() const { return resident_start_; }

  // The maintainers' time on that day; about 1 on average.
  double attention(Timestamp time) const;
  // Count sorted moments at which an issue (or a pull request) is opened.
  std::vector<Timestamp> arrivals(Random& random, std::int64_t count, bool issues) const;

  // The first is 1.0, at the start.
  const std::vector<Release>& releases() const { return releases_; }
  bool frozen(Timestamp time) const;
  // The newest release at that time, and the one worked on.
  const Release& released(Timestamp time) const;
  std::string next_version(Timestamp time) const;

  // When somebody acts who, at attention 1 and factor 1, would need median_days;
  // the resident multiplies the hazard by ratio. Nothing if not before the end.
  std::optional<Timestamp> wait(Timestamp from, double median_days, double factor, double ratio, Random& random) const;

 private:
  std::size_t day_of(Timestamp time) const;
  Timestamp start_, end_, resident_start_;
  std::vector<double> attention_;      // per day
  std::vector<double> cumulative_;     // age boundary to age ^ shape
  std::vector<Timestamp> boundaries_;  // ages: hours for two days, then days
  std::vector<Release> releases_;
};

// A moment at the same UTC day at an hour when people work.
Timestamp working_hour(Timestamp day_start, double fraction);

}  // namespace resident::simulation
